import { z } from "zod";
import type { PushLine, PushResult } from "../connector.ts";
import type { EbayClient } from "./client.ts";
import { refusalOf } from "./trading.ts";

const errorSchema = z.object({
  errorId: z.number(),
  message: z.string().optional(),
  longMessage: z.string().optional(),
});

const responseSchema = z.object({
  responses: z.array(
    z.object({
      sku: z.string().optional(),
      offerId: z.string().optional(),
      statusCode: z.number().int(),
      errors: z.array(errorSchema).optional(),
    }),
  ),
});

type Row = z.infer<typeof responseSchema>["responses"][number];

/** "A system error has occurred." */
const SYSTEM_ERROR = 25001;

/** Sets listings of the Inventory model: 200, or 207 where rows fared differently. */
export async function bulkUpdate(
  client: EbayClient,
  lines: readonly PushLine[],
): Promise<PushResult[]> {
  const answer = await client.rest({ kind: "write", schema: responseSchema }, (api) =>
    api.sell.inventory.bulkUpdatePriceQuantity({ requests: lines.map(rowOf) }),
  );
  if (answer.outcome === "answered") {
    const rows = answer.data?.responses ?? [];
    return lines.map((line) => verdict(line, rows, client.now()));
  }
  if (answer.outcome !== "not-supported") return lines.map(() => answer);
  const [alone] = lines;
  if (lines.length === 1 && alone) return [{ outcome: "rejected", why: answer.why }];
  // A whole call is refused for one bad row, or because it has more than one: halve it.
  const half = Math.ceil(lines.length / 2);
  const first = await bulkUpdate(client, lines.slice(0, half));
  return [...first, ...(await bulkUpdate(client, lines.slice(half)))];
}

/**
 * Both numbers: what the offer shows overrides what the item has to ship, and a later change of
 * the item must not bring back another one.
 */
function rowOf({ handle, quantity }: PushLine) {
  return {
    sku: handle.sku,
    shipToLocationAvailability: { quantity },
    offers: [{ offerId: handle.offerId, availableQuantity: quantity }],
  };
}

/** The item and its offer may be answered in one row or in two: all have to be well. */
function verdict(line: PushLine, rows: readonly Row[], now: number): PushResult {
  const { sku, offerId } = line.handle;
  const own = rows.filter(
    (row) =>
      (row.offerId ?? row.sku) !== undefined &&
      (row.offerId ?? offerId) === offerId &&
      (row.sku ?? sku) === sku,
  );
  if (own.length === 0) return { outcome: "unknown", why: "eBay answered without this row" };
  const bad = own.find((row) => row.statusCode >= 300 || (row.errors ?? []).length > 0);
  if (!bad) return { outcome: "accepted" };
  const [error] = bad.errors ?? [];
  const message = error?.longMessage ?? error?.message ?? `status ${bad.statusCode}`;
  const why = `${error?.errorId ?? ""} ${message}`.trim();
  // The item may have been set and its offer not: only a read-back says.
  if (error?.errorId === SYSTEM_ERROR || bad.statusCode >= 500) return { outcome: "unknown", why };
  return refusalOf({ code: String(error?.errorId ?? bad.statusCode), message }, now);
}
