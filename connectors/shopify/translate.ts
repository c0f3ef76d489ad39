import { z } from "zod";
import type { Activity, OrderActivity } from "../../inventory/activity.ts";
import type { Message } from "../connector.ts";
import { type LineFacts, lineActivities } from "../line-activities.ts";
import { cartActivities, keptCartSchema } from "./cart.ts";
import { keptHintSchema } from "./hint.ts";
import { keptReturnSchema, returnActivities } from "./kept-return.ts";
import { type KeptOrder, keptOrderSchema, removedUnits } from "./order.ts";

const keptSchema = z.union([
  keptOrderSchema.transform((order) => ({ kind: "order" as const, order })),
  keptReturnSchema.transform((back) => ({ kind: "return" as const, back })),
  keptCartSchema.transform((cart) => ({ kind: "cart" as const, cart })),
  keptHintSchema.transform(() => ({ kind: "hint" as const })),
]);

/** What a stored message says happened. Throws on a payload that is not ours. */
export function translateMessage(message: Message): Activity[] {
  const kept = keptSchema.parse(message.payload);
  switch (kept.kind) {
    case "order":
      return orderActivities(kept.order);
    case "return":
      return returnActivities(kept.back);
    case "cart":
      return cartActivities(kept.cart);
    case "hint":
      // What it points at is asked for, and becomes a message of its own.
      return [];
  }
}

/**
 * Cumulative facts per variant. A line's units are open, shipped or cancelled; what is neither
 * open nor shipped was cancelled. One that was refunded without going back on the shelf has left it
 * like one that was shipped: Shopify lowers what is on hand and leaves what is available, and so do
 * we. Returns are no fact here: what came back was shipped all the same.
 */
function orderActivities(order: KeptOrder): OrderActivity[] {
  // A test order (Shopify's bogus gateway) moves no goods.
  if (order.test) return [];
  return byListing(order).flatMap((line) => activitiesOf(order, line));
}

const NO_UNITS = { sell: 0, cancel: 0, ship: 0 };

/** Several lines of one variant are one: facts are told per listing. */
function byListing(order: KeptOrder): LineFacts[] {
  const lines = new Map<string, LineFacts>();
  for (const line of order.lines) {
    const listing = line.variant ?? "";
    // A line without a variant is known by its SKU alone.
    const key = line.variant ?? `sku:${line.sku}`;
    const sum = lines.get(key) ?? { listing, sku: line.sku, ...NO_UNITS };
    const removed = removedUnits({ ...line, open: order.cancelledAt === null ? line.open : 0 });
    const gone = Math.min(line.unrestocked, removed);
    sum.sell += line.quantity;
    // Counts only grow: a cancelled shipment was shipped, and then taken back.
    sum.ship += line.shipped + line.unshipped + gone;
    sum.unship = (sum.unship ?? 0) + line.unshipped;
    sum.cancel += removed - gone;
    lines.set(key, sum);
  }
  return [...lines.values()];
}

function activitiesOf(order: KeptOrder, line: LineFacts): OrderActivity[] {
  const { id, createdAt: sell, updatedAt, cancelledAt } = order;
  const told = { ...line, cart: order.cart ?? undefined };
  return lineActivities(id, told, {
    ...{ sell, cancel: cancelledAt ?? updatedAt, ship: updatedAt, unship: updatedAt },
  });
}
