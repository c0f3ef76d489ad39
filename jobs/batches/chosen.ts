import { exhaustive } from "../../inventory/assert.ts";
import type { BufferPolicy } from "../../inventory/buffer.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import { rulesForItems } from "../../prisma/buffers.ts";
import type { Queryable } from "../../prisma/client.ts";
import { countItems, type ItemQuery, itemNames } from "../../prisma/item-list.ts";
import type { BufferChange } from "./buffers.ts";
import type { ItemChange } from "./items.ts";
import type { ReadRow } from "./kind.ts";
import { kindOf } from "./kinds.ts";
import type { NextRows } from "./read-file.ts";

/** What becomes of each of the items that somebody chose; kept with its batch. */
export interface ChosenOptions {
  which: Omit<ItemQuery, "shop">;
  change: BulkChange;
}

export type BulkChange =
  /** Null: in none any more. */
  | { of: "category"; category: string | null }
  /** A rule for each of them, on one channel or (null) on all. */
  | { of: "rule"; channel: string | null; policy: BufferPolicy }
  /** None of their own any more, on one channel or (null) on any. */
  | { of: "no-rules"; channel: string | null };

export function isChosen(options: unknown): options is ChosenOptions {
  return typeof options === "object" && options !== null && "which" in options;
}

/** Items looked at in one step. */
const PAGE = 1_000;
/** More than any shop has. */
const EVERY = 10_000_000;

/**
 * Finds and checks the next of the chosen items; null when there are no more. Who chose all that
 * match chose a search: it is searched when it is done, in the order of the items' ids.
 */
export async function nextChosenRows(
  tx: Queryable,
  batch: BatchRow,
  { which, change }: ChosenOptions,
): Promise<NextRows | null> {
  const { shop, cursor, counts, createdAt } = batch;
  const query = { ...which, shop };
  const items = await itemNames(tx, query, { after: cursor ?? "", limit: PAGE }, createdAt);
  const last = items.at(-1);
  if (!last) return null;
  const before = sum(Object.values(counts));
  const read = await rowsOf(tx, shop, items, change);
  const numbered = read.map((row, at) => ({ line: before + at + 1, ...row }));
  const rows = await kindOf(batch.kind).check(tx, shop, numbered);
  const next = { rows, cursor: last.id, looked: items.length };
  if (cursor !== null) return next;
  return { ...next, total: await countItems(tx, query, createdAt, EVERY) };
}

type Row = Omit<ReadRow<ItemChange | BufferChange>, "line">;

async function rowsOf(
  tx: Queryable,
  shop: string,
  items: readonly { id: string; sku: string }[],
  change: BulkChange,
): Promise<Row[]> {
  switch (change.of) {
    case "category": {
      const set = { category: change.category };
      return items.map(({ sku }) => ({ key: sku, change: { sku, set } }));
    }
    case "rule": {
      const { channel, policy } = change;
      const scope = channel === null ? {} : { channel };
      return items.map(({ sku }) => ({ key: sku, change: { sku, scope, policy } }));
    }
    case "no-rules":
      return removals(tx, shop, items, change.channel);
    default:
      return exhaustive(change);
  }
}

async function removals(
  tx: Queryable,
  shop: string,
  items: readonly { id: string; sku: string }[],
  only: string | null,
): Promise<Row[]> {
  const skus = new Map(items.map(({ id, sku }) => [id, sku]));
  const rules = await rulesForItems(tx, shop, [...skus.keys()]);
  return rules.flatMap(({ channel, category, item }) => {
    const sku = skus.get(item ?? "");
    if (sku === undefined || (only !== null && channel !== only)) return [];
    const scope = { ...(channel ? { channel } : {}), ...(category ? { category } : {}) };
    const key = JSON.stringify([sku, channel, category]);
    return [{ key, change: { sku, scope, policy: null } }];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
