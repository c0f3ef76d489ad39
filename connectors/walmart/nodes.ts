import { z } from "zod";
import { placeChoice } from "../../inventory/stock-place.ts";
import type { Account, StockPlaces } from "../connector.ts";
import { asFailure, type WalmartClient } from "./client.ts";
import { id, listOf, units } from "./quantity.ts";

const amount = z.object({ amount: units });

/**
 * Stock at one ship node. `inputQty` is what was set and includes what is sold and not yet
 * shipped (`reservedQty`); buyers are shown the difference.
 */
const nodeSchema = z.object({
  shipNode: id,
  inputQty: amount.nullish(),
  availToSellQty: amount.nullish(),
  reservedQty: amount.nullish(),
});

export type ShipNode = z.infer<typeof nodeSchema>;

export const inventorySchema = z.object({
  sku: z.string(),
  nodes: listOf(nodeSchema).nullish(),
});

/** The ship node whose stock is the merchant's here; null = Walmart's default for the seller. */
export function nodeOf(account: Account): string | null {
  return placeChoice(account).told ?? (account.settings.shipNode || null);
}

/** The ship nodes a push is about: the told one and those kept at 0. Null: Walmart's default alone. */
export function nodesOf(account: Account): { told: string; emptied: string[] } | null {
  const told = nodeOf(account);
  return told === null ? null : { told, emptied: placeChoice(account).emptied };
}

const centersSchema = listOf(
  z.object({
    shipNode: id,
    shipNodeName: z.string().nullish(),
    status: z.string().nullish(),
    nodeType: z.string().nullish(),
  }),
);

/** The one every seller has by himself, and which Walmart takes where none is named. */
const VIRTUAL = "VIRTUAL";

/**
 * The seller's ship nodes, which Walmart's pages call fulfilment centres. What Walmart keeps (WFS)
 * and what a service ships is told by its type.
 * https://developer.walmart.com/us-marketplace/reference/getallfulfillmentcenters
 */
export async function listNodes(client: WalmartClient, account: Account): Promise<StockPlaces> {
  const { shipNode } = account.settings;
  const answer = await client.run(centersSchema, {
    ...{ method: "GET", path: "/v3/settings/shipping/shipnodes", kind: "read", name: null },
  });
  // A seller who never set one up has Walmart's default alone.
  if (answer.outcome === "refused" && answer.status === 404) {
    return { outcome: "places", places: [] };
  }
  if (answer.outcome === "refused") return asFailure(answer);
  if (answer.outcome !== "answered") return answer;
  const places = answer.data.map((one) => ({
    ...{ id: one.shipNode, name: one.shipNodeName ?? one.shipNode },
    ...{
      main: shipNode ? one.shipNode === shipNode : one.nodeType === VIRTUAL,
      unusable: whyNot(one),
    },
  }));
  return { outcome: "places", places: places.sort((a, b) => Number(b.main) - Number(a.main)) };
}

function whyNot({ status, nodeType }: z.infer<typeof centersSchema>[number]): string | null {
  if (/WFS|WALMART/i.test(nodeType ?? "")) return "Walmart counts what it ships itself.";
  return /^inactive$/i.test(status ?? "") ? "It is switched off in Seller Center." : null;
}

/**
 * What buyers can buy: at the named node, so that it can be compared with what was pushed there;
 * without one, at all of them. Null when nothing is known.
 */
export function buyable(nodes: readonly ShipNode[], named: string | null): number | null {
  const counted = nodes.filter((node) => named === null || node.shipNode === named);
  const known = counted.map(buyableAt).filter((units) => units !== null);
  return known.length === 0 ? null : known.reduce((sum, units) => sum + units, 0);
}

function buyableAt({ inputQty, availToSellQty, reservedQty }: ShipNode): number | null {
  if (availToSellQty) return Math.max(0, availToSellQty.amount);
  if (!inputQty) return null;
  return Math.max(0, inputQty.amount - (reservedQty?.amount ?? 0));
}
