import { assert } from "../../inventory/assert.ts";
import type { Database } from "../../prisma/client.ts";
import { ensureItems, findItemsBySku, type NewItem } from "../../prisma/items.ts";
import { type SalesRow, storeSales } from "../../prisma/sales.ts";
import { FileSummary } from "./file-summary.ts";
import { type OrderFile, openOrderFile } from "./read-orders.ts";
import type { Problem, ReadOptions } from "./row.ts";
import type { SalesLine } from "./sales-line.ts";
import { UnreadableFile } from "./source.ts";
import { TitleCount } from "./title-count.ts";

/** How far an import has come. */
export interface ImportProgress {
  step: "checking" | "storing";
  rows: number;
  /** 0..1 of the file. */
  done: number;
}

/** What an import tells while it runs. */
export interface ImportListener {
  bad?(row: { line: number; problems: readonly Problem[] }): void;
  /** A line that is stored already with other content; what is stored was kept. */
  changed?(line: { order: string; line: number }): void;
  progress?(progress: ImportProgress): void;
}

export type ImportResult =
  | Imported
  /** The file as a whole cannot be read. Nothing was stored. */
  | { outcome: "unreadable"; why: string };

export interface Imported extends Stored {
  outcome: "imported";
  format: string;
  /** The zone in which dates were read that carry none, and in which days are told. */
  timezone: string;
  /** Lines that were not UTF-8 and were read as Windows-1252. */
  notUtf8: number;
  summary: FileSummary;
}

interface Stored {
  itemsNew: number;
  linesAdded: number;
  linesPresent: number;
  linesChanged: number;
}

/** Rows per statement: large enough for tens of thousands a second, small enough for progress. */
const BATCH = 2_000;

/**
 * Reads a retailer's order file into items and sales history of a shop.
 *
 * The file is read twice: a damaged one is found before anything is stored, and an item gets its
 * most frequent title at once. Storing goes batch by batch, and a line is stored once however often
 * it is imported, so an import that was interrupted is continued by running it again.
 */
export async function importOrders(
  db: Database,
  shop: string,
  path: string,
  options: ReadOptions = {},
  listener: ImportListener = {},
): Promise<ImportResult> {
  try {
    const checked = await check(path, options, listener);
    const { ids, created } = await itemIds(db, shop, checked.titles.items());
    const counts = await store(db, shop, await openOrderFile(path, options), ids, listener);
    const { file, summary } = checked;
    const lines = counts.linesAdded + counts.linesPresent + counts.linesChanged;
    assert(lines === summary.lineCount, "every line that was checked was offered for storing");
    const { format, timezone } = file;
    const found = { format: format.name, timezone, notUtf8: file.notUtf8(), summary };
    return { outcome: "imported", ...found, itemsNew: created, ...counts };
  } catch (error) {
    if (error instanceof UnreadableFile) return { outcome: "unreadable", why: error.message };
    throw error;
  }
}

async function check(path: string, options: ReadOptions, listener: ImportListener) {
  const file = await openOrderFile(path, options);
  const summary = new FileSummary();
  const titles = new TitleCount();
  for await (const { line, outcome } of file.rows) {
    summary.add(outcome);
    if (outcome.outcome === "bad") listener.bad?.({ line, problems: outcome.problems });
    if (outcome.outcome === "kept") for (const sale of outcome.lines) titles.add(sale);
    if (summary.rows % BATCH === 0) tell(listener, "checking", file, summary.rows);
  }
  tell(listener, "checking", file, summary.rows);
  if (summary.rows === 0) throw new UnreadableFile(`${path} has a header and no rows below it`);
  return { file, summary, titles };
}

/** Ids by SKU, and how many items had to be made for it. */
async function itemIds(db: Database, shop: string, items: readonly NewItem[]) {
  const ids = new Map<string, string>();
  let created = 0;
  for (let from = 0; from < items.length; from += BATCH) {
    const batch = items.slice(from, from + BATCH);
    const skus = batch.map(({ sku }) => sku);
    created += batch.length - (await findItemsBySku(db, shop, skus)).size;
    for (const [sku, { id }] of await ensureItems(db, shop, batch)) ids.set(sku, id);
  }
  return { ids, created };
}

async function store(
  db: Database,
  shop: string,
  file: OrderFile,
  ids: ReadonlyMap<string, string>,
  listener: ImportListener,
): Promise<Omit<Stored, "itemsNew">> {
  const total = { linesAdded: 0, linesPresent: 0, linesChanged: 0 };
  let batch: SalesRow[] = [];
  let rows = 0;
  const flush = async () => {
    if (batch.length === 0) return;
    const { added, present, changed } = await storeSales(db, shop, batch);
    batch = [];
    total.linesAdded += added;
    total.linesPresent += present;
    total.linesChanged += changed.length;
    for (const line of changed) listener.changed?.(line);
    tell(listener, "storing", file, rows);
  };
  for await (const { outcome } of file.rows) {
    rows += 1;
    if (outcome.outcome === "kept") batch.push(...outcome.lines.map((sale) => rowOf(sale, ids)));
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return total;
}

function rowOf(sale: SalesLine, ids: ReadonlyMap<string, string>): SalesRow {
  const item = ids.get(sale.sku);
  assert(item !== undefined, "every SKU of a kept line has an item");
  // The buyer ends here: history needs no customer.
  const { sku: _, title: __, buyer: ___, ...rest } = sale;
  return { ...rest, item };
}

function tell(
  listener: ImportListener,
  step: ImportProgress["step"],
  file: OrderFile,
  rows: number,
): void {
  listener.progress?.({ step, rows, done: file.size > 0 ? file.bytesRead() / file.size : 1 });
}
