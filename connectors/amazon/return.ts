import { createHash } from "node:crypto";
import { z } from "zod";
import type { ReturnActivity } from "../../inventory/activity.ts";
import type { Message } from "../connector.ts";
import type { Row } from "./reports.ts";

export const RETURN_TOPIC = "RETURN_REPORTED";

/** What the product keeps of a return: one SKU of one authorization. */
export const keptReturnSchema = z.object({
  id: z.string().min(1),
  order: z.string().min(1),
  sku: z.string().min(1),
  quantity: z.number().int().min(1),
  stage: z.enum(["announced", "arrived", "closed"]),
  at: z.number(),
});

export type KeptReturn = z.infer<typeof keptReturnSchema>;

/** Pure; throws on a payload that is not ours. */
export function translateReturn(message: Message): ReturnActivity[] {
  const { sku, ...rest } = keptReturnSchema.parse(message.payload);
  return [{ fact: "return", ...rest, listing: sku, sku }];
}

/**
 * A row of GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE for what the product keeps, without reason,
 * label and price. Null for a request that Amazon has not authorized: it has no number yet.
 */
export function keepReturn(row: Row): KeptReturn | null {
  const delivered = dateOf(row["return-delivery-date"]);
  const kept = keptReturnSchema.safeParse({
    id: row["amazon-rma-id"],
    order: row["order-id"],
    sku: row["merchant-sku"],
    quantity: Number(row["return-quantity"]),
    stage: stageOf(row["return-request-status"] ?? "", delivered),
    at: delivered ?? dateOf(row["return-request-date"]) ?? 0,
  });
  return kept.success ? kept.data : null;
}

/**
 * The values of the status are written nowhere. What was delivered is here, whatever else is said
 * of it; a word that ends a request ends it; all others leave it open.
 */
function stageOf(status: string, delivered: number | null): KeptReturn["stage"] {
  if (delivered !== null) return "arrived";
  return /clos|cancel|den|declin|reject|complet/i.test(status) ? "closed" : "announced";
}

/** Days as Amazon writes them: 05-Nov-2026, or with a time behind a T. */
function dateOf(text: string | undefined): number | null {
  if (!text) return null;
  const at = Date.parse(text.includes("T") ? text : `${text} UTC`);
  return Number.isNaN(at) ? null : at;
}

/** One message per SKU of an authorization; named by what it says, so that it is stored once. */
export function returnMessages(rows: readonly Row[]): Message[] {
  const sums = new Map<string, KeptReturn>();
  for (const kept of rows.map(keepReturn)) {
    if (!kept) continue;
    const key = JSON.stringify([kept.id, kept.sku]);
    const before = sums.get(key);
    sums.set(key, before ? { ...kept, quantity: before.quantity + kept.quantity } : kept);
  }
  return [...sums.values()].map((payload) => {
    const digest = createHash("sha256").update(JSON.stringify(payload)).digest("hex");
    const externalId = `return/${payload.id}/${digest.slice(0, 24)}`;
    return { externalId, topic: RETURN_TOPIC, payload };
  });
}
