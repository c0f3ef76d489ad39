import type { Activity, OrderActivity, ReturnActivity } from "../../inventory/activity.ts";
import type { Message } from "../connector.ts";
import { payloadSchema } from "./message.ts";
import type { KeptOrder } from "./order.ts";
import type { KeptReturn } from "./return.ts";

/**
 * Cumulative facts per SKU, and what is known of a return. A message that only points at an order
 * says nothing by itself. Throws on a payload that is not ours.
 */
export function translate(message: Message): Activity[] {
  const payload = payloadSchema.parse(message.payload);
  if ("order" in payload) return orderActivities(payload.order);
  return "back" in payload ? returnActivities(payload.back) : [];
}

const COUNTERS = { sell: "quantity", cancel: "cancelled", ship: "shipped" } as const;
const FACTS = ["sell", "cancel", "ship"] as const;

function orderActivities(order: KeptOrder): OrderActivity[] {
  return order.lines.flatMap((line) =>
    FACTS.filter((fact) => line[COUNTERS[fact]] > 0).map((fact) => ({
      fact,
      order: order.id,
      listing: line.listing,
      sku: line.sku,
      quantity: line[COUNTERS[fact]],
      at: fact === "sell" ? order.createdAt : order.updatedAt,
    })),
  );
}

function returnActivities({ id, order, stage, updatedAt, lines }: KeptReturn): ReturnActivity[] {
  return lines.map((line) => ({ fact: "return", id, order, ...line, stage, at: updatedAt }));
}
