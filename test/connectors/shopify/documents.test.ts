import {
  buildClientSchema,
  type GraphQLSchema,
  type IntrospectionQuery,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  parse,
  validate,
} from "graphql";
import { expect, test } from "vitest";
import * as documents from "../../../connectors/shopify/documents.ts";
import { SHOPIFY_LIMITS } from "../../../connectors/shopify/limits.ts";
import { MAX_COST, requestedCost } from "../../../connectors/shopify/sandbox/cost.ts";
import { ADMIN_SCHEMA } from "../../../connectors/shopify/sandbox/schema.ts";
import { readModel } from "../models.ts";

const model = readModel("shopify/admin_2026-10.json.gz") as
  | (IntrospectionQuery & { data?: IntrospectionQuery })
  | null;
const admin: GraphQLSchema | null = model ? buildClientSchema(model.data ?? model) : null;
const named = Object.entries(documents);

test.each(named)("F: %s is a document of the Admin API 2026-10", (_name, document) => {
  const schemas = [ADMIN_SCHEMA, ...(admin ? [admin] : [])];
  for (const schema of schemas) expect(validate(schema, parse(document))).toEqual([]);
});

test.each(named)("F: %s costs no more than one operation may", (_name, document) => {
  const ids = Array.from({ length: SHOPIFY_LIMITS.readBackBatch }, (_, n) => String(n));
  expect(requestedCost(parse(document), { ids })).toBeLessThanOrEqual(MAX_COST);
});

test("F: a document's cost counts objects, and connections by what they may bring", () => {
  const cost = (text: string) => requestedCost(parse(text), { n: 7 });
  expect(cost("{ productVariants(first: 10) { nodes { id } } }")).toBe(10);
  expect(cost("{ productVariants(first: 10) { nodes { inventoryItem { id } } } }")).toBe(20);
  expect(
    cost("{ orders(first: 2) { nodes { lineItems(first: 3) { nodes { variant { id } } } } } }"),
  ).toBe(2 + 2 * 3 * 2);
  expect(cost("query($n: Int) { orders(first: $n) { nodes { id } } }")).toBe(7);
});

test("F: the sandbox knows no type, field or argument that Shopify does not", () => {
  if (!admin) return expect(ADMIN_SCHEMA.getQueryType()).toBeDefined();
  const unknown: string[] = [];
  for (const type of Object.values(ADMIN_SCHEMA.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    const real = realType(admin, type.name);
    if (!real) unknown.push(type.name);
    if (!hasFields(type) || !hasFields(real)) continue;
    const fields = real.getFields();
    for (const [name, field] of Object.entries(type.getFields())) {
      if (!fields[name]) unknown.push(`${type.name}.${name}`);
      for (const argument of "args" in field ? field.args : []) {
        const known = fields[name];
        const args = known && "args" in known ? known.args : [];
        if (!args.some((one) => one.name === argument.name)) {
          unknown.push(`${type.name}.${name}(${argument.name})`);
        }
      }
    }
  }
  expect(unknown).toEqual([]);
});

function hasFields(type: unknown) {
  return isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
}

function realType(schema: GraphQLSchema, name: string) {
  if (name === "Query") return schema.getQueryType();
  return name === "Mutation" ? schema.getMutationType() : schema.getType(name);
}
