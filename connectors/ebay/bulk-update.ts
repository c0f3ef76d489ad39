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
/** The item's number would be less than what an auction of the same SKU has put aside. */
const BELOW_AUCTION = 25759;

/** How a line is written as a row of the call. */
type Writing = (line: PushLine) => object;

/**
 * Sets listings of the Inventory model: 200, or 207 where rows fared differently. Where an auction
 * keeps the item's number up, the offer's alone is set: that is the one that buyers see.
 */
export async function bulkUpdate(
  client: EbayClient,
  lines: readonly PushLine[],
): Promise<PushResult[]> {
  const results = await send(client, lines, withItem);
  const kept = [...lines.entries()].filter(([at]) => isBelowAuction(results[at]));
  if (kept.length === 0) return results;
  const again = await send(
    client,
    kept.map(([, line]) => line),
    offerAlone,
  );
  kept.forEach(([at], place) => {
    results[at] = again[place] ?? LEFT_OUT;
  });
  return results;
}

const isBelowAuction = (result: PushResult | undefined) =>
  result?.outcome === "rejected" && result.why.startsWith(`${BELOW_AUCTION} `);

const LEFT_OUT: PushResult = { outcome: "unknown", why: "eBay answered without this row" };

async function send(
  client: EbayClient,
  lines: readonly PushLine[],
  write: Writing,
): Promise<PushResult[]> {
  const answer = await client.rest({ kind: "write", schema: responseSchema }, (api) =>
    api.sell.inventory.bulkUpdatePriceQuantity({ requests: lines.map(write) }),
  );
  if (answer.outcome === "answered") {
    const rows = answer.data?.responses ?? [];
    return lines.map((line) => verdict(line, rows, client.now()));
  }
  if (answer.outcome !== "not-supported") return lines.map(() => answer);
  if (lines.length === 1) return [{ outcome: "rejected", why: answer.why }];
  // A whole call is refused for one bad row, or because it has more than one: halve it.
  const half = Math.ceil(lines.length / 2);
  const first = await send(client, lines.slice(0, half), write);
  return [...first, ...(await send(client, lines.slice(half), write))];
}

const offerAlone = ({ handle, quantity }: PushLine) => ({
  offers: [{ offerId: handle.offerId, availableQuantity: quantity }],
});

/**
 * Both numbers: what the offer shows overrides what the item has to ship, and a later change of
 * the item must not bring back another one.
 */
const withItem: Writing = (line) => ({
  sku: line.handle.sku,
  shipToLocationAvailability: { quantity: line.quantity },
  ...offerAlone(line),
});

/** The item and its offer may be answered in one row or in two: all have to be well. */
function verdict(line: PushLine, rows: readonly Row[], now: number): PushResult {
  const { sku, offerId } = line.handle;
  const own = rows.filter(
    (row) =>
      (row.offerId ?? row.sku) !== undefined &&
      (row.offerId ?? offerId) === offerId &&
      (row.sku ?? sku) === sku,
  );
  if (own.length === 0) return LEFT_OUT;
  const bad = own.find((row) => row.statusCode >= 300 || (row.errors ?? []).length > 0);
  if (!bad) return { outcome: "accepted" };
  const [error] = bad.errors ?? [];
  const message = error?.longMessage ?? error?.message ?? `status ${bad.statusCode}`;
  const why = `${error?.errorId ?? ""} ${message}`.trim();
  // The item may have been set and its offer not: only a read-back says.
  if (error?.errorId === SYSTEM_ERROR || bad.statusCode >= 500) return { outcome: "unknown", why };
  return refusalOf({ code: String(error?.errorId ?? bad.statusCode), message }, now);
}
