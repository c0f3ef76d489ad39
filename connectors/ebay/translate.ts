import { z } from "zod";
import type { Activity, OrderActivity } from "../../inventory/activity.ts";
import type { Message } from "../connector.ts";
import { lineActivities } from "../line-activities.ts";
import { type KeptOrder, keptOrderSchema } from "./order.ts";
import { keptReturnSchema, RETURN_TOPIC } from "./return.ts";

/** Notifications that name an order and say too little of it: no SKU, no variation. */
export const POINTERS: ReadonlySet<string> = new Set(["ORDER_CONFIRMATION", "ITEM_MARKED_SHIPPED"]);

export const keptPointerSchema = z.object({ order: z.string() });

/** Cumulative facts per listing. Throws on a payload that is not ours. */
export function translate(message: Message): Activity[] {
  if (POINTERS.has(message.topic)) {
    keptPointerSchema.parse(message.payload);
    return [];
  }
  if (message.topic === RETURN_TOPIC) {
    return [{ fact: "return", ...keptReturnSchema.parse(message.payload) }];
  }
  const order = keptOrderSchema.parse(message.payload);
  return byListing(order).flatMap((line) => activitiesOf(order, line));
}

/** The order to ask for: one notification comes per line of it, and may come again. */
export function hint(message: Message): string[] {
  if (!POINTERS.has(message.topic)) return [];
  return [keptPointerSchema.parse(message.payload).order];
}

interface ListingLine {
  listing: string;
  sku: string;
  sell: number;
  cancel: number;
  ship: number;
}

/** Several lines of one listing are one: facts are told per listing. */
function byListing(order: KeptOrder): ListingLine[] {
  const lines = new Map<string, ListingLine>();
  for (const { listing, sku, quantity, shipped, cancelled } of order.lines) {
    const sum = lines.get(listing) ?? { listing, sku, sell: 0, cancel: 0, ship: 0 };
    sum.sell += quantity;
    sum.ship += shipped;
    sum.cancel += cancelled ? quantity - shipped : 0;
    lines.set(listing, sum);
  }
  return [...lines.values()];
}

function activitiesOf(order: KeptOrder, line: ListingLine): OrderActivity[] {
  const { id, createdAt: sell, updatedAt } = order;
  return lineActivities(id, line, { sell, cancel: updatedAt, ship: updatedAt });
}
