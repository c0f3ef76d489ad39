import { Prisma, type Queryable } from "./client.ts";
import { MAX_TRIES } from "./plans.ts";
import { PLENTY, RAISES, TARGET } from "./push-numbers.ts";
import { budgetAt, GROUP, type PushTerms, recordedAt, revisionsOf } from "./push-terms.ts";
import { at, MS, time } from "./sql-time.ts";

export { at } from "./sql-time.ts";

/** What a connection has to tell its marketplace, as counts of listings. */
export interface PushWork {
  /** False while it is not live, paused, disconnected, or not let in: nothing is sent then. */
  open: boolean;
  /** Sent without a recorded answer, and due to be read back first. */
  inDoubt: number;
  /** May be sent now. */
  ready: number;
  /** Of those: nearly sold out, so that they wait for no file. */
  urgent: number;
  /** Groups that the ready ones are of. */
  groups: number;
  /** Wait until the connection's orders are known: see `mayRaise`. */
  raisesWaiting: number;
  /** They wait because the orders have not been read lately. */
  ordersOld: boolean;
  /** When the next listing may be sent, in ms since the epoch; null = none has to wait. */
  nextAt: number | null;
}

/** A listing's newest plan at the moment of sending. */
export interface PushJob {
  listing: string;
  /** Null for a kit. */
  item: string | null;
  externalId: string;
  handle: Record<string, string>;
  /** What its marketplace counts or calls together. */
  group: string;
  /** Version of the item the plan was made from. */
  seq: number;
  quantity: number;
  /** What the marketplace is thought to have: accepted, minus what it sold since. Null = unknown. */
  expected: number | null;
  /** When it had accepted the number that `expected` came from, in ms; null = it never did. */
  acceptedAt: number | null;
  /** Sales there since the accepted number; below 0, that many are still to be heard of. */
  soldSince: number;
  /** Causes to tell it again that this push takes back. */
  again: number;
  /** Sold there and not yet shipped; null where the marketplace does not count them in. */
  openUnits: number | null;
  /** Names this attempt at the marketplace: see `PushLine.key`. */
  key: string;
  /** The day whose budget of revisions it was taken from; null where there is none. */
  day: string | null;
  tries: number;
}

/**
 * Less is safe, more must be earned (invariant 9): a higher number sells every unit again that the
 * marketplace has sold and the plan does not know of. So it waits while a message of the connection
 * is not applied, and until the orders themselves were read lately, for a message may be lost. The
 * first holds for compare-and-set too: what was found stale is most likely such a sale.
 */
export function mayRaise(shop: string, connection: string, terms: PushTerms): Prisma.Sql {
  return Prisma.sql`(${allApplied(shop, connection)} and ${ordersRead(shop, connection, terms)})`;
}

export function allApplied(shop: string, connection: string): Prisma.Sql {
  return Prisma.sql`not exists (
    select from inbox_message m
    where m.shop_id = ${shop} and m.connection_id = ${connection} and m.state = 'received')`;
}

function ordersRead(shop: string, connection: string, { ordersSince }: PushTerms): Prisma.Sql {
  if (ordersSince === null) return Prisma.sql`true`;
  return Prisma.sql`exists (
    select from connection c
    where c.id = ${connection} and c.shop_id = ${shop} and c.orders_read_at >= ${at(ordersSince)})`;
}

export function ofConnection(shop: string, connection: string): Prisma.Sql {
  return Prisma.sql`l.dirty and l.connection_id = ${connection} and l.shop_id = ${shop}`;
}

/**
 * Nothing is sent before the connection is live, and while a person has paused it, the merchant has
 * taken us out, or the marketplace does not let us in; nor to places that are no longer chosen.
 */
export function isOpen(shop: string, connection: string, places: string): Prisma.Sql {
  return Prisma.sql`exists (
    select from connection c
    where c.id = ${connection} and c.shop_id = ${shop} and ${OPEN} and ${PLACES} = ${places})`;
}

/** As `placeKey` writes it. */
const PLACES = Prisma.sql`(coalesce(c.settings->>'place', '') || '/'
  || coalesce(c.settings->>'emptiedPlaces', ''))`;

const OPEN = Prisma.sql`(
  c.live_at is not null and c.paused_at is null and c.disconnected_at is null
  and c.shut_out is null)`;

/** One that lowers to less than this is urgent: it goes out before everything else. */
const URGENT = 5;

/**
 * A listing's pushes are spread, so that a rush makes two calls a second instead of one a sale: a
 * thousand sales in ten seconds are 24 calls at most. Each push moves `rest_until` on by this, and
 * the next one goes out when that time has come; where stock is shallow, up to two earlier.
 */
export const REST_MS = 500;
const SHALLOW_AHEAD = 2;

/** Longer rests are no rests: the clock was set back, and nobody has to wait for it. */
const LONGEST_REST_MS = 4 * REST_MS;

/** Showing 0 waits for no rest: what is sold out must not be sold. */
function restedAt(now: number): Prisma.Sql {
  return Prisma.sql`case
    when ${TARGET} = 0 or l.rest_until > ${at(now + LONGEST_REST_MS)} then '-infinity'
    else coalesce(l.rest_until, '-infinity')
      - case when ${TARGET} >= ${PLENTY} then 0 else ${SHALLOW_AHEAD * REST_MS}::float8 end * ${MS}
    end`;
}

/** When the listing may be sent: its back-off is over, it has rested, its budget allows it. */
function sendAt(terms: PushTerms, now: number): Prisma.Sql {
  return Prisma.sql`greatest(coalesce(l.not_before, '-infinity'), ${restedAt(now)},
    ${budgetAt(terms, now)}, ${recordedAt(terms, now)})`;
}

function due(terms: PushTerms, now: number): Prisma.Sql {
  return Prisma.sql`(${sendAt(terms, now)} <= ${at(now)})`;
}

/** A back-off is over: for reading back, which does not wait until a listing has rested. */
export function waited(now: number): Prisma.Sql {
  return Prisma.sql`(l.not_before is null or l.not_before <= ${at(now)})`;
}

const SENDABLE = Prisma.sql`(
  not l.in_doubt and l.file_id is null and l.tries < ${MAX_TRIES})`;

/** May be claimed at `now` (ms), but for the wait of what raises. Needs `revisionsOf` joined. */
export function claimable(terms: PushTerms, now: number): Prisma.Sql {
  return Prisma.sql`${SENDABLE} and ${due(terms, now)}`;
}

/** What there is to push on a connection at `now` (ms). */
export async function pushWork(
  db: Queryable,
  shop: string,
  connection: string,
  { now, terms }: { now: number; terms: PushTerms },
): Promise<PushWork> {
  const [row] = await db.$queryRaw<
    (Pick<PushWork, "open" | "urgent" | "groups"> & {
      doubt: number;
      lowers: number;
      raises: number;
      applied: boolean;
      read: boolean;
      next: number | null;
    })[]
  >`
    with line as materialized (
      select l.in_doubt, ${waited(now)} as waited, ${SENDABLE} as sendable,
        ${sendAt(terms, now)} as send_at, ${RAISES} as raises, ${TARGET} as target, l.not_before,
        l.file_id, ${terms.oneGroup ? GROUP : Prisma.sql`null`} as push_group
      from listing l ${revisionsOf(terms)}
      where ${ofConnection(shop, connection)} and l.tries < ${MAX_TRIES}
    ), l as (select *, sendable and send_at <= ${at(now)} as ready from line)
    select ${isOpen(shop, connection, terms.places)} as open,
      count(*) filter (where in_doubt and waited)::int as doubt,
      count(*) filter (where ready and not raises)::int as lowers,
      count(*) filter (where ready and raises)::int as raises,
      count(*) filter (where ready and not raises and target < ${URGENT})::int as urgent,
      ${terms.oneGroup ? Prisma.sql`count(distinct push_group) filter (where ready)::int` : Prisma.sql`0`}
        as groups,
      ${allApplied(shop, connection)} as applied, ${ordersRead(shop, connection, terms)} as read,
      (extract(epoch from min(case when in_doubt then not_before else send_at end) filter (
        where file_id is null and not ready and not (in_doubt and waited))) * 1000)::float8 as next
    from l`;
  if (!row?.open) return NO_WORK;
  const { open, doubt, lowers, raises, next, urgent, groups } = row;
  const earned = row.applied && row.read;
  const ready = lowers + (earned ? raises : 0);
  const raisesWaiting = earned ? 0 : raises;
  const ordersOld = raisesWaiting > 0 && !row.read;
  return { open, inDoubt: doubt, ready, urgent, groups, raisesWaiting, ordersOld, nextAt: next };
}

const NO_WORK: PushWork = {
  ...{ open: false, inDoubt: 0, ready: 0, urgent: 0, groups: 0, nextAt: null },
  ...{ raisesWaiting: 0, ordersOld: false },
};

/** What becomes of a listing after an answer. Null = as it was. */
export interface AfterPush {
  /** The marketplace has this number now. */
  accepted: number | null;
  /** Of the plan that it took, when it took ours. */
  acceptedSeq: number | null;
  /** Units it has sold that are not heard of yet: `accepted` is already without them. */
  unheard: number;
  /** What it had instead of what was expected; null = what was expected, or not told. */
  found: number | null;
  tries: number;
  /** Ms since the epoch. */
  notBefore: number | null;
  trouble: string | null;
  inDoubt: boolean;
  /** It surely did not change what the marketplace has: its rest is given back. */
  unspent: boolean;
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
        in_doubt boolean, unspent boolean, again int)
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
        tries = a.tries, in_doubt = a.in_doubt, file_id = null,
        again = case when a.accepted is null then l.again else greatest(0, l.again - a.again) end,
        rest_until = case when a.unspent then l.rest_until - ${REST_MS} * ${MS}
                          else l.rest_until end,
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
    unspent: after.unspent,
    again: job.again,
  };
}

/**
 * Stops waiting to hear of sales that turn out to be none: everything the connection sold before
 * `knownTo` (ms) is in the ledger by now, so what was missing then was taken by somebody else. The
 * listings are told their plan again, once it was looked into what took the units
 * (weigh-surprises.ts), and but for those that a person decides about.
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
      and l.accepted_at < ${at(knownTo)} and ${allApplied(shop, connection)}
      and not exists (
        select from drift d where d.listing_id = l.id and d.state = 'open' and d.waits)
      and not exists (select from surprise s where s.listing_id = l.id)`;
}

/** Connections with something to do at `now` (ms), by what it is. */
export interface ConnectionsWithWork {
  push: string[];
  readBack: string[];
  /** Files whose result is to be asked for. */
  file: string[];
}

/**
 * Connections of any shop whose listings have something to tell, or to be read back, at `now` (ms):
 * only for the sweep, which finds the jobs that were lost. How a marketplace counts is left to the
 * job, which finds nothing ready then.
 */
export async function connectionsWithWork(
  db: Queryable,
  now: number,
): Promise<ConnectionsWithWork> {
  const rested = Prisma.sql`(${waited(now)} and ${restedAt(now)} <= ${at(now)})`;
  const [push, readBack, file] = await Promise.all([
    db.$queryRaw<{ id: string }[]>`
      select distinct c.id from listing l join connection c on c.id = l.connection_id and ${OPEN}
      where l.dirty and ((l.in_doubt and ${waited(now)}) or (${SENDABLE} and ${rested}))`,
    db.$queryRaw<{ id: string }[]>`
      select distinct l.connection_id as id from listing l
      where l.unseen and (l.read_after is null or l.read_after <= ${at(now)})`,
    db.$queryRaw<{ id: string }[]>`
      select distinct c.id from push_file f
      join connection c on c.id = f.connection_id and c.disconnected_at is null
        and c.shut_out is null
      where f.state in ('submitting', 'processing') and f.check_after <= ${at(now)}`,
  ]);
  const ids = (rows: { id: string }[]) => rows.map((row) => row.id);
  return { push: ids(push), readBack: ids(readBack), file: ids(file) };
}
