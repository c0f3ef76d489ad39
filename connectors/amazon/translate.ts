import type { OrderActivity } from "../../inventory/activity.ts";
import type { Message } from "../connector.ts";
import { lineActivities } from "../line-activities.ts";
import { type KeptOrder, keptOrderSchema } from "./order.ts";

/**
 * Cumulative facts per SKU. A pending order counts from first sight: its buyer has chosen, only
 * the payment is open, and it frees its units by being cancelled. Throws on a payload that is
 * not ours.
 */
export function translateOrder(message: Message): OrderActivity[] {
  const order = keptOrderSchema.parse(message.payload);
  return bySku(order).flatMap((line) => activitiesOf(order, line));
}

interface SkuLine {
  sku: string;
  sell: number;
  cancel: number;
  ship: number;
}

/** Several items of one SKU are one: facts are told per listing. */
function bySku(order: KeptOrder): SkuLine[] {
  const lines = new Map<string, SkuLine>();
  for (const { sku, quantity, shipped, cancelled } of order.lines) {
    const sum = lines.get(sku) ?? { sku, sell: 0, cancel: 0, ship: 0 };
    sum.sell += quantity;
    sum.ship += shipped;
    sum.cancel += cancelled ? Math.max(0, quantity - shipped) : 0;
    lines.set(sku, sum);
  }
  return [...lines.values()];
}

function activitiesOf(order: KeptOrder, line: SkuLine): OrderActivity[] {
  const { id, createdAt: sell, updatedAt } = order;
  const facts = { ...line, listing: line.sku };
  return lineActivities(id, facts, { sell, cancel: updatedAt, ship: updatedAt });
}
