import { type JudgedLine, judgeCounts } from "../../inventory/count.ts";
import type { CheckedRow } from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import type { Queryable } from "../../prisma/client.ts";
import { findItemsBySku } from "../../prisma/items.ts";
import { listLocations } from "../../prisma/locations.ts";
import { type SentCounts, takeCounts } from "../../prisma/snapshots.ts";
import { readCounts } from "../snapshot-lines.ts";
import type { QuantityChange } from "./quantities.ts";
import type { NextRows } from "./read-file.ts";

/** Kept with the batch that applies what a warehouse counted. */
export interface CountsOptions {
  snapshot: string;
}

export function isCounts(options: unknown): options is CountsOptions {
  return typeof options === "object" && options !== null && "snapshot" in options;
}

/**
 * The rows of a warehouse's counts (row C3): each sets what is sellable at its location. A count is
 * of units that are there. Units that are sold and not shipped are there too: what is promised of
 * them is kept apart from where they are, and is not touched.
 */
export async function nextCountRows(
  tx: Queryable,
  { shop }: BatchRow,
  { snapshot }: CountsOptions,
): Promise<NextRows | null> {
  const sent = await takeCounts(tx, shop, snapshot);
  if (!sent) return null;
  const { lines, broken } = await readCounts(sent.body, sent.csv);
  const [items, locations] = await Promise.all([
    findItemsBySku(
      tx,
      shop,
      lines.map(({ sku }) => sku),
    ),
    listLocations(tx, shop),
  ]);
  const codes = new Set(locations.map(({ code }) => code));
  const judged = judgeCounts(lines, {
    sku: (sku) => items.has(sku),
    location: (code) => codes.has(code),
  });
  const good = judged.map((line) => rowOf(line, items.get(line.sku)?.id, sent));
  const nothing = { sku: "", location: "", quantity: null };
  const bad = broken.map((one) => rowOf({ ...nothing, ...one }, undefined, sent));
  return { rows: [...good, ...bad], cursor: "0", total: lines.length + broken.length };
}

function rowOf(
  { line, sku, location, quantity, error }: JudgedLine,
  item: string | undefined,
  { countedAt, reason }: SentCounts,
): CheckedRow {
  if (error !== null || quantity === null || item === undefined) {
    const fix = "correct it and send it again";
    const problems = [{ column: "Count", why: error ?? "cannot be read", fix }];
    const change = { sku, location, to: quantity };
    return { line, state: "bad", key: null, change, problems };
  }
  const since = countedAt ? { since: countedAt.toISOString() } : {};
  const shelf = { sku, location, bucket: "sellable" as const, to: quantity };
  const change = { ...shelf, ...since, reason } satisfies QuantityChange;
  return { line, state: "ready", key: JSON.stringify([sku, location]), item, change };
}
