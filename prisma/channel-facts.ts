import type { Queryable } from "./client.ts";

/** What is left of a marketplace's limit of one kind of call. Times in ms since the epoch. */
export interface CallPace {
  connection: string;
  call: string;
  perSecond: number;
  burst: number;
  /** Calls that could be made `at` that time; below 0 is a debt. */
  tokens: number;
  at: number;
  heldUntil: number | null;
}

/** Keeps what a worker knows of limits. The newest wins; a connection that is gone is left out. */
export async function recordPaces(db: Queryable, paces: readonly CallPace[]): Promise<void> {
  if (paces.length === 0) return;
  await db.$executeRaw`
    insert into call_pace (shop_id, connection_id, call, tokens, per_second, burst, held_until, at)
    select c.shop_id, c.id, p.call, p.tokens, p."perSecond", p.burst,
      timestamptz 'epoch' + p."heldUntil" * interval '1 millisecond',
      timestamptz 'epoch' + p.at * interval '1 millisecond'
    from jsonb_to_recordset(${JSON.stringify(paces)}::jsonb) as p(connection text, call text,
      "perSecond" float8, burst float8, tokens float8, at float8, "heldUntil" float8)
    join connection c on c.id = p.connection
    on conflict (connection_id, call) do update set tokens = excluded.tokens,
      per_second = excluded.per_second, burst = excluded.burst, held_until = excluded.held_until,
      at = excluded.at
    where call_pace.at <= excluded.at`;
}

/** What a connection did and heard last. */
export interface LatestWork {
  /** The last call: when it was answered, and how many numbers had each answer. */
  push: { at: Date; outcomes: { outcome: string; count: number }[] } | null;
  readBackAt: Date | null;
  /** The last message of an order, and by which way it was heard. */
  order: { at: Date; by: "message" | "sweep" } | null;
  /** The listing that was changed most today, where changes are counted by the day. */
  revisions: { group: string; count: number } | null;
  paces: CallPace[];
}

/** Rows of the whole shop among which a connection's latest are looked for. */
const LOOKED_AT = 5_000;

/** @param day the day of the marketplace's budget of changes, YYYY-MM-DD; null = it has none. */
export async function latestWork(
  db: Queryable,
  shop: string,
  connection: string,
  day: string | null,
): Promise<LatestWork> {
  const [push, seen, order, revisions, paces] = await Promise.all([
    lastPush(db, shop, connection),
    db.listing.aggregate({
      where: { shopId: shop, connectionId: connection },
      _max: { shownAt: true },
    }),
    lastOrder(db, shop, connection),
    day === null ? null : mostRevised(db, shop, connection, day),
    db.callPace.findMany({ where: { shopId: shop, connectionId: connection } }),
  ]);
  return {
    ...{ push, order, revisions, readBackAt: seen._max.shownAt },
    paces: paces.map(({ call, perSecond, burst, tokens, at, heldUntil }) => ({
      ...{ connection, call, perSecond, burst, tokens },
      ...{ at: at.getTime(), heldUntil: heldUntil?.getTime() ?? null },
    })),
  };
}

async function lastPush(
  db: Queryable,
  shop: string,
  connection: string,
): Promise<LatestWork["push"]> {
  const rows = await db.$queryRaw<{ at: Date; outcome: string; count: number }[]>`
    with recent as (
      select p.sent_at, p.answered_at, p.outcome
      from (select * from push where shop_id = ${shop} order by id desc limit ${LOOKED_AT}) p
      join listing l on l.id = p.listing_id and l.shop_id = ${shop}
        and l.connection_id = ${connection})
    select max(answered_at) as at, outcome, count(*)::int as count from recent
    where sent_at = (select max(sent_at) from recent) group by outcome order by count desc`;
  const [first] = rows;
  return first ? { at: first.at, outcomes: rows.map(({ at: _, ...rest }) => rest) } : null;
}

async function lastOrder(
  db: Queryable,
  shop: string,
  connection: string,
): Promise<LatestWork["order"]> {
  const [row] = await db.$queryRaw<{ at: Date; by: string }[]>`
    select m.received_at as at, m.heard_by as by
    from (select * from inbox_message where shop_id = ${shop} order by id desc
      limit ${LOOKED_AT}) m
    where m.connection_id = ${connection} and m.topic not like 'carts/%'
    order by m.id desc limit 1`;
  return row ? { at: row.at, by: row.by === "sweep" ? "sweep" : "message" } : null;
}

async function mostRevised(
  db: Queryable,
  shop: string,
  connection: string,
  day: string,
): Promise<LatestWork["revisions"]> {
  const [row] = await db.$queryRaw<{ group: string; count: number }[]>`
    select push_group as "group", count from revision
    where connection_id = ${connection} and shop_id = ${shop} and day = ${day}::date
    order by count desc limit 1`;
  return row ?? null;
}
