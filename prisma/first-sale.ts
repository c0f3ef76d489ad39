import type { Queryable } from "./client.ts";

/** A sale on one channel that lowered what another one shows. */
export interface ProtectedSale {
  sku: string;
  title: string;
  /** Where it was sold: the connection, or null for a sale that no marketplace told of. */
  soldOn: string | null;
  /** The connection that was told. */
  told: string;
  /** What it was told. */
  quantity: number;
  at: Date;
  /** From the sale to the other channel's acceptance. */
  ms: number;
}

/** Plans among which it is looked for: this is for the first minutes. */
const RECENT_PLANS = 2_000;

/** The first sale since `since` that another channel has taken note of; null = none yet. */
export async function firstProtectedSale(
  db: Queryable,
  shop: string,
  since: Date,
): Promise<ProtectedSale | null> {
  const [row] = await db.$queryRaw<ProtectedSale[]>`
    select i.sku, i.title, m.connection_id as "soldOn", l.connection_id as told, a.quantity, m.at,
      greatest(0, extract(epoch from a.answered_at - m.at) * 1000)::int as ms
    from (
      select * from listing_plan where shop_id = ${shop} order by id desc limit ${RECENT_PLANS}
    ) p
    join listing l on l.id = p.listing_id and l.shop_id = ${shop}
    join item i on i.id = l.item_id and i.shop_id = ${shop}
    join movement m on m.shop_id = ${shop} and m.item_id = l.item_id
      and m.seq > coalesce(p.after_seq, p.seq - 1) and m.seq <= p.seq
      and m.type = 'sell' and m.connection_id is distinct from l.connection_id
      and m.at >= ${since}
    cross join lateral (
      select u.answered_at, u.quantity from push u
      where u.listing_id = p.listing_id and u.seq >= p.seq and u.outcome = 'accepted'
      order by u.seq, u.id limit 1
    ) a
    order by m.at, a.answered_at limit 1`;
  return row ?? null;
}
