import { z } from "zod";
import type { ReturnActivity } from "../../inventory/activity.ts";
import { timestamp } from "../timestamp.ts";

/** What the product keeps of a return: what comes back, of which order, and how far it is. */
export const keptReturnSchema = z.object({
  return: z.string(),
  order: z.string(),
  status: z.string(),
  at: timestamp,
  lines: z.array(
    z.object({
      variant: z.string().nullable(),
      sku: z.string(),
      quantity: z.number().int().min(0),
      /** Units that somebody at the shop has had in hands and decided about. */
      processed: z.number().int().min(0),
    }),
  ),
});

export type KeptReturn = z.infer<typeof keptReturnSchema>;

/**
 * A return, told per listing. It moves no stock, not even where Shopify has put units back on its
 * own shelf: a person inspects what comes back before it is sold again.
 */
export function returnActivities(kept: KeptReturn): ReturnActivity[] {
  const lines = new Map<string, KeptReturn["lines"][number]>();
  for (const line of kept.lines) {
    const key = line.variant ?? `sku:${line.sku}`;
    const sum = lines.get(key) ?? { ...line, quantity: 0, processed: 0 };
    sum.quantity += line.quantity;
    sum.processed += line.processed;
    lines.set(key, sum);
  }
  return [...lines.values()]
    .filter((line) => line.quantity > 0)
    .map((line) => ({
      fact: "return",
      id: kept.return,
      order: kept.order,
      listing: line.variant ?? "",
      sku: line.sku,
      quantity: line.quantity,
      stage: stageOf(kept.status, line),
      at: Date.parse(kept.at),
    }));
}

function stageOf(status: string, line: KeptReturn["lines"][number]): ReturnActivity["stage"] {
  // Cancelled and declined: nothing will come. Closed: everything has.
  if (status === "CANCELED" || status === "DECLINED" || status === "CLOSED") return "closed";
  return line.processed >= line.quantity ? "arrived" : "announced";
}
