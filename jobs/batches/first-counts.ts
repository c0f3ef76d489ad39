import type { CheckedRow } from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import type { Queryable } from "../../prisma/client.ts";
import { countedItems, countSources, shownCounts } from "../../prisma/first-counts.ts";
import { bad } from "./kind.ts";
import type { QuantityChange } from "./quantities.ts";
import type { NextRows } from "./read-file.ts";

/**
 * Kept with a batch of first counts: how many units there are of items on the day their merchant
 * begins. What was counted before is not counted so again, until that count is taken back.
 */
export interface FirstCountOptions {
  firstCount: {
    location: string;
    /** Whose shown numbers are taken; null where the batch has a file, or what somebody typed. */
    connection: string | null;
  };
}

export function isFirstCount(options: unknown): options is FirstCountOptions {
  return typeof options === "object" && options !== null && "firstCount" in options;
}

/** Items looked at in one step. */
const PAGE = 1_000;

/** The next counts that a connection's listings say; null when there are no more. */
export async function nextShownRows(
  tx: Queryable,
  { shop, cursor, done }: BatchRow,
  location: string,
  connection: string,
): Promise<NextRows | null> {
  const shown = await shownCounts(tx, shop, connection, { after: cursor, limit: PAGE });
  const last = shown.at(-1);
  if (!last) return null;
  const rows = shown.map(({ item, sku, units }, at): CheckedRow => {
    const reason = "first count, as its channel showed";
    const change = {
      sku,
      location,
      bucket: "sellable",
      to: units,
      reason,
    } satisfies QuantityChange;
    return { line: done + at + 1, state: "ready", key: sku, item, change };
  });
  const next = { rows, cursor: last.item };
  if (cursor !== null) return next;
  const sources = await countSources(tx, shop);
  return { ...next, total: sources.find((one) => one.connection === connection)?.items ?? 0 };
}

/** Of checked rows, those of items that nobody has counted; the others are refused. */
export async function onlyUncounted(
  tx: Queryable,
  shop: string,
  rows: readonly CheckedRow[],
): Promise<CheckedRow[]> {
  const named = rows.flatMap(({ item }) => item ?? []);
  const counted = await countedItems(tx, shop, named);
  return rows.map((row) => {
    if (row.state !== "ready" || !row.item) return row;
    if (counted.has(row.item)) return bad(row, [COUNTED]);
    // Nobody has to move nothing.
    return (row.change as QuantityChange).to === 0 ? { ...row, state: "same" } : row;
  });
}

/** Why an item is not counted as if it were new. */
export const COUNTED = {
  column: "SKU",
  why: "was counted before",
  fix: "adjust it on its own page, or take its first count back",
};
