import { Ajv, type ErrorObject } from "ajv";
import addFormats from "ajv-formats";
import { jsonOf } from "../checks/json.ts";
import { readModel } from "../models.ts";

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
}

interface Content {
  content?: Record<string, { schema: object }>;
}

interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

interface OpenApi {
  servers: { variables: { basePath: { default: string } } }[];
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, { properties?: Record<string, object> }> };
}

/** What a call did wrong by eBay's own model: empty = nothing. */
export type Check = (request: Request, response: Response) => Promise<string[]>;

const FILES = [
  "sell_inventory_v1",
  "sell_fulfillment_v1",
  "commerce_notification_v1",
  "return",
].map((name) => `ebay/${name}_oas3.json`);

/** Checks whole REST calls against eBay's models; null where they are absent. */
export function ebayModel(): Check | null {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  // The model says int32; that is no format of JSON Schema.
  const known = FILES.map((name) => readModel(name) as OpenApi | null).filter(
    (one) => one !== null,
  );
  if (known.length < FILES.length) return null;
  known.forEach(amend);
  known.forEach((model, at) => {
    ajv.addSchema({ $id: `model:${at}`, components: model.components ?? {} });
  });
  return async (request, response) => {
    const [match] = known.flatMap((model, at) => operationsOf(model, request, at));
    if (!match) return [`no operation for ${request.method} ${request.url}`];
    const { operation, at } = match;
    const validate = (of: Content | undefined, value: unknown, what: string) => {
      const schema = of?.content?.["application/json"]?.schema;
      if (!schema) return [];
      const check = compiled(ajv, schema, at);
      return check(value) ? [] : (check.errors ?? []).map((error) => said(what, error));
    };
    const [asked, told] = await Promise.all([jsonOf(request), jsonOf(response)]);
    const answer = operation.responses[String(response.status)];
    return [
      ...queryTrouble(operation, request),
      ...validate(operation.requestBody, asked, "request"),
      // 401, 403, 429 and 503 are of all calls, and of no model.
      ...(answer || [401, 403, 429, 503].includes(response.status)
        ? []
        : [`${operation.operationId} has no response ${response.status}`]),
      ...validate(answer, told, `response ${response.status}`),
    ];
  };
}

function operationsOf(model: OpenApi, request: Request, at: number) {
  const { pathname } = new URL(request.url);
  const base = model.servers[0]?.variables.basePath.default ?? "";
  if (!pathname.startsWith(`${base}/`)) return [];
  const fits = (path: string) =>
    new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(pathname.slice(base.length));
  const method = request.method.toLowerCase();
  // A path written out comes before one with a name in it.
  const [path] = Object.keys(model.paths)
    .filter((one) => fits(one) && model.paths[one]?.[method])
    .sort((a, b) => a.split("{").length - b.split("{").length);
  const operation = path ? model.paths[path]?.[method] : undefined;
  return operation ? [{ operation, at }] : [];
}

/**
 * What a destination answers is a text in this model (1.2.0), but an object where it is created, in
 * eBay's own samples and in what it sends: the object is right, and checked as one.
 */
function amend({ components }: OpenApi): void {
  const { Destination } = components?.schemas ?? {};
  const config = { $ref: "#/components/schemas/DeliveryConfig" };
  if (Destination?.properties?.deliveryConfig) Destination.properties.deliveryConfig = config;
}

const checks = new WeakMap<object, ReturnType<Ajv["compile"]>>();

/** Each schema once: a battery asks for the same ones a hundred times. */
function compiled(ajv: Ajv, schema: object, at: number): ReturnType<Ajv["compile"]> {
  const known = checks.get(schema) ?? ajv.compile(inModel(schema, at) as object);
  checks.set(schema, known);
  return known;
}

/** References stay inside the model they come from. */
function inModel(schema: unknown, at: number): unknown {
  if (Array.isArray(schema)) return schema.map((one) => inModel(one, at));
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, value]) => [
    name,
    name === "$ref" && typeof value === "string" ? `model:${at}${value}` : inModel(value, at),
  ]);
  return Object.fromEntries(entries);
}

/** The Post-Order model has no parameters at all. */
function queryTrouble(operation: Operation, request: Request): string[] {
  const { parameters } = operation;
  if (!parameters) return [];
  const query = new URL(request.url).searchParams;
  const has = (one: Parameter) =>
    one.in === "query" ? query.has(one.name) : request.headers.has(one.name);
  const missing = parameters
    .filter((one) => one.required && one.in !== "path" && !has(one))
    .map((one) => `${one.in} ${one.name} is missing`);
  const strange = [...query.keys()]
    .filter((name) => !parameters.some((one) => one.in === "query" && one.name === name))
    .map((name) => `query ${name} is not known`);
  return [...missing, ...strange];
}

const said = (what: string, error: ErrorObject) =>
  `${what} ${error.instancePath || "/"} ${error.message ?? ""}`;
