import { assert } from "../inventory/assert.ts";
import type { Entry } from "../ledger/entry.ts";
import type { Fence } from "../ledger/record.ts";
import type { Database, Queryable } from "./client.ts";

/** How far the record has come in a partition. A partition holds many shops' items. */
export interface Mark {
  partition: number;
  seq: number;
  /** Everything that moved before this time is in the record. */
  at: Date;
}

/** A mark whose row is locked until the transaction ends. */
export interface LockedMark {
  seq: number;
  /** Numbers after the first and before the second must never be recorded. */
  fenceFrom: number;
  fenceTo: number;
}

/** Every partition's mark. One that nothing was ever recorded of has none. */
export async function readMarks(db: Queryable): Promise<Mark[]> {
  const rows = await db.partitionMark.findMany({ orderBy: { partition: "asc" } });
  return rows.map(({ partition, seq, at }) => ({ partition, seq: Number(seq), at }));
}

/** Locks the marks in order of their partition, so that no two transactions wait for each other. */
export async function lockMarks(
  tx: Queryable,
  partitions: readonly number[],
): Promise<Map<number, LockedMark>> {
  const wanted = partitions.toSorted((a, b) => a - b);
  await tx.$executeRaw`
    insert into partition_mark (partition, seq, at)
    select partition, 0, to_timestamp(0) from unnest(${wanted}::int[]) as partition
    on conflict do nothing`;
  const rows = await tx.$queryRaw<Record<"partition" | "seq" | "from" | "to", bigint>[]>`
    select partition, seq, fence_from as "from", fence_to as "to" from partition_mark
    where partition = any(${wanted}::int[]) order by partition for update`;
  return new Map(
    rows.map(({ partition, seq, from, to }) => [
      Number(partition),
      { seq: Number(seq), fenceFrom: Number(from), fenceTo: Number(to) },
    ]),
  );
}

/** Moves locked marks to the last entry that was recorded of each partition. */
export async function moveMarks(tx: Queryable, reached: readonly Entry[]): Promise<void> {
  if (reached.length === 0) return;
  const rows = reached.map((entry) => {
    const { partition, seq } = entry;
    return { partition, seq, at: entry.kind === "event" ? entry.event.at : 0 };
  });
  await tx.$executeRaw`
    update partition_mark
    set seq = m.seq, at = greatest(partition_mark.at, to_timestamp(m.at / 1000.0))
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as m(partition int, seq bigint, at float8)
    where partition_mark.partition = m.partition`;
}

/** The database's time now: marks and messages carry it, so it is what they are compared with. */
export async function databaseTime(db: Queryable): Promise<Date> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`select now() as now`;
  assert(row !== undefined, "PostgreSQL knows what time it is");
  return row.now;
}

/**
 * The record had come up to these numbers, the ledger's newest, at time `at`. A mark that has moved
 * on since then keeps its own time.
 */
export async function markUpToDate(
  db: Queryable,
  at: Date,
  partitions: readonly { partition: number; seq: number }[],
): Promise<void> {
  await db.$executeRaw`
    insert into partition_mark (partition, seq, at)
    select partition, seq, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(partitions)}::jsonb) as m(partition int, seq bigint)
    where seq = 0 or exists (select from partition_mark p where p.partition = m.partition)
    order by partition
    on conflict (partition) do update set at = greatest(partition_mark.at, excluded.at)
    where partition_mark.seq = excluded.seq`;
}

/**
 * Closes a partition against stragglers: numbers after `from`, the greatest that Redis or the record
 * knows, and before `to` belong to movements that Redis forgot. A persister that still holds them
 * in its hands finds the fence and drops them.
 *
 * Asked again before the record has passed the last fence, it keeps that fence when Redis is beyond
 * it, because it serves from there. Otherwise the new one reaches further than the old, because
 * movements may have been numbered from the old one and been lost again.
 */
export async function fence(
  db: Database,
  partition: number,
  redisSeq: number,
  margin: number,
): Promise<Fence> {
  return db.$transaction(async (tx) => {
    const mark = (await lockMarks(tx, [partition])).get(partition);
    assert(mark !== undefined, "a locked mark is there");
    const { seq: lastSeq, fenceFrom, fenceTo } = mark;
    if (lastSeq < fenceTo && redisSeq >= fenceTo) return { lastSeq, from: fenceFrom, to: fenceTo };
    const from = Math.max(lastSeq, redisSeq);
    const to = Math.max(from, fenceTo) + margin;
    await tx.partitionMark.update({
      where: { partition },
      data: { fenceFrom: BigInt(from), fenceTo: BigInt(to) },
    });
    return { lastSeq, from, to };
  });
}
