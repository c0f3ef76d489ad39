import type { Queryable } from "./client.ts";

/** A connection in numbers. */
export interface ChannelFigures {
  /** Listings that the last import saw. */
  listings: number;
  /** Those that the merchant ships and that are matched to what he owns. */
  matched: number;
  unmatched: number;
  /** Shipped by the marketplace from its own warehouse: counted, never pushed. */
  marketplaceFulfilled: number;
  /** Matched, but the marketplace takes no quantity for them. */
  unpushable: number;
  /** Numbers that the marketplace has still to be told. */
  waiting: number;
  /** Numbers that it has taken and does not show yet. */
  unseen: number;
  /** Listings whose last push did not work. */
  failing: number;
  /** Dead letters of its messages and pushes that nobody has dealt with. */
  deadLetters: number;
  openDrift: number;
  /** From a sale elsewhere to this marketplace's acceptance, over a day; null without a sale. */
  ackP50: number | null;
  ackP95: number | null;
}

export const NO_FIGURES: ChannelFigures = {
  ...{ listings: 0, matched: 0, unmatched: 0, marketplaceFulfilled: 0, unpushable: 0 },
  ...{ waiting: 0, unseen: 0, failing: 0, deadLetters: 0, openDrift: 0 },
  ...{ ackP50: null, ackP95: null },
};

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Every connection of a shop in numbers, by its id; one without listings may be absent. */
export async function channelFigures(
  db: Queryable,
  shop: string,
  now: Date,
): Promise<Map<string, ChannelFigures>> {
  const since = new Date(now.getTime() - DAY_MS);
  const [listings, letters, drift] = await Promise.all([
    db.$queryRaw<(ChannelFigures & { connection: string })[]>`
      select l.connection_id as connection,
        (count(*) filter (where l.gone_at is null))::int as listings,
        (count(*) filter (where l.gone_at is null and l.merchant_fulfilled
          and (l.item_id is not null or l.kit)))::int as matched,
        (count(*) filter (where l.gone_at is null and l.merchant_fulfilled
          and l.item_id is null and not l.kit))::int as unmatched,
        (count(*) filter (where l.gone_at is null and not l.merchant_fulfilled))::int
          as "marketplaceFulfilled",
        (count(*) filter (where l.gone_at is null and l.merchant_fulfilled
          and l.unpushable is not null))::int as unpushable,
        (count(*) filter (where l.dirty))::int as waiting,
        (count(*) filter (where l.unseen))::int as unseen,
        (count(*) filter (where l.gone_at is null and l.trouble is not null))::int as failing,
        (percentile_cont(0.5) within group (order by l.sale_to_ack_ms)
          filter (where l.sale_at > ${since}))::float8 as "ackP50",
        (percentile_cont(0.95) within group (order by l.sale_to_ack_ms)
          filter (where l.sale_at > ${since}))::float8 as "ackP95"
      from listing l where l.shop_id = ${shop} group by l.connection_id`,
    db.$queryRaw<{ connection: string; count: number }[]>`
      select coalesce(l.connection_id, m.connection_id) as connection, count(*)::int as count
      from dead_letter d
      left join listing l on d.kind = 'push' and l.id = d.subject and l.shop_id = ${shop}
      left join inbox_message m on d.kind = 'message' and m.id::text = d.subject
        and m.shop_id = ${shop}
      where d.shop_id = ${shop} and d.state = 'open' group by 1`,
    db.drift.groupBy({
      ...{ by: ["connectionId"], where: { shopId: shop, state: "open" }, _count: true },
    }),
  ]);
  const figures = new Map<string, ChannelFigures>();
  for (const { connection, ...row } of listings) {
    figures.set(connection, { ...NO_FIGURES, ...row });
  }
  const add = (connection: string, more: Partial<ChannelFigures>) =>
    figures.set(connection, { ...(figures.get(connection) ?? NO_FIGURES), ...more });
  for (const { connection, count } of letters) add(connection, { deadLetters: count });
  for (const { connectionId, _count } of drift) add(connectionId, { openDrift: _count });
  return figures;
}
