import type { Queryable } from "./client.ts";

/** What the rows of a batch do to one item, from its balances as the record has them now. */
export interface ItemChange {
  id: string;
  label: string;
  /** Sellable units over all locations. */
  before: number;
  after: number;
  /** Units that are sold, held or set aside. */
  claimed: number;
}

/** Rows looked at in one page. */
const PAGE = 5_000;

/**
 * What a batch of quantities changes, item by item in the order of their ids: counts against what
 * is there, changes as they are.
 */
export async function* itemChanges(
  db: Queryable,
  shop: string,
  batch: string,
): AsyncGenerator<ItemChange[]> {
  for (let after = ""; ; ) {
    const [bound] = await db.$queryRaw<{ last: string | null }[]>`
      select max(item_id) as last from (
        select item_id from batch_row
        where batch_id = ${BigInt(batch)} and shop_id = ${shop} and item_id > ${after}
        order by item_id limit ${PAGE}
      ) page`;
    const last = bound?.last ?? null;
    if (last === null) return;
    yield await changesBetween(db, shop, batch, after, last);
    after = last;
  }
}

/**
 * Each balance is looked up by its item: after a large import PostgreSQL knows for a minute nothing
 * of how many rows there are, and a join that it then believes to be small took hours.
 */
async function changesBetween(
  db: Queryable,
  shop: string,
  batch: string,
  after: string,
  last: string,
): Promise<ItemChange[]> {
  return db.$queryRaw<ItemChange[]>`
    with change as (
      select r.item_id, sum(coalesce(
          (r.change->>'to')::bigint - coalesce((
            select b.quantity from balance b
            where b.shop_id = r.shop_id and b.item_id = r.item_id
              and b.bucket = r.change->>'bucket' and b.location = r.change->>'location'), 0),
          (r.change->>'by')::bigint, 0)) filter (where r.change->>'bucket' = 'sellable') as units
      from batch_row r
      where r.batch_id = ${BigInt(batch)} and r.shop_id = ${shop} and r.state = 'ready'
        and r.item_id > ${after} and r.item_id <= ${last}
      group by r.item_id
    )
    select c.item_id as id, i.sku as label, coalesce(s.sellable, 0)::float8 as before,
      (coalesce(s.sellable, 0) + coalesce(c.units, 0))::float8 as after,
      coalesce(s.claimed, 0)::float8 as claimed
    from change c
    cross join lateral (
      select i.sku from item i where i.id = c.item_id and i.shop_id = ${shop} limit 1
    ) i
    cross join lateral (
      select sum(b.quantity) filter (where b.bucket = 'sellable') as sellable,
        sum(b.quantity) filter (where b.bucket in ('committed', 'held')
          or b.bucket like 'allocated:%') as claimed
      from balance b where b.shop_id = ${shop} and b.item_id = c.item_id
    ) s
    order by c.item_id`;
}
