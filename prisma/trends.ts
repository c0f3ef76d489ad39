import type { Queryable } from "./client.ts";

/** So many of something in one step of time. `at` is when the step begins. */
export interface TrendRow {
  at: Date;
  /** A channel, or how pushes were answered. */
  series: string;
  count: number;
}

/** Units sold since a moment, by channel and step of so many seconds. */
export async function soldSince(
  db: Queryable,
  shop: string,
  since: Date,
  stepSeconds: number,
): Promise<TrendRow[]> {
  return db.$queryRaw<TrendRow[]>`
    select date_bin(${stepSeconds}::int * interval '1 second', m.at, timestamptz 'epoch') as at,
      coalesce(m.channel, 'api') as series, sum(l.quantity)::int as count
    from movement m
    join movement_leg l on l.partition = m.partition and l.seq = m.seq
      and l.bucket = 'committed' and l.quantity > 0
    where m.shop_id = ${shop} and m.type in ('sell', 'commit') and m.at >= ${since}
    group by 1, 2 order by 1, 2`;
}

/** Numbers that marketplaces took, and those they did not, since a moment. */
export async function pushedSince(
  db: Queryable,
  shop: string,
  since: Date,
  stepSeconds: number,
): Promise<TrendRow[]> {
  return db.$queryRaw<TrendRow[]>`
    select date_bin(${stepSeconds}::int * interval '1 second', answered_at, timestamptz 'epoch')
        as at,
      case when outcome = 'accepted' then 'accepted' else 'failed' end as series,
      count(*)::int as count
    from push where shop_id = ${shop} and answered_at >= ${since}
    group by 1, 2 order by 1, 2`;
}
