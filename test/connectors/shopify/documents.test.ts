import {
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isObjectType,
  isRequiredInputField,
  parse,
  validate,
} from "graphql";
import { expect, test } from "vitest";
import { gatheringQuery } from "../../../connectors/shopify/bulk.ts";
import * as documents from "../../../connectors/shopify/documents.ts";
import { SHOPIFY_LIMITS } from "../../../connectors/shopify/limits.ts";
import { MAX_COST, requestedCost } from "../../../connectors/shopify/sandbox/cost.ts";
import { ADMIN_SCHEMA } from "../../../connectors/shopify/sandbox/schema.ts";
import { adminSchema } from "../checks/shopify.ts";

const admin = adminSchema();
const gathering = gatheringQuery("gid://shopify/Location/1");
const named = Object.entries({ ...documents, GATHERING: gathering });

test.each(named)("F: %s is a document of the Admin API 2026-10", (_name, document) => {
  const schemas = [ADMIN_SCHEMA, ...(admin ? [admin] : [])];
  for (const schema of schemas) expect(validate(schema, parse(document))).toEqual([]);
});

test.each(Object.entries(documents))(
  "F: %s costs no more than one operation may",
  (_name, document) => {
    const ids = Array.from({ length: SHOPIFY_LIMITS.readBackBatch }, (_, n) => String(n));
    expect(requestedCost(parse(document), { ids })).toBeLessThanOrEqual(MAX_COST);
  },
);

test("F: a whole push of stale rows is read back in one call", () => {
  const ids = Array.from({ length: SHOPIFY_LIMITS.pushBatch }, (_, n) => String(n));
  const cost = requestedCost(parse(documents.RECORDED_QUANTITIES), { ids });
  expect(cost).toBeLessThanOrEqual(MAX_COST);
});

test("F: a bulk query asks for what a page asks for, and takes no variables", () => {
  expect(gathering).not.toContain("$");
  const fields = (text: string) => text.replaceAll(/"[^"]*"/g, "").match(/\b[a-z]\w+\b/gi) ?? [];
  const page = new Set([...fields(documents.LISTINGS), "edges", "node"]);
  expect(fields(gathering).filter((one) => !page.has(one))).toEqual([]);
  expect(() => gatheringQuery('gid://shopify/Location/1") { id } #')).toThrow();
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

test("F: the sandbox has no type, field, argument or shape that Shopify has not", () => {
  if (!admin) return expect(ADMIN_SCHEMA.getQueryType()).toBeDefined();
  const types = Object.values(ADMIN_SCHEMA.getTypeMap()).filter((one) => !isIntrospectionType(one));
  const troubles = types.flatMap((type) => {
    const real = realType(admin, type.name);
    if (!real) return [`no ${type.name}`];
    return hasFields(type) && hasFields(real) ? differences(type, real) : [];
  });
  expect(troubles).toEqual([]);
});

type WithFields = GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType;

function differences(type: WithFields, real: WithFields): string[] {
  const fields = real.getFields();
  const wrong = Object.entries(type.getFields()).flatMap(([name, field]) => {
    const known = fields[name];
    if (!known) return [`no ${type.name}.${name}`];
    const shapes = shape(field.type) === shape(known.type) ? [] : [`${type.name}.${name}: shape`];
    const real = argumentNames(known);
    const strange = argumentNames(field).filter((one) => !real.includes(one));
    return [...shapes, ...strange.map((one) => `no ${type.name}.${name}(${one})`)];
  });
  if (!isInputObjectType(type) || !isInputObjectType(real)) return wrong;
  const demanded = Object.values(real.getFields()).filter(isRequiredInputField);
  const missing = demanded.filter((one) => !type.getFields()[one.name]);
  return [...wrong, ...missing.map((one) => `${type.name} needs ${one.name}`)];
}

function argumentNames(field: GraphQLField<unknown, unknown> | GraphQLInputField): string[] {
  return "args" in field ? field.args.map((one) => one.name) : [];
}

/** Lists and nulls count; which text or number a leaf is does not. */
function shape(type: GraphQLType): string {
  const named = getNamedType(type);
  return String(type).replace(named.name, isLeafType(named) ? "leaf" : named.name);
}

function hasFields(type: unknown): type is WithFields {
  return isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
}

function realType(schema: GraphQLSchema, name: string) {
  if (name === "Query") return schema.getQueryType();
  return name === "Mutation" ? schema.getMutationType() : schema.getType(name);
}
