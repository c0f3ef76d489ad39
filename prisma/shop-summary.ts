import { waitingCounts } from "./batches.ts";
import type { Queryable } from "./client.ts";
import { lateListing, oversoldItems } from "./item-sets.ts";

/** The answer to "is anything oversold, late or failing?", as counts. */
export interface ShopSummary {
  items: number;
  /** Items with less than nothing available, and by how many units in all. */
  oversold: number;
  /** Listings whose marketplace has not been told its number for over a minute. */
  late: number;
  /** Listings whose last push did not work. */
  failing: number;
  /** Dead letters nobody has dealt with. */
  deadLetters: number;
  /** Warehouse counts that do not go on without a person. */
  waitingCounts: number;
  /** Connections that do not work now, and why. */
  troubled: { name: string; trouble: string }[];
}

export async function shopSummary(db: Queryable, shop: string, now: Date): Promise<ShopSummary> {
  const [[counts], troubled] = await Promise.all([
    db.$queryRaw<Record<"items" | "oversold" | "late" | "failing" | "dead" | "waiting", number>[]>`
      select
        (select count(*) from item where shop_id = ${shop})::int as items,
        (select count(*) from (${oversoldItems(shop)}) o)::int as oversold,
        (select count(*) from listing l
          where l.shop_id = ${shop} and ${lateListing(now)})::int as late,
        (select count(*) from listing where shop_id = ${shop} and trouble is not null)::int
          as failing,
        (select count(*) from dead_letter where shop_id = ${shop} and state = 'open')::int as dead,
        (select count(*) from batch where ${waitingCounts(shop)})::int as waiting`,
    db.connection.findMany({
      where: { shopId: shop, trouble: { not: null } },
      select: { name: true, trouble: true },
      orderBy: { name: "asc" },
    }),
  ]);
  return {
    items: counts?.items ?? 0,
    oversold: counts?.oversold ?? 0,
    late: counts?.late ?? 0,
    failing: counts?.failing ?? 0,
    deadLetters: counts?.dead ?? 0,
    waitingCounts: counts?.waiting ?? 0,
    troubled: troubled.map(({ name, trouble }) => ({ name, trouble: trouble ?? "" })),
  };
}

/** How long sales took to be accepted by one channel. Milliseconds; null without a sale. */
export interface ChannelLatency {
  channel: string;
  sales: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export interface SaleLatency {
  channel: string;
  at: Date;
  ms: number;
}

/** Sales the latencies of a page are taken from: enough for a 99th percentile. */
const RECENT_SALES = 500;
/** Plans they are looked for in: a flash sale makes hundreds a minute. */
const RECENT_PLANS = 2_000;

/**
 * The latest sales that changed what another channel should show, and how long that channel took
 * to accept it: from the sale's movement to the first accepted push that carries it. A plan knows
 * which movements led to it, so a sale that shared its push with a hundred others is measured too.
 */
export async function saleLatencies(db: Queryable, shop: string): Promise<SaleLatency[]> {
  return db.$queryRaw<SaleLatency[]>`
    select c.channel, m.at, greatest(0, extract(epoch from a.answered_at - m.at) * 1000)::int as ms
    from (
      select * from listing_plan where shop_id = ${shop} order by id desc limit ${RECENT_PLANS}
    ) p
    join listing l on l.id = p.listing_id and l.shop_id = ${shop}
    join connection c on c.id = l.connection_id and c.shop_id = ${shop}
    join movement m on m.shop_id = ${shop} and m.item_id = l.item_id
      and m.seq > coalesce(p.after_seq, p.seq - 1) and m.seq <= p.seq
      and m.type = 'sell' and m.connection_id is distinct from l.connection_id
    cross join lateral (
      select u.answered_at from push u
      where u.listing_id = p.listing_id and u.seq >= p.seq and u.outcome = 'accepted'
      order by u.seq, u.id limit 1
    ) a
    order by m.at desc limit ${RECENT_SALES}`;
}

/** Quantiles per channel, by nearest rank: every one of them is a sale that happened. */
export function latencyByChannel(sales: readonly SaleLatency[]): ChannelLatency[] {
  const byChannel = Map.groupBy(sales, (sale) => sale.channel);
  return [...byChannel]
    .map(([channel, own]) => {
      const sorted = own.map((sale) => sale.ms).sort((a, b) => a - b);
      return {
        channel,
        sales: sorted.length,
        p50: quantile(sorted, 0.5),
        p95: quantile(sorted, 0.95),
        p99: quantile(sorted, 0.99),
      };
    })
    .sort((a, b) => (a.channel < b.channel ? -1 : 1));
}

function quantile(sorted: readonly number[], q: number): number | null {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}
