import type { Queryable } from "./client.ts";

/*
 * What an item's chart is made of: changes summed up by steps of time, so that an item that moved a
 * million times brings as few rows as one that moved once. `at` is when a step begins.
 */

export interface StockStep {
  at: Date;
  /** By how much they changed in it. Units. */
  onHand: number;
  available: number;
}

/** The record's figures of an item now, and what changed them since a moment. */
export async function itemStockSteps(
  db: Queryable,
  { shop, item }: { shop: string; item: string },
  since: Date,
  stepSeconds: number,
): Promise<{ onHand: number; available: number; steps: StockStep[] }> {
  // One statement: what moves between two would be in one of them only.
  const rows = await db.$queryRaw<
    { onHand: number; available: number; at: Date | null; changes: [number, number] | null }[]
  >`
    with moved as (
      select date_bin(${stepSeconds}::int * interval '1 second', m.at, timestamptz 'epoch') as at,
        coalesce(sum(l.quantity) filter (where l.bucket
          in ('sellable', 'inspection', 'quarantine', 'damaged')), 0)::float8 as on_hand,
        (coalesce(sum(l.quantity) filter (where l.bucket = 'sellable'), 0)
          - coalesce(sum(l.quantity) filter (where l.bucket in ('committed', 'held')
            or l.bucket like 'allocated:%'), 0))::float8 as available
      from movement m join movement_leg l on l.partition = m.partition and l.seq = m.seq
      where m.shop_id = ${shop} and m.item_id = ${item} and m.at >= ${since}
        and m.seq > coalesce((select b.seq from movement b
          where b.shop_id = ${shop} and b.item_id = ${item} and b.at < ${since}
          order by b.seq desc limit 1), 0)
      group by 1
    )
    select s.on_hand::float8 as "onHand", s.available::float8 as available, m.at,
      jsonb_build_array(m.on_hand, m.available) as changes
    from item_stock s left join moved m on true
    where s.shop_id = ${shop} and s.item_id = ${item} order by m.at`;
  const { onHand = 0, available = 0 } = rows[0] ?? {};
  const steps = rows.flatMap(({ at, changes }) =>
    at && changes ? [{ at, onHand: changes[0], available: changes[1] }] : [],
  );
  return { onHand, available, steps };
}

export interface ShownStep {
  listing: string;
  /** Null: before the moment that was asked about. */
  at: Date | null;
  /** The last number that the marketplace took in it. */
  quantity: number;
}

/** The numbers that marketplaces took of some listings, the last of each step since a moment. */
export async function shownSteps(
  db: Queryable,
  shop: string,
  listings: readonly string[],
  since: Date,
  stepSeconds: number,
): Promise<ShownStep[]> {
  if (listings.length === 0) return [];
  return db.$queryRaw<ShownStep[]>`
    with wanted as (select unnest(${[...listings]}::text[]) as listing)
    select w.listing, null::timestamptz as at, b.quantity from wanted w cross join lateral (
      select p.quantity from push p
      where p.listing_id = w.listing and p.shop_id = ${shop} and p.outcome = 'accepted'
        and p.answered_at < ${since}
      order by p.seq desc, p.id desc limit 1) b
    union all
    select p.listing_id,
      date_bin(${stepSeconds}::int * interval '1 second', p.answered_at, timestamptz 'epoch') as at,
      (array_agg(p.quantity order by p.seq desc, p.id desc))[1] as quantity
    from push p join wanted w on w.listing = p.listing_id
    where p.shop_id = ${shop} and p.outcome = 'accepted' and p.answered_at >= ${since}
    group by 1, 2
    order by 1, 2 nulls first`;
}
