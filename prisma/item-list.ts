import { Prisma, type Queryable } from "./client.ts";
import { matching, these, those } from "./item-conditions.ts";
import { AS_OF, type ListedItem, withNumbers } from "./item-rows.ts";

import { keysetPage, type Place } from "./keyset.ts";

export const ITEM_FILTERS = [
  "all",
  /** Oversold, late or failing: what the overview asks about. */
  "attention",
  "oversold",
  "out",
  "low",
  "late",
  "failing",
  "drifting",
  "unlisted",
] as const;
export type ItemFilter = (typeof ITEM_FILTERS)[number];

export const ITEM_SORTS = ["sku", "title", "on-hand", "available", "moved"] as const;
export type ItemSort = (typeof ITEM_SORTS)[number];

/** Which items of a shop. */
export interface ItemQuery {
  shop: string;
  /** Part of a SKU, a title or a barcode, whatever the case; "" for every item. */
  search: string;
  filter: ItemFilter;
  /** Low is what has so many units available, or fewer, and is not out of stock. */
  below: number;
  category?: string | undefined;
  connection?: string | undefined;
  /** Only these. */
  items?: readonly string[] | undefined;
}

/** A place between two rows of a list: the sorted value and the id of the row beside it. */
export type ItemCursor = readonly [value: string | number, item: string];

export interface ItemOrder {
  sort: ItemSort;
  descending: boolean;
}

export interface ItemPageQuery extends ItemQuery, ItemOrder, Place<ItemCursor> {
  limit: number;
}

export interface ItemPage {
  rows: ListedItem[];
  /** How many the query finds in all: exactly up to COUNTED, and COUNTED + 1 for more. */
  found: number;
  /** Where the page before and the page after begin; null = there is none. */
  previous: ItemCursor | null;
  next: ItemCursor | null;
}

/** More than this is "many": a person would not count it to the end. */
export const COUNTED = 5_000;

interface Key {
  /** The table that has an index which begins with the shop and goes on in this order. */
  of: "item" | "stock";
  /** What rows are compared by, over `item i` and `item_stock s`, and how a cursor is cast. */
  value: Prisma.Sql;
  cast: Prisma.Sql;
  item: Prisma.Sql;
}

const KEYS: Record<ItemSort, Key> = {
  sku: ofItem(Prisma.sql`i.sku`),
  title: ofItem(Prisma.sql`lower(left(i.title, 100))`),
  "on-hand": ofStock(Prisma.sql`s.on_hand`, Prisma.sql`bigint`),
  available: ofStock(Prisma.sql`s.available`, Prisma.sql`bigint`),
  moved: ofStock(Prisma.sql`s.moved_at`, Prisma.sql`timestamptz`),
};

function ofItem(value: Prisma.Sql): Key {
  return { of: "item", value, cast: Prisma.sql`text`, item: Prisma.sql`i.id` };
}

function ofStock(value: Prisma.Sql, cast: Prisma.Sql): Key {
  return { of: "stock", value, cast, item: Prisma.sql`s.item_id` };
}

/**
 * One page of a shop's items, found by keys instead of offsets: the thousandth page of a hundred
 * thousand items costs as much as the first.
 */
export async function itemPage(db: Queryable, query: ItemPageQuery, now: Date): Promise<ItemPage> {
  const { found, few } = await fewKeys(db, query, now);
  const keys = few ?? (await nearKeys(db, query, now)) ?? (await allKeys(db, query, now));
  const { rows: page, hasPrevious, hasNext } = keysetPage(keys, query.limit, query);
  const rows = await withNumbers(db, query.shop, page);
  const [first, last] = [page[0], page.at(-1)];
  return {
    rows,
    found,
    previous: hasPrevious && first ? [first.value, first.id] : null,
    next: hasNext && last ? [last.value, last.id] : null,
  };
}

/** How many items a query finds: exactly up to `most`, and one more than that for more. */
export async function countItems(
  db: Queryable,
  query: ItemQuery,
  now: Date,
  most = COUNTED,
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from (
      select 1 from ${matching(query, now)} limit ${most + 1}) found`;
  return row?.count ?? 0;
}

/** Items of a query in the order of their ids, after the one that `after` names. */
export async function itemNames(
  db: Queryable,
  query: ItemQuery,
  { after, limit }: { after: string; limit: number },
  now: Date,
): Promise<{ id: string; sku: string }[]> {
  return db.$queryRaw<{ id: string; sku: string }[]>`
    select i.id, i.sku from item i
    where i.shop_id = ${query.shop} and i.id > ${after} and ${those(query, now)}
    order by i.id limit ${limit}`;
}

export interface ItemKey {
  id: string;
  sku: string;
  title: string;
  category: string | null;
  on_hand: number;
  available: number;
  moved_at: Date | null;
  as_of: number;
  /** What the list is sorted by, as a cursor has it. */
  value: string | number;
}

/** How many there are, and the page's rows and one more; no rows where there are many. */
async function fewKeys(
  db: Queryable,
  query: ItemPageQuery,
  now: Date,
): Promise<{ found: number; few: ItemKey[] | null }> {
  const rows = await db.$queryRaw<(Partial<ItemKey> & { found: number })[]>`
    with found as materialized (
      select item_id from ${matching(query, now)} limit ${COUNTED + 1}
    ), tally as materialized (select count(*)::int as found from found)
    select t.found, k.* from tally t left join lateral (
      select ${columns(query.sort)} from ${BOTH}
      where i.shop_id = ${query.shop} and s.shop_id = ${query.shop} and t.found <= ${COUNTED}
        and i.id = any(array(select item_id from found)) and ${beyond(query)}
      order by ${order(query)} limit ${query.limit + 1}
    ) k on true`;
  const found = rows[0]?.found ?? 0;
  if (found > COUNTED) return { found, few: null };
  return { found, few: rows.filter((row): row is ItemKey & { found: number } => !!row.id) };
}

/** So many rows of the list are looked at before all that match are put in order. */
const NEAR = 2_000;

/**
 * The page's rows and one more out of the next ones of the whole list, where most pages of many
 * are. Null when too few of those match: they may all be at the list's other end.
 */
async function nearKeys(db: Queryable, query: ItemPageQuery, now: Date): Promise<ItemKey[] | null> {
  const { shop, sort, limit } = query;
  const near = Prisma.sql`where shop_id = ${shop} and ${beyond(query)}
    order by ${order(query)} limit ${NEAR}`;
  const items = KEYS[sort].of === "item" ? Prisma.sql`(select * from item i ${near})` : ITEM;
  const stocks =
    KEYS[sort].of === "stock" ? Prisma.sql`(select * from item_stock s ${near})` : STOCK;
  const keys = await db.$queryRaw<ItemKey[]>`
    select ${columns(sort)}
    from ${items} i join ${stocks} s on s.shop_id = i.shop_id and s.item_id = i.id
    where i.shop_id = ${shop} and s.shop_id = ${shop} and ${these(query, now)}
    order by ${order(query)} limit ${limit + 1}`;
  return keys.length > limit ? keys : null;
}

/** The same out of all that match. */
async function allKeys(db: Queryable, query: ItemPageQuery, now: Date): Promise<ItemKey[]> {
  const { shop, sort, limit } = query;
  const { value, of, item } = KEYS[sort];
  const from =
    of === "item"
      ? Prisma.sql`item i where ${those(query, now, "all")}`
      : Prisma.sql`${BOTH} where s.shop_id = ${shop} and ${these(query, now, "all")}`;
  return db.$queryRaw<ItemKey[]>`
    with hit as materialized (
      select ${item} as id, ${value} as value from ${from} and i.shop_id = ${shop}
        and ${beyond(query)}
    ), place as (select id from hit order by ${ordered(query, VALUE, ID)} limit ${limit + 1})
    select ${columns(sort)} from place p
    join item i on i.id = p.id and i.shop_id = ${shop}
    join item_stock s on s.item_id = p.id and s.shop_id = ${shop}
    order by ${order(query)}`;
}

const VALUE = Prisma.sql`value`;
const ID = Prisma.sql`id`;
const ITEM = Prisma.sql`item`;
const STOCK = Prisma.sql`item_stock`;
const BOTH = Prisma.sql`item i join item_stock s on s.shop_id = i.shop_id and s.item_id = i.id`;

/** What a row of the list is told by. */
function columns(sort: ItemSort): Prisma.Sql {
  return Prisma.sql`i.id, i.sku, i.title, i.category, s.on_hand::float8, s.available::float8,
    case when s.seq > 0 then s.moved_at end as moved_at, ${AS_OF}, ${cursorValue(sort)} as value`;
}

function order(query: ItemPageQuery): Prisma.Sql {
  const { value, item } = KEYS[query.sort];
  return ordered(query, value, item);
}

function ordered(
  { descending, before }: ItemPageQuery,
  value: Prisma.Sql,
  item: Prisma.Sql,
): Prisma.Sql {
  const turn = descending === (before !== undefined) ? Prisma.sql`asc` : Prisma.sql`desc`;
  return Prisma.sql`${value} ${turn}, ${item} ${turn}`;
}

function cursorValue(sort: ItemSort): Prisma.Sql {
  const { value } = KEYS[sort];
  if (sort === "moved") {
    return Prisma.sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MSZ')`;
  }
  return sort === "on-hand" || sort === "available" ? Prisma.sql`${value}::float8` : value;
}

function beyond({ sort, descending, after, before }: ItemPageQuery): Prisma.Sql {
  const cursor = before ?? after;
  if (cursor === undefined) return Prisma.sql`true`;
  const { value, cast, item } = KEYS[sort];
  const [at, id] = cursor;
  const down = descending !== (before !== undefined);
  const place = Prisma.sql`(${String(at)}::${cast}, ${id})`;
  return down
    ? Prisma.sql`(${value}, ${item}) < ${place}`
    : Prisma.sql`(${value}, ${item}) > ${place}`;
}
