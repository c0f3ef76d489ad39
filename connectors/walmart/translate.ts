import type { Activity, OrderActivity, ReturnActivity } from "../../inventory/activity.ts";
import type { Message } from "../connector.ts";
import { keptSchema } from "./message.ts";
import type { KeptOrder } from "./order.ts";
import type { KeptReturn } from "./return.ts";

/**
 * Cumulative facts per SKU. An order counts from "Created" on: to acknowledge it is the merchant's
 * business, and changes nothing of what is owed. Throws on a payload that is not ours.
 */
export function translateMessage(message: Message): Activity[] {
  const kept = keptSchema.parse(message.payload);
  switch (kept.kind) {
    case "order":
      return bySku(kept.order).flatMap((line) => orderFacts(kept.order, line));
    case "return":
      return returnFacts(kept.back);
    case "look":
      return [];
  }
}

/** Orders and returns that a message only points at. */
export function hintOf(message: Message): string[] {
  const kept = keptSchema.parse(message.payload);
  return kept.kind === "look" ? kept.at : [];
}

interface SkuLine {
  sku: string;
  sell: number;
  cancel: number;
  ship: number;
}

/** Walmart often writes a line per unit: facts are told per listing. */
function bySku(order: KeptOrder): SkuLine[] {
  const lines = new Map<string, SkuLine>();
  for (const { sku, quantity, shipped, cancelled } of order.lines) {
    const sum = lines.get(sku) ?? { sku, sell: 0, cancel: 0, ship: 0 };
    sum.sell += quantity;
    sum.ship += shipped;
    sum.cancel += cancelled;
    lines.set(sku, sum);
  }
  return [...lines.values()];
}

function orderFacts(order: KeptOrder, line: SkuLine): OrderActivity[] {
  const facts = ["sell", "cancel", "ship"] as const;
  return facts
    .filter((fact) => line[fact] > 0)
    .map((fact) => ({
      fact,
      order: order.id,
      listing: line.sku,
      sku: line.sku,
      quantity: line[fact],
      at: fact === "sell" ? order.createdAt : order.updatedAt,
    }));
}

const STAGES = ["announced", "arrived", "closed"] as const;

/** Several lines of one SKU are one, as far as the one that has come least far. */
function returnFacts(back: KeptReturn): ReturnActivity[] {
  const facts = new Map<string, ReturnActivity>();
  for (const { order, sku, quantity, stage, at } of back.lines) {
    const key = `${order}/${sku}`;
    const known = facts.get(key);
    const units = quantity + (known?.quantity ?? 0);
    const least = STAGES.find((one) => one === stage || one === known?.stage) ?? stage;
    facts.set(key, {
      ...{ fact: "return", id: back.id, order, listing: sku, sku },
      ...{ quantity: units, stage: least, at: Math.max(at, known?.at ?? at) },
    });
  }
  return [...facts.values()].filter(({ quantity }) => quantity > 0);
}
