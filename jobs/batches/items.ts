import { type CheckedRow, keepBefore, type ReadyRow } from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import type { Queryable } from "../../prisma/client.ts";
import {
  dropUnusedItems,
  type ItemFields,
  type ItemRecord,
  itemRecords,
  putItems,
} from "../../prisma/item-changes.ts";
import { quoted } from "../order-files/cells.ts";
import { RowCheck } from "../order-files/row.ts";
import {
  type Applied,
  type ApplyDeps,
  type Cell,
  type Kind,
  type ReadRow,
  refusal,
} from "./kind.ts";

/** What becomes of one item. */
export interface ItemChange {
  sku: string;
  /** Fields that are said; the others stay. */
  set?: Partial<ItemFields>;
  /** Taking back: what there was (null = no item), unless somebody has changed it since. */
  restore?: ItemFields | null;
  /** What it has to be now; null = not there. */
  expect?: ItemFields | null;
}

/** Items by SKU: made, or given what their row says. */
export const items: Kind<ItemChange> = { read: readItem, check: checkItems, apply: applyItems };

const LONGEST = { sku: 200, title: 500, category: 200 };

function readItem(cell: Cell) {
  const check = new RowCheck();
  const sku = cell("sku");
  if (sku === "") check.refuse("SKU", "is empty", "write the item's SKU");
  if (/[\p{Cc}]/u.test(sku)) check.refuse("SKU", "contains a line end", "write it on one line");
  for (const [key, most] of Object.entries(LONGEST)) {
    if (cell(key).length <= most) continue;
    check.refuse(key, `has more than ${most} characters`, "shorten it");
  }
  const barcode = cell("barcode").replace(/[\s-]/g, "").replace(/^0+/, "");
  if (!/^\d{0,14}$/.test(barcode)) {
    check.refuse("Barcode", `${quoted(cell("barcode"))} is no barcode`, "write its digits only");
  }
  if (check.problems.length > 0) return { problems: check.problems };
  const said = { title: cell("title").replace(/\s+/g, " "), category: cell("category"), barcode };
  const set = Object.fromEntries(Object.entries(said).filter(([, text]) => text !== ""));
  return { key: sku, change: { sku, set } };
}

async function checkItems(
  db: Queryable,
  shop: string,
  rows: readonly ReadRow<ItemChange>[],
): Promise<CheckedRow[]> {
  const known = await itemRecords(db, shop, skusOf(rows));
  return rows.map(({ line, key, change }) => {
    const item = known.get(change.sku);
    const after = merged(change, item);
    const same = item !== undefined && after !== null && equal(fieldsOf(item), after);
    return { line, state: same ? "same" : "ready", key, item: item?.id ?? null, change };
  });
}

async function applyItems(
  { db }: ApplyDeps,
  { id, shop }: BatchRow,
  rows: readonly ReadyRow<ItemChange>[],
): Promise<Applied> {
  const known = await itemRecords(db, shop, skusOf(rows));
  const changed = rows.filter(({ change }) => isExpected(change, known.get(change.sku)));
  const refused = rows
    .filter((row) => !changed.includes(row))
    .map(({ line }) => refusal(line, "Item", "was changed since", "it stays as it is now"));
  // What was there is kept first: what is applied twice would take its own effect for it.
  const before = changed.map(({ line, change }) => {
    const item = known.get(change.sku);
    return { line, before: item ? fieldsOf(item) : null };
  });
  await keepBefore(db, shop, id, before);
  const put = changed.flatMap(({ change }) => {
    const after = merged(change, known.get(change.sku));
    return after ? [{ sku: change.sku, ...after }] : [];
  });
  await putItems(db, shop, put);
  const dropped = changed.filter(({ change }) => change.restore === null);
  const gone = new Set(await dropUnusedItems(db, shop, skusOf(dropped)));
  for (const { line, change } of dropped) {
    if (gone.has(change.sku) || !known.has(change.sku)) continue;
    refused.push(refusal(line, "Item", "has stock, sales or listings by now", "it is kept"));
  }
  const moved = put.filter(({ sku, category }) => known.get(sku)?.category !== category);
  const replan = moved.flatMap(({ sku }) => known.get(sku)?.id ?? []).map((item) => ({ item }));
  return { outcome: "applied", refused, replan };
}

function skusOf(rows: readonly { change: ItemChange }[]): string[] {
  return rows.map(({ change }) => change.sku);
}

/** What the item is to be; null = not there. */
function merged(change: ItemChange, item: ItemRecord | undefined): ItemFields | null {
  if (change.restore !== undefined) return change.restore;
  const { title = change.sku, category = null, barcode = null } = item ?? {};
  return { title, category, barcode, ...change.set };
}

/** The category the item is to be in; undefined = the one it has. */
export function categoryAfter({ set, restore }: ItemChange): string | null | undefined {
  if (restore === null) return undefined;
  return restore === undefined ? set?.category : restore.category;
}

/** Nobody has changed it since; or it is already as it is to be, because this runs again. */
function isExpected({ expect, restore }: ItemChange, item: ItemRecord | undefined): boolean {
  if (expect === undefined) return true;
  if (item === undefined) return expect === null || restore === null;
  return (expect !== null && equal(item, expect)) || (restore != null && equal(item, restore));
}

function fieldsOf({ title, category, barcode }: ItemFields): ItemFields {
  return { title, category, barcode };
}

function equal(a: ItemFields, b: ItemFields): boolean {
  return a.title === b.title && a.category === b.category && a.barcode === b.barcode;
}

/** What an applied change made of an item, from what was there before. */
export function itemAfter(change: ItemChange, before: ItemFields | null): ItemFields | null {
  const known = before && { ...before, id: "", sku: change.sku };
  return merged(change, known ?? undefined);
}
