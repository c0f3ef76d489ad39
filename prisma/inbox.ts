import { assert } from "../inventory/assert.ts";
import { bury } from "./bury.ts";
import type { Database, Queryable } from "./client.ts";

/** A message as a connector named it; see `Message` of the connectors' contract. */
export interface NewMessage {
  /** Unique within the connection; a redelivery has the same. */
  externalId: string;
  topic: string;
  payload: unknown;
}

/** Whether this delivery was the first one. `id` is the message's, either way. */
export interface Stored {
  outcome: "stored" | "duplicate";
  id: string;
}

export type MessageState = "received" | "applied" | "failed";

export interface MessageRow {
  id: string;
  shop: string;
  connection: string;
  externalId: string;
  topic: string;
  payload: unknown;
  state: MessageState;
  tries: number;
}

/** A message is a dead letter after this many failed tries. Row D9. */
export const MAX_TRIES = 3;

/** A new message's job is believed to be under way for this long. */
const FIRST_TRY_MS = 10_000;

/** Stores one message; see `storeMessages`. */
export async function storeMessage(
  db: Queryable,
  shop: string,
  connection: string,
  message: NewMessage,
): Promise<Stored> {
  const [stored] = await storeMessages(db, shop, connection, [message]);
  assert(stored !== undefined, "each message gets an answer");
  return stored;
}

/**
 * Stores messages, each once: the unique key of connection and external id is the gate, so any
 * number of deliveries, at once or days apart, make one row. Answers in the order of `messages`.
 * Only after this may a delivery be acknowledged (invariant 7).
 */
export async function storeMessages(
  db: Queryable,
  shop: string,
  connection: string,
  messages: readonly NewMessage[],
  heardBy: "message" | "sweep" = "message",
): Promise<Stored[]> {
  if (messages.length === 0) return [];
  const rows = storable(messages);
  const fresh = await db.$queryRaw<{ id: bigint; external_id: string }[]>`
    insert into inbox_message (shop_id, connection_id, external_id, topic, payload, heard_by,
      next_try_at)
    select distinct on (m."externalId") ${shop}, ${connection}, m."externalId", m.topic, m.payload,
           ${heardBy}, now() + ${FIRST_TRY_MS} * interval '1 millisecond'
    from jsonb_to_recordset(${rows}::jsonb) as m("externalId" text, topic text, payload jsonb)
    on conflict (connection_id, external_id) do nothing
    returning id, external_id`;
  const stored = new Map(fresh.map((row) => [row.external_id, row.id]));
  const again = messages.filter((message) => !stored.has(message.externalId));
  const known = again.length === 0 ? new Map() : await idsOf(db, shop, connection, again);
  const seen = new Set<string>();
  return messages.map(({ externalId }) => {
    const id: bigint | undefined = stored.get(externalId) ?? known.get(externalId);
    assert(id !== undefined, "a stored message is found again, in its own shop");
    const first = stored.has(externalId) && !seen.has(externalId);
    seen.add(externalId);
    return { outcome: first ? "stored" : "duplicate", id: String(id) };
  });
}

/**
 * The messages as JSON that PostgreSQL takes: it has no NUL character and no half of a surrogate
 * pair, and one such text would keep its whole batch out.
 * https://www.postgresql.org/docs/current/datatype-json.html
 */
function storable(messages: readonly NewMessage[]): string {
  return JSON.stringify(messages, (_key, value: unknown) =>
    typeof value === "string" ? value.toWellFormed().replaceAll("\0", "\ufffd") : value,
  );
}

/** Messages that were there already: deliveries of before, or of this moment. */
async function idsOf(
  db: Queryable,
  shop: string,
  connection: string,
  messages: readonly NewMessage[],
): Promise<Map<string, bigint>> {
  const rows = await db.inboxMessage.findMany({
    where: {
      shopId: shop,
      connectionId: connection,
      externalId: { in: messages.map((message) => message.externalId) },
    },
    select: { id: true, externalId: true },
  });
  return new Map(rows.map((row) => [row.externalId, row.id]));
}

/**
 * A message by the id in a job's payload. It says which shop it belongs to; every further query is
 * scoped by that.
 */
export async function loadMessage(db: Queryable, message: string): Promise<MessageRow | null> {
  const row = await db.inboxMessage.findUnique({ where: { id: BigInt(message) } });
  if (!row) return null;
  return {
    id: String(row.id),
    shop: row.shopId,
    connection: row.connectionId,
    externalId: row.externalId,
    topic: row.topic,
    payload: row.payload,
    state: row.state as MessageState,
    tries: row.tries,
  };
}

/**
 * Every activity of the message is in the ledger. The time is the database's, because recovery
 * compares it with the record's own marks.
 */
export async function markApplied(db: Queryable, shop: string, message: string): Promise<void> {
  await db.$executeRaw`
    update inbox_message set state = 'applied', applied_at = now(), error = null
    where id = ${BigInt(message)} and shop_id = ${shop} and state = 'received'`;
}

/**
 * Spends one of the message's tries. After the last one the message is a dead letter: kept, and
 * listed for a person. `tries` is what the caller read before it tried, so that two runs of the
 * same message at the same time spend one try and not two.
 */
export async function spendTry(
  db: Database,
  message: Pick<MessageRow, "id" | "shop" | "tries">,
  error: string,
  retryAt: Date,
): Promise<{ outcome: "retry" } | { outcome: "dead" } | { outcome: "raced" }> {
  const { id, shop, tries } = message;
  const dead = tries + 1 >= MAX_TRIES;
  const said = error.slice(0, 1_000);
  return db.$transaction(async (tx) => {
    const { count } = await tx.inboxMessage.updateMany({
      where: { id: BigInt(id), shopId: shop, state: "received", tries },
      data: {
        tries: tries + 1,
        error: said,
        nextTryAt: retryAt,
        ...(dead ? { state: "failed" } : {}),
      },
    });
    if (count === 0) return { outcome: "raced" };
    if (!dead) return { outcome: "retry" };
    await bury(tx, { shop, kind: "message", subject: id, error: said });
    return { outcome: "dead" };
  });
}

/** Not now, and not the message's fault: it is tried again at `retryAt` without spending a try. */
export async function postpone(
  db: Queryable,
  shop: string,
  message: string,
  retryAt: Date,
): Promise<void> {
  await db.inboxMessage.updateMany({
    where: { id: BigInt(message), shopId: shop, state: "received" },
    data: { nextTryAt: retryAt },
  });
}

/** A person retries a dead letter: all its tries are given back. False when it is none. */
export async function reviveMessage(
  db: Queryable,
  shop: string,
  message: string,
): Promise<boolean> {
  const { count } = await db.inboxMessage.updateMany({
    where: { id: BigInt(message), shopId: shop, state: "failed" },
    data: { state: "received", tries: 0, nextTryAt: new Date() },
  });
  return count > 0;
}

/**
 * Messages of any shop that are due but not applied: their job was lost, or is to be tried again.
 * Each is leased for `leaseMs`, and rows another sweeper holds are passed over, so two sweepers
 * share the work.
 */
export async function leaseDue(
  db: Queryable,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    update inbox_message set next_try_at = now() + ${leaseMs} * interval '1 millisecond'
    where id in (
      select id from inbox_message
      where state = 'received' and next_try_at <= now()
      order by next_try_at, id limit ${limit} for update skip locked
    )
    returning id`;
  return rows.map((row) => String(row.id));
}

/**
 * Opens messages again that were applied after `since`, of any shop: the ledger may have lost what
 * they did. Applying one twice is safe (invariant 4).
 * @returns how many.
 */
export async function reopenAppliedSince(db: Queryable, since: Date): Promise<number> {
  return db.$executeRaw`
    update inbox_message set state = 'received', next_try_at = now()
    where state = 'applied' and applied_at >= ${since}`;
}
