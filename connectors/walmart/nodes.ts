import { z } from "zod";
import type { Account } from "../connector.ts";
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
  return account.settings.shipNode || null;
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
