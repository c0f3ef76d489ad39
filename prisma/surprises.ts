import { EDGE_MS, type OrderChange, type Surprise } from "../inventory/surprise.ts";
import { type Database, Prisma, type Queryable } from "./client.ts";
import { LATELY, noteDrifts } from "./drifts.ts";
import { soldByAnother } from "./push-terms.ts";
import { allApplied, at, DRIFT, type PushAnswer } from "./pushes.ts";
import { MS, millisOf } from "./sql-time.ts";

/**
 * Notes the numbers that compare-and-set met instead of the expected ones. A drift that was suspected
 * is no question of its own any more: its number has just been overwritten.
 */
export async function noteSurprises(
  db: Queryable,
  shop: string,
  connection: string,
  answers: readonly PushAnswer[],
): Promise<void> {
  const surprises = answers.flatMap(({ job, after: { found }, answeredAt }) => {
    const { listing, expected, acceptedAt, soldSince } = job;
    if (found === null || expected === null || acceptedAt === null) return [];
    if (found === expected) return [];
    const accepted = expected + Math.max(0, soldSince);
    return [{ listing, accepted, since: acceptedAt, found, until: answeredAt }];
  });
  if (surprises.length === 0) return;
  const rows = JSON.stringify(surprises);
  await db.$executeRaw`
    with s as (
      select s.* from jsonb_to_recordset(${rows}::jsonb)
        as s(listing text, accepted int, since float8, found int, until float8)
      join listing l on l.id = s.listing and l.shop_id = ${shop}
        and l.connection_id = ${connection}
    ), asked as (
      delete from drift d using s
      where d.listing_id = s.listing and d.shop_id = ${shop} and d.state = 'suspected'
    )
    insert into surprise (shop_id, connection_id, listing_id, accepted, since, found, until)
    select ${shop}, ${connection}, s.listing, s.accepted,
      timestamptz 'epoch' + s.since * ${MS}, s.found, timestamptz 'epoch' + s.until * ${MS}
    from s`;
}

/** A surprise, and all that can explain it. */
export interface SurpriseCase extends Surprise {
  id: string;
  listing: string;
  changes: OrderChange[];
  /** Other listings of the connection sell the item too. */
  shared: boolean;
  /** What had been accepted before `accepted`, where `accepted` was never seen; else null. */
  earlier: number | null;
  /** Disagreements of this listing that were put right in the last hour. */
  healedLately: number;
}

/** More are left for the next time. */
const AT_ONCE = 500;

/**
 * Surprises of a connection from before `until`, once every message of it is applied, with what is
 * known by now of the orders of their time. A kit is judged by one of its components: an order takes
 * them all.
 */
export async function surpriseCases(
  db: Queryable,
  shop: string,
  connection: string,
  { until, now }: { until: number; now: number },
): Promise<SurpriseCase[]> {
  return db.$queryRaw<SurpriseCase[]>`
    select s.id::text, s.listing_id as listing, s.accepted, s.found,
      ${millisOf(Prisma.sql`s.since`)} as since, ${millisOf(Prisma.sql`s.until`)} as until,
      coalesce((${orderChanges(shop)}), '[]') as changes, ${soldByAnother(Prisma.sql`part.item`)} as shared,
      (${earlierPush(shop)}) as earlier,
      (select count(*)::int from drift o where o.listing_id = s.listing_id and o.state = 'healed'
        and o.closed_at > ${at(now)} - ${LATELY}) as "healedLately"
    from surprise s
    join listing l on l.id = s.listing_id and l.shop_id = s.shop_id
    cross join lateral (
      select l.item_id as item, l.units_per_sale as units where l.item_id is not null
      union all
      select k.item_id, k.units from listing_component k where k.listing_id = l.id
      order by 1 limit 1
    ) part
    where s.shop_id = ${shop} and s.connection_id = ${connection} and s.until <= ${at(until)}
      and ${allApplied(shop, connection)}
    order by s.id limit ${AT_ONCE}`;
}

/** What the connection's orders did to the listing since the number before, in its own units. */
function orderChanges(shop: string): Prisma.Sql {
  const from = Prisma.sql`s.since - ${EDGE_MS}::float8 * ${MS}`;
  return Prisma.sql`
    select jsonb_agg(jsonb_build_object('kind', c.kind, 'units', ceil(c.units / part.units::float8),
      'at', ${millisOf(Prisma.sql`c.at`)}))
    from (
      select case when v.type = 'cancel' then 'put-back' else 'sold' end as kind,
        abs(sum(g.quantity)) as units, coalesce(v.occurred_at, v.at) as at
      from movement v
      join movement_leg g on g.partition = v.partition and g.seq = v.seq and g.bucket = 'committed'
      where v.shop_id = ${shop} and v.item_id = part.item and v.connection_id = s.connection_id
        and v.type in ('sell', 'commit', 'cancel') and v.at >= ${from}
      group by v.partition, v.seq, v.type, v.occurred_at, v.at
      union all
      select 'put-back', r.quantity, r.at from return_notice r
      where r.shop_id = ${shop} and r.item_id = part.item and r.connection_id = s.connection_id
        and r.stage <> 'announced' and r.at >= ${from}
    ) c`;
}

/** The number before the one that was taken and never seen. */
function earlierPush(shop: string): Prisma.Sql {
  return Prisma.sql`
    select (array_agg(p.quantity order by p.id desc) filter (where p.quantity <> s.accepted))[1]
    from (
      select * from push where listing_id = l.id and shop_id = ${shop} and outcome = 'accepted'
        and answered_at <= s.since order by id desc limit 20
    ) p
    having not coalesce(bool_or(p.shown_at is not null) filter (where p.quantity = s.accepted), true)`;
}

/** A surprise that orders do not explain. */
export interface JudgedSurprise {
  surprise: string;
  listing: string;
  expected: number;
  found: number;
  cause: string;
  /** What a page says of it. */
  detail: string;
  state: "healed" | "open";
  /** What is missing there stays missing until a person says otherwise. */
  waits: boolean;
}

/** Forgets surprises that were looked into, and writes down as drift what nothing explains. */
export async function settleSurprises(
  db: Database,
  shop: string,
  looked: readonly string[],
  judged: readonly JudgedSurprise[],
  now: Date,
): Promise<void> {
  if (looked.length === 0) return;
  await db.$transaction(async (tx) => {
    const rows = JSON.stringify(judged);
    const drifts = await tx.$queryRaw<{ id: string }[]>`
      with j as (
        select j.*, s.connection_id, s.until from jsonb_to_recordset(${rows}::jsonb)
          as j(surprise bigint, listing text, expected int, found int, cause text, detail text,
            state text, waits boolean)
        -- Gone: somebody else looked into it at the same time.
        join surprise s on s.id = j.surprise and s.shop_id = ${shop}
      ), gone as (
        delete from surprise where id = any(${looked}::bigint[]) and shop_id = ${shop}
      ), told as (
        update listing l set trouble = ${DRIFT} || j.detail
        from j where l.id = j.listing and l.shop_id = ${shop} and j.state = 'open'
      )
      insert into drift (shop_id, connection_id, listing_id, expected, found, cause, detail, state,
        waits, found_at, closed_at)
      select ${shop}, j.connection_id, j.listing, j.expected, j.found, j.cause, j.detail, j.state,
        j.waits, j.until, case when j.state = 'healed' then ${now}::timestamptz end
      from j order by j.surprise returning id::text`;
    await noteDrifts(
      tx,
      shop,
      drifts.map(({ id }) => id),
      now,
    );
  });
}
