import type { OrderActivity } from "../../inventory/activity.ts";
import type { OrderFact } from "../../inventory/order-line.ts";
import type { Message } from "../connector.ts";
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
  const facts: OrderFact[] = ["sell", "cancel", "ship"];
  return facts
    .filter((fact) => line[fact] > 0)
    .map((fact) => ({
      fact,
      order: order.id,
      listing: line.sku,
      sku: line.sku,
      quantity: line[fact],
      at: Date.parse(fact === "sell" ? order.createdAt : order.updatedAt),
    }));
}
