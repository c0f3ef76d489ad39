import type { StockEvent } from "../ledger/contract.ts";
import type { Entry } from "../ledger/entry.ts";
import type { Database, Queryable } from "./client.ts";
import { followOn, type Gap } from "./follow-on.ts";
import { lockMarks, moveMarks } from "./marks.ts";
import {
  balanceRows,
  counterRows,
  holdRows,
  itemStockRows,
  legRows,
  movementRow,
  orderLineRows,
} from "./record-rows.ts";
import { noteStockEvents } from "./webhook-events.ts";

export interface Recorded {
  /** Events that are now in the record and were not before. */
  recorded: number;
  /** Events that were there already: a redelivery. */
  repeated: number;
  /** Entries that were dropped: the ledger has forgotten their movements. See `fence`. */
  forgotten: number;
  /** Partitions of which nothing was recorded from the missing number on. */
  gaps: Gap[];
  /** Events that moved stock under an activity id the record already had: see `insertAgain`. */
  doubled: StockEvent[];
  /** Webhook endpoints that have something to be told of them. */
  endpoints: string[];
}

/** A batch takes milliseconds; longer means that the database is in trouble. */
const TRANSACTION = { timeout: 60_000, maxWait: 30_000 };

/**
 * Writes a batch of entries into the durable history, in one transaction: movements, legs,
 * balances, holds, order lines, and the partitions' marks. The mark is what makes it exactly once:
 * a number at or below it is skipped, the one after it is taken, any other is a gap and is refused.
 * Its row is locked, so that two persisters of one partition wait for each other.
 */
export async function recordEntries(db: Database, entries: readonly Entry[]): Promise<Recorded> {
  const ordered = entries.toSorted((a, b) => a.partition - b.partition || a.seq - b.seq);
  return db.$transaction(async (tx) => {
    const marks = await lockMarks(tx, [...new Set(ordered.map((entry) => entry.partition))]);
    const { fresh, reached, ...rest } = followOn(ordered, marks);
    const doubled = fresh.length > 0 ? await writeAll(tx, fresh) : [];
    const endpoints = fresh.length > 0 ? await noteStockEvents(tx, fresh) : [];
    await moveMarks(tx, reached);
    return { recorded: fresh.length, doubled, endpoints, ...rest };
  }, TRANSACTION);
}

async function writeAll(tx: Queryable, events: readonly StockEvent[]): Promise<StockEvent[]> {
  const doubled = await insertMovements(tx, events);
  await insertLegs(tx, events);
  await putBalances(tx, events);
  await addToCounters(tx, events);
  await putItemStocks(tx, events);
  await putHolds(tx, events);
  await putOrderLines(tx, events);
  return doubled;
}

/** @returns events that moved stock under an activity id which was recorded before. */
async function insertMovements(
  tx: Queryable,
  events: readonly StockEvent[],
): Promise<StockEvent[]> {
  const inserted = await insertRows(
    tx,
    events.map((event) => movementRow(event)),
  );
  const there = new Set(inserted.map((row) => `${row.partition}/${row.seq}`));
  const again = events.filter((event) => !there.has(`${event.partition}/${event.seq}`));
  if (again.length > 0) await insertAgain(tx, again);
  return again.filter((event) => event.legs.length > 0);
}

/**
 * The ledger numbered a movement whose activity the record already has: it had forgotten it. What
 * moved has moved, so it is recorded under a name of its own; leaving it out would make the history
 * contradict the balances. Without legs nothing moved, and only the number is kept.
 */
async function insertAgain(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  const rows = events.map((event) =>
    movementRow(event, `${event.activity}#again/${event.partition}/${event.seq}`),
  );
  await insertRows(tx, rows);
}

async function insertRows(
  tx: Queryable,
  rows: readonly ReturnType<typeof movementRow>[],
): Promise<{ partition: number; seq: bigint }[]> {
  return tx.$queryRaw`
    insert into movement (partition, seq, shop_id, item_id, activity, type, at, occurred_at,
      channel, connection_id, order_id, hold_id, oversold, actor, reason, reference,
      batch_id)
    select partition, seq, shop_id, item_id, activity, type, to_timestamp(at / 1000.0),
      to_timestamp(occurred_at / 1000.0), channel, connection_id, order_id, hold_id, oversold,
      actor, reason, reference, batch_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m(partition int, seq bigint,
      shop_id text, item_id text, activity text, type text, at float8, occurred_at float8,
      channel text, connection_id text, order_id text, hold_id text, oversold int, actor text,
      reason text, reference text, batch_id bigint)
    order by partition, seq
    on conflict (shop_id, activity) do nothing
    returning partition, seq`;
}

async function insertLegs(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  const rows = events.flatMap(legRows);
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into movement_leg (partition, seq, leg, shop_id, item_id, bucket, location, quantity)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as l(partition int, seq bigint,
      leg int, shop_id text, item_id text, bucket text, location text, quantity int)`;
}

async function putBalances(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  await tx.$executeRaw`
    insert into balance (shop_id, item_id, bucket, location, quantity, seq, partition)
    select * from jsonb_to_recordset(${JSON.stringify(balanceRows(events))}::jsonb)
      as b(shop_id text, item_id text, bucket text, location text, quantity bigint, seq bigint,
        partition int)
    on conflict (shop_id, item_id, bucket, location)
    do update set quantity = excluded.quantity, seq = excluded.seq
    where balance.seq < excluded.seq`;
}

async function addToCounters(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  const rows = counterRows(events);
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into balance (shop_id, item_id, bucket, location, quantity, seq, partition)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as b(shop_id text, item_id text, bucket text, location text, quantity bigint, seq bigint,
        partition int)
    on conflict (shop_id, item_id, bucket, location)
    do update set quantity = balance.quantity + excluded.quantity,
                  seq = greatest(balance.seq, excluded.seq)`;
}

/** What lists of items sort and filter by: see prisma/item-list.ts. */
async function putItemStocks(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  await tx.$executeRaw`
    insert into item_stock (shop_id, item_id, on_hand, available, moved_at, seq)
    select shop_id, item_id, on_hand, available, to_timestamp(at / 1000.0), seq
    from jsonb_to_recordset(${JSON.stringify(itemStockRows(events))}::jsonb) as s(shop_id text,
      item_id text, on_hand bigint, available bigint, at float8, seq bigint)
    order by shop_id, item_id
    on conflict (shop_id, item_id)
    do update set on_hand = excluded.on_hand, available = excluded.available,
                  moved_at = excluded.moved_at, seq = excluded.seq
    where item_stock.seq < excluded.seq`;
}

async function putHolds(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  const rows = holdRows(events);
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into hold (shop_id, id, item_id, quantity, channel, state, expires_at, seq, changed_at,
      taken_at, actor)
    select shop_id, id, item_id, quantity, channel, state, to_timestamp(expires_at / 1000.0), seq,
      to_timestamp(at / 1000.0), to_timestamp(coalesce(taken_at, at) / 1000.0), actor
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as h(shop_id text, id text,
      item_id text, quantity int, channel text, state text, expires_at float8, seq bigint,
      at float8, taken_at float8, actor text)
    on conflict (shop_id, id)
    do update set state = excluded.state, expires_at = excluded.expires_at, seq = excluded.seq,
                  quantity = excluded.quantity, changed_at = excluded.changed_at,
                  taken_at = case when excluded.actor is null then hold.taken_at
                             else excluded.taken_at end,
                  actor = coalesce(excluded.actor, hold.actor)
    where hold.seq < excluded.seq`;
}

async function putOrderLines(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  const rows = orderLineRows(events);
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into order_line (shop_id, connection_id, order_id, item_id, channel, ordered,
      cancelled, shipped, unshipped, seq, at)
    select shop_id, connection_id, order_id, item_id, channel, ordered, cancelled, shipped,
      unshipped, seq, to_timestamp(at / 1000.0)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as l(shop_id text,
      connection_id text, order_id text, item_id text, channel text, ordered int, cancelled int,
      shipped int, unshipped int, seq bigint, at float8)
    on conflict (shop_id, connection_id, order_id, item_id)
    do update set ordered = excluded.ordered, cancelled = excluded.cancelled,
                  shipped = excluded.shipped, unshipped = excluded.unshipped, seq = excluded.seq, at = excluded.at,
                  channel = coalesce(order_line.channel, excluded.channel)
    where order_line.seq < excluded.seq`;
}
