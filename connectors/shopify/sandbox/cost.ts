import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  isCompositeType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { Rate } from "../../pacer.ts";
import { ADMIN_SCHEMA } from "./schema.ts";

/** Points of a standard plan: https://shopify.dev/docs/api/usage/limits. */
export const POINTS: Rate = { perSecond: 100, burst: 2_000 };

/** A single operation may not ask for more. */
export const MAX_COST = 1_000;

const MUTATION_COST = 10;

/**
 * The requested cost of a document as Shopify counts it: an object is 1, a connection as many
 * times its content as `first` says, a mutation 10, scalars nothing.
 */
export function requestedCost(document: DocumentNode, variables: Record<string, unknown>): number {
  const types = new TypeInfo(ADMIN_SCHEMA);
  const factors: number[] = [1];
  let cost = 0;
  visit(
    document,
    visitWithTypeInfo(types, {
      OperationDefinition: (node) => {
        if (node.operation === "mutation") cost += MUTATION_COST;
      },
      Field: {
        enter(node) {
          const type = getNamedType(types.getType());
          const factor = factors.at(-1) ?? 1;
          const wrapper = type?.name.endsWith("Connection") || type?.name === "PageInfo";
          if (isCompositeType(type) && !wrapper) cost += factor * listSize(node, variables);
          factors.push(factor * listSize(node, variables));
        },
        leave: () => {
          factors.pop();
        },
      },
    }),
  );
  return cost;
}

/** How many objects a field may bring: its `first`, or the number of ids it was given. */
function listSize(node: FieldNode, variables: Record<string, unknown>): number {
  for (const argument of node.arguments ?? []) {
    const { value } = argument;
    if (argument.name.value === "first" && value.kind === "IntValue") return Number(value.value);
    const given = value.kind === "Variable" ? variables[value.name.value] : null;
    if (argument.name.value === "first" && typeof given === "number") return given;
    if (argument.name.value === "ids" && Array.isArray(given)) return Math.max(1, given.length);
  }
  return 1;
}
