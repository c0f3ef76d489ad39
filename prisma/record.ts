import type { StockEvent } from "../ledger/contract.ts";
import type { Database, Queryable } from "./client.ts";
import {
  balanceRows,
  counterRows,
  holdRows,
  legRows,
  movementRow,
  orderLineRows,
} from "./record-rows.ts";

/** A number that was expected next in its partition, and the one that came instead. */
export interface Gap {
  partition: number;
  expected: number;
  found: number;
}

export interface Recorded {
  /** Events that are now in the record and were not before. */
  recorded: number;
  /** Events that were there already: a redelivery. */
  repeated: number;
  /** Partitions of which nothing was recorded from the missing number on. */
  gaps: Gap[];
  /** Events that moved stock under an activity id the record already had: see `insertAgain`. */
  doubled: StockEvent[];
}

/** How far the record has come in a partition. */
export interface Mark {
  partition: number;
  seq: number;
  /** Everything that moved before this time is in the record. */
  at: Date;
}

/** A batch takes milliseconds; longer means that the database is in trouble. */
const TRANSACTION = { timeout: 60_000, maxWait: 30_000 };

/**
 * Writes a batch of events into the durable history, in one transaction: movements, legs, balances,
 * holds, order lines, and the partitions' marks. The mark is what makes it exactly once: a number
 * at or below it is skipped, the one after it is taken, any other is a gap and is refused. Its row
 * is locked, so that two persisters of one partition wait for each other.
 */
export async function recordEvents(db: Database, events: readonly StockEvent[]): Promise<Recorded> {
  const ordered = [...events].sort((a, b) => a.partition - b.partition || a.seq - b.seq);
  return db.$transaction(async (tx) => {
    const marks = await lockMarks(tx, [...new Set(ordered.map((event) => event.partition))]);
    const { fresh, repeated, gaps } = followOn(ordered, marks);
    const doubled = fresh.length > 0 ? await writeAll(tx, fresh) : [];
    return { recorded: fresh.length, repeated, gaps, doubled };
  }, TRANSACTION);
}

/** Which of the ordered events come right after the marks. Pure. */
export function followOn(ordered: readonly StockEvent[], marks: ReadonlyMap<number, number>) {
  const next = new Map([...marks].map(([partition, seq]) => [partition, seq + 1]));
  const gaps = new Map<number, Gap>();
  const fresh: StockEvent[] = [];
  let repeated = 0;
  for (const event of ordered) {
    const { partition, seq } = event;
    const expected = next.get(partition) ?? 1;
    if (gaps.has(partition)) continue;
    if (seq < expected) repeated += 1;
    else if (seq > expected) gaps.set(partition, { partition, expected, found: seq });
    else {
      fresh.push(event);
      next.set(partition, seq + 1);
    }
  }
  return { fresh, repeated, gaps: [...gaps.values()] };
}

async function writeAll(tx: Queryable, events: readonly StockEvent[]): Promise<StockEvent[]> {
  const doubled = await insertMovements(tx, events);
  await insertLegs(tx, events);
  await putBalances(tx, events);
  await addToCounters(tx, events);
  await putHolds(tx, events);
  await putOrderLines(tx, events);
  await moveMarks(tx, events);
  return doubled;
}

async function lockMarks(tx: Queryable, partitions: number[]): Promise<Map<number, number>> {
  await tx.$executeRaw`
    insert into partition_mark (partition, seq, at)
    select partition, 0, to_timestamp(0) from unnest(${partitions}::int[]) as partition
    on conflict do nothing`;
  const rows = await tx.$queryRaw<{ partition: number; seq: bigint }[]>`
    select partition, seq from partition_mark where partition = any(${partitions}::int[])
    order by partition for update`;
  return new Map(rows.map((row) => [row.partition, Number(row.seq)]));
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
      channel, connection_id, order_id, hold_id, oversold, actor, reason, reference)
    select partition, seq, shop_id, item_id, activity, type, to_timestamp(at / 1000.0),
      to_timestamp(occurred_at / 1000.0), channel, connection_id, order_id, hold_id, oversold,
      actor, reason, reference
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m(partition int, seq bigint,
      shop_id text, item_id text, activity text, type text, at float8, occurred_at float8,
      channel text, connection_id text, order_id text, hold_id text, oversold int, actor text,
      reason text, reference text)
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
    insert into balance (shop_id, item_id, bucket, location, quantity, seq)
    select * from jsonb_to_recordset(${JSON.stringify(balanceRows(events))}::jsonb)
      as b(shop_id text, item_id text, bucket text, location text, quantity bigint, seq bigint)
    on conflict (shop_id, item_id, bucket, location)
    do update set quantity = excluded.quantity, seq = excluded.seq
    where balance.seq < excluded.seq`;
}

async function addToCounters(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  const rows = counterRows(events);
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into balance (shop_id, item_id, bucket, location, quantity, seq)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as b(shop_id text, item_id text, bucket text, location text, quantity bigint, seq bigint)
    on conflict (shop_id, item_id, bucket, location)
    do update set quantity = balance.quantity + excluded.quantity,
                  seq = greatest(balance.seq, excluded.seq)`;
}

async function putHolds(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  const rows = holdRows(events);
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into hold (shop_id, id, item_id, quantity, channel, state, expires_at, seq)
    select shop_id, id, item_id, quantity, channel, state, to_timestamp(expires_at / 1000.0), seq
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as h(shop_id text, id text,
      item_id text, quantity int, channel text, state text, expires_at float8, seq bigint)
    on conflict (shop_id, id)
    do update set state = excluded.state, expires_at = excluded.expires_at, seq = excluded.seq
    where hold.seq < excluded.seq`;
}

async function putOrderLines(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  const rows = orderLineRows(events);
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into order_line (shop_id, connection_id, order_id, item_id, channel, ordered,
      cancelled, shipped, seq, at)
    select shop_id, connection_id, order_id, item_id, channel, ordered, cancelled, shipped, seq,
      to_timestamp(at / 1000.0)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as l(shop_id text,
      connection_id text, order_id text, item_id text, channel text, ordered int, cancelled int,
      shipped int, seq bigint, at float8)
    on conflict (shop_id, connection_id, order_id, item_id)
    do update set ordered = excluded.ordered, cancelled = excluded.cancelled,
                  shipped = excluded.shipped, seq = excluded.seq, at = excluded.at,
                  channel = coalesce(order_line.channel, excluded.channel)
    where order_line.seq < excluded.seq`;
}

async function moveMarks(tx: Queryable, events: readonly StockEvent[]): Promise<void> {
  const last = new Map(events.map(({ partition, seq, at }) => [partition, { partition, seq, at }]));
  await tx.$executeRaw`
    update partition_mark
    set seq = m.seq, at = greatest(partition_mark.at, to_timestamp(m.at / 1000.0))
    from jsonb_to_recordset(${JSON.stringify([...last.values()])}::jsonb)
      as m(partition int, seq bigint, at float8)
    where partition_mark.partition = m.partition`;
}
