import { RETRY_FOR_MS } from "../inventory/webhook.ts";
import { bury } from "./bury.ts";
import { type Database, Prisma, type Queryable } from "./client.ts";

export const DELIVERY_STATES = ["waiting", "sending", "retrying", "delivered", "dead"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event for one endpoint, and what became of it. */
export interface DeliveryRow {
  /** Its place in the endpoint's log. */
  sequence: string;
  event: string;
  type: string;
  sku: string | null;
  data: unknown;
  at: Date;
  merged: number;
  state: DeliveryState;
  tries: number;
  nextTryAt: Date;
  giveUpAt: Date | null;
  status: number | null;
  latencyMs: number | null;
  answer: string | null;
  sentAt: Date | null;
}

const COLUMNS = Prisma.sql`id::text as sequence, event, type, sku, data, at, merged, state, tries,
  next_try_at as "nextTryAt", give_up_at as "giveUpAt", status, latency_ms as "latencyMs", answer,
  sent_at as "sentAt"`;

const UNFINISHED = Prisma.sql`state in ('waiting', 'retrying', 'sending')`;

/**
 * Takes what an endpoint may be sent now: of each subject the first that is not finished, when it
 * is due. Whatever was taken and not settled within `leaseMs` is due again: its process died.
 */
export async function claimDeliveries(
  db: Queryable,
  { shop, id }: { shop: string; id: string },
  { limit, leaseMs, now }: { limit: number; leaseMs: number; now: Date },
): Promise<DeliveryRow[]> {
  const rows = await db.$queryRaw<DeliveryRow[]>`
    update webhook_delivery set state = 'sending', tries = tries + 1, sent_at = ${now},
      next_try_at = ${new Date(now.getTime() + leaseMs)},
      give_up_at = coalesce(give_up_at, ${new Date(now.getTime() + RETRY_FOR_MS)})
    where id in (
      select d.id from webhook_delivery d
      where d.endpoint_id = ${id} and d.shop_id = ${shop} and ${UNFINISHED}
        and d.next_try_at <= ${now}
        and not exists (
          select from webhook_delivery e
          where e.endpoint_id = d.endpoint_id and e.subject = d.subject and e.id < d.id
            and e.state in ('waiting', 'retrying', 'sending'))
      order by d.id limit ${limit} for update skip locked
    )
    returning ${COLUMNS}`;
  return rows.sort((a, b) => Number(a.sequence) - Number(b.sequence));
}

/** What an endpoint answered to a try. */
export interface Attempt {
  status: number | null;
  latencyMs: number;
  answer: string;
}

/** The endpoint took it. */
export async function markDelivered(
  db: Queryable,
  shop: string,
  sequence: string,
  { status, latencyMs, answer }: Attempt,
  now: Date,
): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { id: BigInt(sequence), shopId: shop, state: "sending" },
    data: { state: "delivered", status, latencyMs, answer: storable(answer), finishedAt: now },
  });
}

/** It did not. Tried again at `retryAt`; without one it is a dead letter that a person decides on. */
export async function markFailed(
  db: Database,
  shop: string,
  sequence: string,
  { status, latencyMs, answer }: Attempt,
  retryAt: Date | null,
  now: Date,
): Promise<void> {
  const told = { status, latencyMs, answer: storable(answer) };
  const data = retryAt
    ? { ...told, state: "retrying", nextTryAt: retryAt }
    : { ...told, state: "dead", finishedAt: now };
  await db.$transaction(async (tx) => {
    const where = { id: BigInt(sequence), shopId: shop, state: "sending" };
    const { count } = await tx.webhookDelivery.updateMany({ where, data });
    if (count === 0 || retryAt) return;
    const error = status === null ? answer : `answered ${status}`;
    await bury(tx, { shop, kind: "webhook", subject: sequence, error: error.slice(0, 500) });
  });
}

/** PostgreSQL's text has no NUL. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/** When the endpoint may be sent something next; null when nothing waits. */
export async function nextDue(db: Queryable, shop: string, endpoint: string): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ due: Date | null }[]>`
    select min(next_try_at) as due from webhook_delivery
    where endpoint_id = ${endpoint} and shop_id = ${shop} and ${UNFINISHED}`;
  return row?.due ?? null;
}

/** Endpoints of any shop that have something due: their job was lost, or its time has come. */
export async function dueEndpoints(db: Queryable, now: Date): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    select e.id from webhook_endpoint e
    where e.disabled_at is null and exists (
      select from webhook_delivery d
      where d.endpoint_id = e.id and d.next_try_at <= ${now}
        and d.state in ('waiting', 'retrying', 'sending'))`;
  return rows.map(({ id }) => id);
}

/** Forgets what was finished before `before`, some at a time. */
export async function forgetDeliveries(db: Queryable, before: Date, limit: number): Promise<void> {
  await db.$executeRaw`
    delete from webhook_delivery where id in (
      select id from webhook_delivery where finished_at < ${before} order by finished_at
      limit ${limit})`;
}

/** An endpoint's log, the newest first. */
export async function listDeliveries(
  db: Queryable,
  shop: string,
  endpoint: string,
  { before, state, limit }: { before?: string; state?: DeliveryState; limit: number },
): Promise<DeliveryRow[]> {
  const from = before === undefined ? Prisma.empty : Prisma.sql`and id < ${BigInt(before)}`;
  const only = state === undefined ? Prisma.empty : Prisma.sql`and state = ${state}`;
  return db.$queryRaw<DeliveryRow[]>`
    select ${COLUMNS} from webhook_delivery
    where endpoint_id = ${endpoint} and shop_id = ${shop} ${from} ${only}
    order by webhook_delivery.id desc limit ${limit}`;
}

/** How an endpoint is doing, for its card. */
export interface EndpointFigures {
  endpoint: string;
  waiting: number;
  delivered: number;
  dead: number;
  lastDeliveredAt: Date | null;
  lastStatus: number | null;
  lastAnswer: string | null;
}

/** Of every endpoint of the shop that was ever to be sent something. */
export async function endpointFigures(db: Queryable, shop: string): Promise<EndpointFigures[]> {
  return db.$queryRaw<EndpointFigures[]>`
    select endpoint_id as endpoint,
      count(*) filter (where ${UNFINISHED})::int as waiting,
      count(*) filter (where state = 'delivered')::int as delivered,
      count(*) filter (where state = 'dead')::int as dead,
      max(finished_at) filter (where state = 'delivered') as "lastDeliveredAt",
      (array_agg(status order by sent_at desc) filter (where sent_at is not null))[1]
        as "lastStatus",
      (array_agg(answer order by sent_at desc) filter (where sent_at is not null))[1]
        as "lastAnswer"
    from webhook_delivery where shop_id = ${shop} group by endpoint_id`;
}

export interface Replay {
  endpoint: string;
  /** Names the wish: asked for twice under it, it is done once. */
  key: string;
  /** These places of the log; or everything from this place on. */
  sequences?: readonly string[];
  since?: string;
}

/** So much is sent again at one wish; whoever wants more asks again from where it ended. */
export const REPLAY_MAX = 10_000;

export interface Replayed {
  /** How many are sent again. */
  events: number;
  /** The place at which the next wish begins; null when this was all. */
  next: string | null;
}

/**
 * Sends finished events again, in their old order and under their old ids, after whatever waits. A
 * wish for everything from a place on is about what was told there first: what was sent again lies
 * further on in the log, and would be sent again and again.
 */
export async function replayDeliveries(
  db: Database,
  shop: string,
  { endpoint, key, sequences, since }: Replay,
  most = REPLAY_MAX,
): Promise<Replayed> {
  const cause = `replay/${key}`;
  const own = Prisma.sql`endpoint_id = ${endpoint} and shop_id = ${shop}`;
  const which = sequences
    ? Prisma.sql`id = any(${sequences.map(BigInt)}::bigint[])`
    : Prisma.sql`id >= ${BigInt(since ?? "0")} and ${FIRST_TOLD}`;
  return db.$transaction(async (tx) => {
    // Whoever asks the same at the same time waits here, and is then answered the same.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext(${endpoint}), hashtext(${cause}))`;
    let again = await replayedBy(tx, own, cause);
    if (again.events === 0) {
      await sendAgain(tx, own, which, cause, most);
      again = await replayedBy(tx, own, cause);
    }
    const { events, last } = again;
    if (sequences || events < most || last === null) return { events, next: null };
    const [after] = await tx.$queryRaw<{ next: string | null }[]>`
      select min(id)::text as next from webhook_delivery
      where ${own} and ${FIRST_TOLD} and id > ${BigInt(last)} and state in ('delivered', 'dead')`;
    return { events, next: after?.next ?? null };
  });
}

async function sendAgain(
  tx: Queryable,
  own: Prisma.Sql,
  which: Prisma.Sql,
  cause: string,
  most: number,
): Promise<void> {
  await tx.$executeRaw`
    insert into webhook_delivery
      (shop_id, endpoint_id, event, type, subject, sku, data, at, merged, cause, state, next_try_at)
    select shop_id, endpoint_id, event, type, subject, sku, data, at, merged, ${cause},
      'retrying', at
    from (
      select distinct on (event) * from webhook_delivery
      where ${own} and ${which} and state in ('delivered', 'dead')
      order by event, id
    ) once
    order by id limit ${most}`;
}

/** Not sent again: told for the first time, or a test. */
const FIRST_TOLD = Prisma.sql`(cause is null or cause like 'test/%')`;

/** What a wish came to, and the last place of the log that it reached. */
async function replayedBy(
  db: Queryable,
  own: Prisma.Sql,
  cause: string,
): Promise<{ events: number; last: string | null }> {
  const [row] = await db.$queryRaw<{ events: number; last: string | null }[]>`
    with again as (select event from webhook_delivery where ${own} and cause = ${cause})
    select (select count(*) from again)::int as events, (
      select max(id)::text from webhook_delivery
      where ${own} and ${FIRST_TOLD} and event in (select event from again)) as last`;
  return row ?? { events: 0, last: null };
}

/** Writes down an event that says nothing but that the endpoint works. */
export async function noteTestEvent(
  db: Queryable,
  shop: string,
  endpoint: string,
  key: string,
  now: Date,
): Promise<string> {
  const event = `evt_test_${key.replaceAll(/[^\w-]/g, "_")}`;
  await db.$executeRaw`
    insert into webhook_delivery
      (shop_id, endpoint_id, event, type, subject, data, at, next_try_at, cause)
    values (${shop}, ${endpoint}, ${event}, 'test', 'test',
      '{"message": "This endpoint works."}'::jsonb, ${now}, ${now}, ${`test/${key}`})
    on conflict (endpoint_id, cause, event) where cause is not null do nothing`;
  return event;
}

/** A person retries a dead letter: it has a day again. Null when there is no such delivery. */
export async function reviveDelivery(
  db: Queryable,
  shop: string,
  sequence: string,
): Promise<{ endpoint: string } | null> {
  const [row] = await db.$queryRaw<{ endpoint: string }[]>`
    update webhook_delivery set state = 'retrying', tries = 0, give_up_at = null,
      next_try_at = now(), finished_at = null
    where id = ${BigInt(sequence)} and shop_id = ${shop} and state = 'dead'
    returning endpoint_id as endpoint`;
  return row ?? null;
}
