import { isDeepStrictEqual } from "node:util";
import {
  buildClientSchema,
  executeSync,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type IntrospectionQuery,
  Kind,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { z } from "zod";
import { readModel } from "../models.ts";
import { jsonOf } from "./json.ts";
import type { CheckCall } from "./registry.ts";

/** Shopify's whole Admin API 2026-10; null where its model is absent. */
export function adminSchema(): GraphQLSchema | null {
  const model = readModel("shopify/admin_2026-10.json.gz") as
    | (IntrospectionQuery & { data?: IntrospectionQuery })
    | null;
  return model ? buildClientSchema(model.data ?? model) : null;
}

const askedSchema = z.strictObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

const toldSchema = z.object({ data: z.record(z.string(), z.unknown()).nullish() });

/** The document, its variables, and the answer as the document's own selection of the schema. */
export function shopifyCheck(): CheckCall | null {
  const schema = adminSchema();
  if (!schema) return null;
  return async (request, response) => {
    if (!request.url.includes("/graphql.json")) return [];
    const asked = askedSchema.safeParse(await jsonOf(request));
    if (!asked.success) return [`request ${z.prettifyError(asked.error)}`];
    const document = parse(asked.data.query);
    const invalid = validate(schema, document, specifiedRules);
    const operation = getOperationAST(document);
    if (invalid.length > 0 || !operation) return invalid.map((one) => `request ${one.message}`);
    const variables = asked.data.variables ?? {};
    const given = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    const declared = operation.variableDefinitions?.map((one) => one.variable.name.value) ?? [];
    const strange = Object.keys(variables).filter((name) => !declared.includes(name));
    return [
      ...(given.errors ?? []).map((one) => `variables ${one.message}`),
      ...strange.map((name) => `variables ${name} is not declared`),
      ...answerTroubles(schema, document, variables, await jsonOf(response)),
    ];
  };
}

interface Told {
  __typename?: string;
  id?: string;
}

/** A gid names its type; where it was not asked for, the document asks for one type alone. */
function typeIn({ id }: Told, { fieldNodes }: GraphQLResolveInfo): string | undefined {
  const asked = fieldNodes
    .flatMap((field) => field.selectionSet?.selections ?? [])
    .filter((one) => one.kind === Kind.INLINE_FRAGMENT)
    .map((one) => one.typeCondition?.name.value);
  return id?.split("/").at(-2) ?? (asked.length === 1 ? asked[0] : undefined);
}

/** Executing the document over its own answer finds nulls, lists and values that cannot be. */
function answerTroubles(
  schema: GraphQLSchema,
  document: ReturnType<typeof parse>,
  variableValues: Record<string, unknown>,
  told: unknown,
): string[] {
  const { data } = toldSchema.safeParse(told).data ?? {};
  if (!data) return [];
  const again = executeSync({
    schema,
    document,
    variableValues,
    rootValue: data,
    fieldResolver: (source: Record<string, unknown>, _args, _context, { path }) => source[path.key],
    typeResolver: (source: Told, _context, info) => source.__typename ?? typeIn(source, info),
  });
  if (again.errors)
    return again.errors.map((one) => `response ${one.path?.join(".")}: ${one.message}`);
  const same = isDeepStrictEqual(JSON.parse(JSON.stringify(again.data)), data);
  return same ? [] : ["response has more, less or other values than were asked for"];
}
