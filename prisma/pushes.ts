import { Prisma, type Queryable } from "./client.ts";
import { MAX_TRIES } from "./plans.ts";

/** What a connection has to tell its marketplace, as counts of listings. */
export interface PushWork {
  /** Sent without a recorded answer, and due to be read back first. */
  inDoubt: number;
  /** May be sent now. */
  ready: number;
  /** Wait until the connection's orders are known: see `mayRaise`. */
  raisesWaiting: number;
  /** When the next listing may be sent, in ms since the epoch; null = none has to wait. */
  nextAt: number | null;
}

/** A listing's newest plan at the moment of sending. */
export interface PushJob {
  listing: string;
  item: string;
  externalId: string;
  handle: Record<string, string>;
  /** Version of the item the plan was made from. */
  seq: number;
  quantity: number;
  /** What the marketplace is thought to have: accepted, minus what it sold since. Null = unknown. */
  expected: number | null;
  /** Sales there since the accepted number; below 0, that many are still to be heard of. */
  soldSince: number;
  tries: number;
}

const MS = Prisma.sql`interval '1 millisecond'`;

/** A time in ms as the database has it, whatever time zone its sessions are in. */
export function at(ms: number): Prisma.Sql {
  return Prisma.sql`(timestamptz 'epoch' + ${ms}::float8 * ${MS})`;
}

/**
 * What to tell: the plan, less what the marketplace is known to have sold and the plan does not
 * know yet. The generated column `dirty` says the same.
 */
const TARGET = Prisma.sql`greatest(0, l.planned + least(0, l.sold_since))`;

/**
 * What the marketplace is thought to have: it lowers its number by itself when it sells. Below 0
 * when it sold what it showed too late that it had not.
 */
const EXPECTED = Prisma.sql`(l.accepted - greatest(0, l.sold_since))`;

/** Shows more than the marketplace is thought to have. Never pushed before counts as raising. */
const RAISES = Prisma.sql`(${TARGET} > coalesce(${EXPECTED}, 0))`;

/**
 * Less is safe, more must be earned (invariant 9). Whether a marketplace has orders we have not
 * counted is known as far as its inbox tells: while a message of the connection is not applied, the
 * plan may not know of its sale, and a higher number would sell that unit again. This holds for
 * compare-and-set too: what was found stale is most likely such a sale.
 */
function mayRaise(shop: string, connection: string): Prisma.Sql {
  return Prisma.sql`not exists (
    select from inbox_message m
    where m.shop_id = ${shop} and m.connection_id = ${connection} and m.state = 'received')`;
}

function ofConnection(shop: string, connection: string): Prisma.Sql {
  return Prisma.sql`l.dirty and l.connection_id = ${connection} and l.shop_id = ${shop}`;
}

/**
 * A listing that shows this many sales or more rests between two numbers. While stock is deep
 * nobody is hurt by a moment, and a rush makes a few calls a second instead of one a sale; near
 * the end every sale is told at once.
 */
const PLENTY = 50;
const REST_MS = 400;

/** When the listing may be sent: its back-off is over, and it has rested. */
const SEND_AT = Prisma.sql`greatest(
  coalesce(l.not_before, '-infinity'),
  case when ${TARGET} >= ${PLENTY} and l.accepted_at is not null
       then l.accepted_at + ${REST_MS} * ${MS} else '-infinity' end)`;

function due(now: number): Prisma.Sql {
  return Prisma.sql`(${SEND_AT} <= ${at(now)})`;
}

/** A back-off is over: for reading back, which does not wait until a listing has rested. */
export function waited(now: number): Prisma.Sql {
  return Prisma.sql`(l.not_before is null or l.not_before <= ${at(now)})`;
}

const SENDABLE = Prisma.sql`(not l.in_doubt and l.tries < ${MAX_TRIES})`;

/** What there is to push on a connection at `now` (ms). */
export async function pushWork(
  db: Queryable,
  shop: string,
  connection: string,
  now: number,
): Promise<PushWork> {
  const [row] = await db.$queryRaw<
    { doubt: number; lowers: number; raises: number; earned: boolean; next: number | null }[]
  >`
    select count(*) filter (where l.in_doubt and ${waited(now)})::int as doubt,
      count(*) filter (where ${SENDABLE} and ${due(now)} and not ${RAISES})::int as lowers,
      count(*) filter (where ${SENDABLE} and ${due(now)} and ${RAISES})::int as raises,
      ${mayRaise(shop, connection)} as earned,
      (extract(epoch from min(case when l.in_doubt then l.not_before else ${SEND_AT} end) filter (
        where l.tries < ${MAX_TRIES} and not ${due(now)})) * 1000)::float8 as next
    from listing l where ${ofConnection(shop, connection)}`;
  const { doubt = 0, lowers = 0, raises = 0, earned = false, next = null } = row ?? {};
  return {
    inDoubt: doubt,
    ready: lowers + (earned ? raises : 0),
    raisesWaiting: earned ? 0 : raises,
    nextAt: next,
  };
}

/**
 * Takes up to `limit` listings to send now: what lowers first, then what is least covered. From
 * here until their answers are recorded they are in doubt, so that a crash in between is noticed
 * (and two processes never send the same listing at once).
 */
export async function claimPushes(
  db: Queryable,
  shop: string,
  connection: string,
  { limit, now }: { limit: number; now: number },
): Promise<PushJob[]> {
  const rows = await db.$queryRaw<(PushJob & { raises: boolean })[]>`
    with claimed as (
      select l.id, ${RAISES} as raises from listing l
      where ${ofConnection(shop, connection)} and ${SENDABLE} and ${due(now)}
        and (not ${RAISES} or ${mayRaise(shop, connection)})
      order by raises, l.planned, l.planned_seq, l.id
      limit ${limit} for update of l skip locked
    )
    update listing l set in_doubt = true from claimed c where l.id = c.id
    returning l.id as listing, l.item_id as item, l.external_id as "externalId", l.handle,
      l.planned_seq::float8 as seq, ${TARGET} as quantity,
      ${EXPECTED} as expected, l.sold_since as "soldSince", l.tries,
      c.raises`;
  return rows
    .sort((a, b) => Number(a.raises) - Number(b.raises) || a.quantity - b.quantity)
    .map(({ raises: _, ...job }) => job);
}

/** What becomes of a listing after an answer. Null = as it was. */
export interface AfterPush {
  /** The marketplace has this number now. */
  accepted: number | null;
  /** Of the plan that it took, when it took ours. */
  acceptedSeq: number | null;
  /** Units it has sold that are not heard of yet: `accepted` is already without them. */
  unheard: number;
  tries: number;
  /** Ms since the epoch. */
  notBefore: number | null;
  trouble: string | null;
  inDoubt: boolean;
}

export interface PushAnswer {
  job: PushJob;
  outcome: string;
  detail: string | null;
  /** Ms since the epoch. */
  sentAt: number;
  answeredAt: number;
  after: AfterPush;
}

/** The first read-back of an accepted number comes this long after it. */
export const FIRST_READ_MS = 300;

/** Begins the trouble of a listing that does not show what its marketplace accepted. */
export const DRIFT = "Drift: ";

/**
 * Records the answers of one call in one statement: each listing's numbers and its row of history.
 * Only a read-back that agrees takes back that a listing drifts. An accepted number closes what was
 * given up before it.
 */
export async function recordAnswers(
  db: Queryable,
  shop: string,
  answers: readonly PushAnswer[],
): Promise<void> {
  const rows = JSON.stringify(answers.map(asColumns));
  await db.$executeRaw`
    with a as (
      select * from jsonb_to_recordset(${rows}::jsonb) as a(listing text, seq bigint, quantity int,
        outcome text, detail text, sent_at float8, answered_at float8, accepted int,
        accepted_seq bigint, sold_since int, unheard int, tries int, not_before float8, trouble text,
        in_doubt boolean)
    ), locked as (
      select l.id from listing l join a on a.listing = l.id
      where l.shop_id = ${shop} order by l.id for update of l
    ), changed as (
      update listing l set
        accepted = coalesce(a.accepted, l.accepted),
        accepted_seq = case when a.accepted = l.planned then l.planned_seq
                            else coalesce(a.accepted_seq, l.accepted_seq) end,
        accepted_at = case when a.accepted is null then l.accepted_at
                           else ${time(Prisma.sql`a.answered_at`)} end,
        sold_since = case when a.accepted is null then l.sold_since
                          else l.sold_since - greatest(0, a.sold_since) - a.unheard end,
        read_after = case when a.accepted is null then l.read_after
          when l.unseen and l.read_after is not null then l.read_after
          else ${time(Prisma.sql`a.answered_at + ${FIRST_READ_MS}`)} end,
        tries = a.tries, in_doubt = a.in_doubt,
        not_before = ${time(Prisma.sql`a.not_before`)},
        trouble = case when a.trouble is null and l.trouble like ${`${DRIFT}%`} then l.trouble
                       else a.trouble end,
        sale_to_ack_ms = case
          when l.sale_to_ack_ms is null and (a.accepted = l.planned or a.accepted_seq >= l.sale_seq)
          then ${sinceSale(Prisma.sql`a.answered_at`)}
          else l.sale_to_ack_ms end
      from a join locked on locked.id = a.listing
      where l.id = a.listing
    ), closed as (
      update dead_letter d set state = 'retried', closed_at = now(),
        closed_why = 'a later number was accepted'
      from a where a.outcome = 'accepted' and d.subject = a.listing and d.kind = 'push'
        and d.state = 'open' and d.shop_id = ${shop}
    )
    insert into push (shop_id, listing_id, seq, quantity, outcome, detail, sent_at, answered_at)
    select ${shop}, a.listing, a.seq, a.quantity, a.outcome, a.detail,
      ${time(Prisma.sql`a.sent_at`)}, ${time(Prisma.sql`a.answered_at`)}
    from a join locked on locked.id = a.listing order by a.listing`;
}

/**
 * Ms from the listing's latest sale elsewhere to `ms`. Not below 0, for a marketplace's clock may be
 * ahead of ours; and kept in its column, for a sale may be told weeks later.
 */
export function sinceSale(ms: Prisma.Sql): Prisma.Sql {
  // greatest(0, null) is 0: a listing without a sale has waited for none.
  return Prisma.sql`
    case when l.sale_at is not null then
      least(2147483647, greatest(0, round(${ms} - extract(epoch from l.sale_at) * 1000)))::int
    end`;
}

/** Ms in a column of the answer as a time; null stays null. */
export function time(ms: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(timestamptz 'epoch' + (${ms}) * ${MS})`;
}

function asColumns({ job, after, ...answer }: PushAnswer) {
  return {
    listing: job.listing,
    seq: job.seq,
    quantity: job.quantity,
    outcome: answer.outcome,
    detail: answer.detail?.slice(0, 1_000) ?? null,
    sent_at: answer.sentAt,
    answered_at: answer.answeredAt,
    accepted: after.accepted,
    accepted_seq: after.acceptedSeq,
    sold_since: job.soldSince,
    unheard: after.unheard,
    tries: after.tries,
    not_before: after.notBefore,
    trouble: after.trouble?.slice(0, 500) ?? null,
    in_doubt: after.inDoubt,
  };
}

/**
 * Stops waiting to hear of sales that turn out to be none: everything the connection sold before
 * `knownTo` (ms) is in the ledger by now, so what was missing then was taken by somebody else. The
 * listings are told their plan again.
 */
export async function forgetUnheard(
  db: Queryable,
  shop: string,
  connection: string,
  knownTo: number,
): Promise<number> {
  return db.$executeRaw`
    update listing l set sold_since = 0
    where l.connection_id = ${connection} and l.shop_id = ${shop} and l.sold_since < 0
      and l.accepted_at < ${at(knownTo)} and ${mayRaise(shop, connection)}`;
}

/**
 * Connections of any shop whose listings have something to tell, or to be read back, at `now` (ms):
 * only for the sweep, which finds the jobs that were lost.
 */
export async function connectionsWithWork(
  db: Queryable,
  now: number,
): Promise<{ push: string[]; readBack: string[] }> {
  const [push, readBack] = await Promise.all([
    db.$queryRaw<{ id: string }[]>`
      select distinct l.connection_id as id from listing l
      where l.dirty and ${due(now)} and (l.in_doubt or l.tries < ${MAX_TRIES})`,
    db.$queryRaw<{ id: string }[]>`
      select distinct l.connection_id as id from listing l
      where l.unseen and (l.read_after is null or l.read_after <= ${at(now)})`,
  ]);
  return { push: push.map((row) => row.id), readBack: readBack.map((row) => row.id) };
}
