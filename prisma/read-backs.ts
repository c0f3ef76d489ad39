import { Prisma, type Queryable } from "./client.ts";
import type { Suspect } from "./drifts.ts";
import { at, DRIFT, FIRST_READ_MS, sinceSale, waited } from "./pushes.ts";
import { type OneIn, sampled } from "./read-samples.ts";

/** A listing whose live number is to be read. */
export interface ReadJob {
  listing: string;
  item: string | null;
  externalId: string;
  handle: Record<string, string>;
}

/** Which listings are read: those in doubt before the next write, or those accepted and unseen. */
export type ReadReason = "in-doubt" | "unseen";

function wanted(reason: ReadReason, now: number): Prisma.Sql {
  return reason === "in-doubt"
    ? Prisma.sql`l.dirty and l.in_doubt and ${waited(now)}`
    : Prisma.sql`l.unseen and (l.read_after is null or l.read_after <= ${at(now)})`;
}

export interface DueReads {
  reason: ReadReason;
  limit: number;
  now: number;
  oneIn?: OneIn;
}

/** Up to `limit` listings to read back at `now` (ms), the longest waiting first. */
export async function dueReadBacks(
  db: Queryable,
  shop: string,
  connection: string,
  { reason, limit, now, oneIn = 1 }: DueReads,
): Promise<ReadJob[]> {
  return db.$queryRaw<ReadJob[]>`
    select l.id as listing, l.item_id as item, l.external_id as "externalId", l.handle
    from listing l
    where ${wanted(reason, now)} and l.connection_id = ${connection} and l.shop_id = ${shop}
      and ${sampled(oneIn)}
    order by l.read_after nulls first, l.id limit ${limit}`;
}

/** When the next listing that was accepted and not seen is to be read, in ms; null = none is. */
export async function nextReadAt(
  db: Queryable,
  shop: string,
  connection: string,
  oneIn: OneIn,
): Promise<number | null> {
  const [row] = await db.$queryRaw<{ next: number | null }[]>`
    select (extract(epoch from min(l.read_after)) * 1000)::float8 as next from listing l
    where l.unseen and l.connection_id = ${connection} and l.shop_id = ${shop}
      and ${sampled(oneIn)}`;
  return row?.next ?? null;
}

/** A live number as it was read. Null: the marketplace does not say, or has no such listing. */
export interface ReadAnswer {
  listing: string;
  quantity: number | null;
}

/** An unseen number is read again after as long as it has been unseen, but at least this often. */
const READ_EVERY_MS = 60_000;

export interface ReadOutcome {
  /** They show another number than was accepted, though it had time to arrive. */
  suspects: Suspect[];
  /** They show what was accepted. */
  agreeing: string[];
}

/**
 * Records what the marketplace really shows. Where it agrees with what was accepted, the sale that
 * led there has arrived. Where it does not, although nothing newer was planned or sold there, and
 * it had been seen already or had `driftAfterMs` to arrive, it is a suspect: see drift-watch.ts.
 */
export async function recordReadBacks(
  db: Queryable,
  shop: string,
  answers: readonly ReadAnswer[],
  { now, driftAfterMs }: { now: number; driftAfterMs: number },
): Promise<ReadOutcome> {
  const rows = JSON.stringify(answers);
  const found = await db.$queryRaw<(Suspect & { agrees: boolean; drifts: boolean })[]>`
    with r as (
      select * from jsonb_to_recordset(${rows}::jsonb) as r(listing text, quantity int)
    ), old as (
      select l.id, l.accepted, l.trouble, r.quantity,
        r.quantity is not distinct from l.accepted as agrees,
        r.quantity is distinct from l.accepted and l.planned = l.accepted and l.sold_since = 0
          and not l.in_doubt and l.file_id is null
          and (l.accepted_at <= ${at(now - driftAfterMs)} or ${arrived(shop)}) as drifts
      from listing l join r on r.listing = l.id
      where l.shop_id = ${shop} order by l.id for update of l
    ), changed as (
      update listing l set
        shown = o.quantity,
        shown_at = ${at(now)},
        vouched = false,
        read_after = ${at(now)} + least(${READ_EVERY_MS}::float8, greatest(${FIRST_READ_MS}::float8,
          extract(epoch from ${at(now)} - l.accepted_at) * 1000)) * interval '1 millisecond',
        trouble = case when o.agrees and l.trouble like ${`${DRIFT}%`} and not exists (
                         select from drift d where d.listing_id = l.id and d.state = 'open' and d.waits)
                       then null else l.trouble end,
        sale_to_shown_ms = case
          when o.agrees and l.sale_to_shown_ms is null and l.accepted_seq >= l.sale_seq
          then ${sinceSale(Prisma.sql`${now}::float8`)}
          else l.sale_to_shown_ms end
      from old o where l.id = o.id
    ), seen as (
      update push set shown_at = ${at(now)}
      where id in (select s.id from old o cross join lateral (${firstShowing(shop)}) s)
    )
    select id as listing, accepted as expected, quantity as found, agrees, drifts from old
    where agrees or drifts`;
  const suspects = found.filter((one) => one.drifts);
  return {
    suspects: suspects.map(({ listing, expected, found: shows }) => {
      return { listing, expected, found: shows };
    }),
    agreeing: found.filter((one) => one.agrees).map((one) => one.listing),
  };
}

/** The accepted number was seen there already: what shows now is no delay any more. */
function arrived(shop: string): Prisma.Sql {
  return Prisma.sql`exists (
    select from push p where p.listing_id = l.id and p.shop_id = ${shop}
      and p.seq = l.accepted_seq and p.quantity = l.accepted and p.shown_at is not null)`;
}

/** A push that led to a number is looked for among this many of its listing's last ones. */
const RECENT_PUSHES = 200;

/**
 * The earliest push of the number that was read, among those after the last one that was seen: a
 * marketplace shows pushes in their order, and claiming a later one would flatter the latency.
 */
function firstShowing(shop: string): Prisma.Sql {
  return Prisma.sql`
    select recent.id from (
      select p.id, p.quantity, p.outcome,
        max(p.id) filter (where p.shown_at is not null) over () as seen
      from (
        select * from push where listing_id = o.id and shop_id = ${shop}
        order by seq desc, id desc limit ${RECENT_PUSHES}
      ) p
    ) recent
    where recent.outcome = 'accepted' and recent.quantity = o.quantity
      and recent.id > coalesce(recent.seen, 0)
    order by recent.id limit 1`;
}

/**
 * Settles listings in doubt by what was read: the marketplace has this number, whoever set it.
 * Where it does not say, nothing is known, and the next push expects nothing. A push without an
 * answer whose number is found there did count.
 */
export async function settleDoubts(
  db: Queryable,
  shop: string,
  answers: readonly ReadAnswer[],
  now: number,
): Promise<void> {
  const rows = JSON.stringify(answers);
  const late = sinceSale(Prisma.sql`${now}::float8`);
  await db.$executeRaw`
    with r as (
      select * from jsonb_to_recordset(${rows}::jsonb) as r(listing text, quantity int)
    ), locked as (
      select l.id, r.quantity from listing l join r on r.listing = l.id
      where l.shop_id = ${shop} order by l.id for update of l
    ), counted as (
      update push set outcome = 'accepted', detail = 'found by reading back',
        answered_at = ${at(now)}, shown_at = ${at(now)}
      where id in (
        select (
          select p.id from push p where p.listing_id = r.id and p.shop_id = ${shop}
            and p.outcome in ('unknown', 'unavailable') and p.quantity = r.quantity
          order by p.seq desc, p.id desc limit 1
        ) from locked r)
    )
    update listing l set
      in_doubt = false, not_before = null, trouble = null,
      -- What was sold there is in the number now, but not in the plan while it is unheard of.
      sold_since = least(0, l.sold_since),
      accepted = r.quantity, accepted_at = ${at(now)}, shown = r.quantity, shown_at = ${at(now)},
      vouched = false,
      accepted_seq = case when r.quantity = l.planned then l.planned_seq else l.accepted_seq end,
      sale_to_ack_ms = case when r.quantity = l.planned and l.sale_to_ack_ms is null
                            then ${late} else l.sale_to_ack_ms end,
      sale_to_shown_ms = case when r.quantity = l.planned and l.sale_to_shown_ms is null
                              then ${late} else l.sale_to_shown_ms end
    from locked r where l.id = r.id`;
}

/** Puts off reading listings back, after a call that failed. `until` in ms since the epoch. */
export async function postponeReads(
  db: Queryable,
  shop: string,
  listings: readonly string[],
  reason: ReadReason,
  until: number,
): Promise<void> {
  const column = reason === "unseen" ? Prisma.sql`read_after` : Prisma.sql`not_before`;
  await db.$executeRaw`
    update listing set ${column} = ${at(until)}
    where id = any(${listings}::text[]) and shop_id = ${shop}`;
}
