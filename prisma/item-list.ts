import { Prisma, type Queryable } from "./client.ts";
import { AS_OF, type ListedItem, withNumbers } from "./item-rows.ts";
import {
  driftingItems,
  failingItems,
  itemSearch,
  LISTED,
  lateItems,
  onConnection,
  oversoldItems,
} from "./item-sets.ts";

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

/**
 * More than this is "many": a person would not count it to the end, and the next page of it is met
 * sooner along the index of its order than by putting all of it in order.
 */
export const COUNTED = 5_000;

interface Key {
  /** What rows are compared by, over `item i` and `item_stock s`, and how a cursor is cast. */
  value: Prisma.Sql;
  cast: Prisma.Sql;
  item: Prisma.Sql;
}

/** Each has an index that begins with the shop and goes on in this order. */
const KEYS: Record<ItemSort, Key> = {
  sku: key(Prisma.sql`i.sku`, Prisma.sql`text`, Prisma.sql`i.id`),
  title: key(Prisma.sql`lower(left(i.title, 100))`, Prisma.sql`text`, Prisma.sql`i.id`),
  "on-hand": key(Prisma.sql`s.on_hand`, Prisma.sql`bigint`, Prisma.sql`s.item_id`),
  available: key(Prisma.sql`s.available`, Prisma.sql`bigint`, Prisma.sql`s.item_id`),
  moved: key(Prisma.sql`s.moved_at`, Prisma.sql`timestamptz`, Prisma.sql`s.item_id`),
};

function key(value: Prisma.Sql, cast: Prisma.Sql, item: Prisma.Sql): Key {
  return { value, cast, item };
}

/**
 * One page of a shop's items, found by keys instead of offsets: the thousandth page of a hundred
 * thousand items costs as much as the first.
 */
export async function itemPage(db: Queryable, query: ItemPageQuery, now: Date): Promise<ItemPage> {
  const found = await countItems(db, query, now);
  const keys = found === 0 ? [] : await pageKeys(db, query, found <= COUNTED, now);
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

/**
 * The page's rows and one more. Few are found first and then put in order; many are looked for
 * along the index of the order, where the next page of them is near.
 */
async function pageKeys(
  db: Queryable,
  query: ItemPageQuery,
  few: boolean,
  now: Date,
): Promise<ItemKey[]> {
  const { shop, sort, descending, limit } = query;
  const { value, item } = KEYS[sort];
  const backwards = query.before !== undefined;
  const order = descending === backwards ? Prisma.sql`asc` : Prisma.sql`desc`;
  const wanted = few
    ? Prisma.sql`i.id = any(array(select item_id from ${matching(query, now)}))`
    : those(query, now);
  return db.$queryRaw<ItemKey[]>`
    select i.id, i.sku, i.title, i.category, s.on_hand::float8, s.available::float8,
      case when s.seq > 0 then s.moved_at end as moved_at, ${AS_OF}, ${cursorValue(sort)} as value
    from item i join item_stock s on s.shop_id = i.shop_id and s.item_id = i.id
    where i.shop_id = ${shop} and s.shop_id = ${shop} and ${wanted} and ${beyond(query)}
    order by ${value} ${order}, ${item} ${order}
    limit ${limit + 1}`;
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

/**
 * Of which table's items a query finds which, to stand after "from": `item_id` names them. What
 * asks only for names, or only for figures, reads one table.
 */
function matching(query: ItemQuery, now: Date): Prisma.Sql {
  const { named, counted } = conditions(query, now);
  const { shop } = query;
  const items = Prisma.sql`select i.id as item_id from item i where i.shop_id = ${shop}`;
  const stocks = Prisma.sql`select s.item_id from item_stock s where s.shop_id = ${shop}`;
  const both = Prisma.sql`select i.id as item_id
    from item i join item_stock s on s.shop_id = i.shop_id and s.item_id = i.id
    where i.shop_id = ${shop} and s.shop_id = ${shop}`;
  const from = counted.length === 0 ? items : named.length === 0 ? stocks : both;
  return Prisma.sql`(${from} ${and([...named, ...counted])}) found_items`;
}

/** The same over `item i` alone, for those who have it already. */
function those(query: ItemQuery, now: Date): Prisma.Sql {
  const { named, counted } = conditions(query, now);
  const stock = Prisma.sql`exists (select from item_stock s
    where s.shop_id = i.shop_id and s.item_id = i.id ${and(counted)})`;
  return Prisma.sql`true ${and(counted.length === 0 ? named : [...named, stock])}`;
}

function and(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0
    ? Prisma.empty
    : Prisma.sql`and ${Prisma.join([...conditions], " and ")}`;
}

interface Conditions {
  /** Over `item i`. */
  named: Prisma.Sql[];
  /** Over `item_stock s`. */
  counted: Prisma.Sql[];
}

function conditions(query: ItemQuery, now: Date): Conditions {
  const { search, category, connection, items } = query;
  const { named, counted } = filtered(query, now);
  if (search !== "") named.push(itemSearch(search));
  if (category !== undefined) named.push(Prisma.sql`i.category = ${category}`);
  if (connection !== undefined) named.push(onConnection(connection));
  if (items !== undefined) named.push(Prisma.sql`i.id = any(${[...items]}::text[])`);
  return { named, counted };
}

function filtered({ shop, filter, below }: ItemQuery, now: Date): Conditions {
  const among = (ids: Prisma.Sql) => ({ named: [Prisma.sql`i.id in (${ids})`], counted: [] });
  const counted = (available: Prisma.Sql) => ({ named: [], counted: [available] });
  switch (filter) {
    case "all":
      return { named: [], counted: [] };
    case "attention":
      return among(
        Prisma.join([oversoldItems(shop), lateItems(shop, now), failingItems(shop)], " union all "),
      );
    case "oversold":
      return counted(Prisma.sql`s.available < 0`);
    case "out":
      return counted(Prisma.sql`s.available <= 0`);
    case "low":
      return counted(Prisma.sql`s.available between 1 and ${below}`);
    case "late":
      return among(lateItems(shop, now));
    case "failing":
      return among(failingItems(shop));
    case "drifting":
      return among(driftingItems(shop));
    case "unlisted":
      return { named: [Prisma.sql`${LISTED} is null`], counted: [] };
  }
}
