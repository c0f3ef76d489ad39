import { assert } from "../inventory/assert.ts";
import type { Queryable } from "./client.ts";

/** One line of sales history, for an item that exists. See `SalesLine` in the schema. */
export interface SalesRow {
  order: string;
  line: number;
  item: string;
  quantity: number;
  /** Minor units of `currency`. */
  unitPrice: number;
  currency: string;
  kind: string;
  /** Ms since the epoch. */
  at: number;
  country: string | null;
}

/** What storing a batch did. The three counts add up to its rows. */
export interface StoredSales {
  added: number;
  /** Were there before, and the same. */
  present: number;
  /** Were there before, and different: what is stored was kept. */
  changed: { order: string; line: number }[];
}

/**
 * Adds a batch of sales history in one statement, so that it is stored whole or not at all. A line
 * (shop, order, place in the order) that is there already is never touched: storing again adds
 * nothing twice.
 */
export async function storeSales(
  db: Queryable,
  shop: string,
  rows: readonly SalesRow[],
): Promise<StoredSales> {
  const keys = new Set(rows.map((row) => `${row.line} ${row.order}`));
  assert(keys.size === rows.length, "a batch names each line once");
  const [found] = await db.$queryRaw<Counts[]>`
    with incoming as (
      select * from unnest(
        ${rows.map((row) => row.order)}::text[],
        ${rows.map((row) => row.line)}::int[],
        ${rows.map((row) => row.item)}::text[],
        ${rows.map((row) => row.quantity)}::int[],
        ${rows.map((row) => row.unitPrice)}::int[],
        ${rows.map((row) => row.currency)}::text[],
        ${rows.map((row) => row.kind)}::text[],
        ${rows.map((row) => new Date(row.at).toISOString())}::timestamptz[],
        ${rows.map((row) => row.country)}::text[]
      ) as row (order_id, line, item_id, quantity, unit_price, currency, kind, at, country)
    ), added as (
      insert into sales_line
        (shop_id, order_id, line, item_id, quantity, unit_price, currency, kind, at, country)
      select ${shop}, * from incoming
      on conflict do nothing
      returning 1
    ), changed as (
      select incoming.order_id, incoming.line
      from incoming cross join lateral (
        -- One look into the primary key per row, the only index that begins with the shop: a
        -- table that just grew has no statistics to choose by. "offset 0" keeps the planner from
        -- thinking again.
        select * from sales_line
        where shop_id = ${shop} and order_id = incoming.order_id and line = incoming.line
        offset 0
      ) as stored
      where (stored.item_id, stored.quantity, stored.unit_price, stored.currency, stored.at)
        is distinct from (incoming.item_id, incoming.quantity, incoming.unit_price,
          incoming.currency, incoming.at)
      order by incoming.order_id, incoming.line
    )
    select
      (select count(*) from added)::int as added,
      (select coalesce(json_agg(json_build_object('order', order_id, 'line', line)), '[]')
        from changed) as changed`;
  assert(found !== undefined, "a select without a from has one row");
  const { added, changed } = found;
  return { added, changed, present: rows.length - added - changed.length };
}

type Counts = Pick<StoredSales, "added" | "changed">;

/** Sums of a shop's sales history by kind and currency. Revenue is in minor units. */
export async function salesTotals(db: Queryable, shop: string) {
  return db.$queryRaw<SalesTotal[]>`
    select kind, currency, count(*)::int as lines, sum(quantity)::float8 as units,
      sum(quantity::bigint * unit_price)::float8 as revenue, min(at) as first, max(at) as last
    from sales_line where shop_id = ${shop}
    group by kind, currency order by kind, currency`;
}

export interface SalesTotal {
  kind: string;
  currency: string;
  lines: number;
  units: number;
  revenue: number;
  first: Date;
  last: Date;
}
