import { setTimeout as sleep } from "node:timers/promises";
import type { Queryable } from "./client.ts";

export interface MovementRow {
  seq: number;
  type: string;
  at: Date;
  occurredAt: Date | null;
  channel: string | null;
  order: string | null;
  hold: string | null;
  oversold: number;
  actor: string | null;
  reason: string | null;
  reference: string | null;
  batch: string | null;
  legs: { bucket: string; location: string; quantity: number }[];
}

export interface MovementQuery {
  shop: string;
  item: string;
  /** Movements after this number, oldest first. */
  after?: number;
  /** Movements before this number, newest first; the newest of all when neither is given. */
  before?: number;
  limit: number;
}

/**
 * A page of an item's history. An item's movements are numbered in its partition's order, so the
 * number is the cursor: nothing can slip in behind a page that was read.
 */
export async function itemMovements(db: Queryable, query: MovementQuery): Promise<MovementRow[]> {
  const forwards = query.after !== undefined;
  const rows = await db.movement.findMany({
    where: {
      shopId: query.shop,
      itemId: query.item,
      seq: { gt: query.after, lt: query.before },
    },
    orderBy: { seq: forwards ? "asc" : "desc" },
    take: query.limit,
  });
  return rowsWithLegs(db, query.shop, rows);
}

/** A movement as its table has it. */
interface StoredMovement {
  partition: number;
  seq: bigint;
  type: string;
  at: Date;
  occurredAt: Date | null;
  channel: string | null;
  orderId: string | null;
  holdId: string | null;
  oversold: number;
  actor: string | null;
  reason: string | null;
  reference: string | null;
  batchId: bigint | null;
}

/** The movements in the same order, each with its legs. */
export async function rowsWithLegs(
  db: Queryable,
  shop: string,
  rows: readonly StoredMovement[],
): Promise<MovementRow[]> {
  if (rows.length === 0) return [];
  const partitions = rows.map((row) => row.partition);
  const seqs = rows.map((row) => row.seq);
  const legs = await db.$queryRaw<StoredLeg[]>`
    select l.partition, l.seq, l.bucket, l.location, l.quantity
    from unnest(${partitions}::int[], ${seqs}::bigint[]) as m(partition, seq)
    join movement_leg l on l.partition = m.partition and l.seq = m.seq and l.shop_id = ${shop}
    order by l.partition, l.seq, l.leg`;
  const byMovement = Map.groupBy(legs, nameOf);
  return rows.map((row) => ({
    seq: Number(row.seq),
    type: row.type,
    at: row.at,
    occurredAt: row.occurredAt,
    channel: row.channel,
    order: row.orderId,
    hold: row.holdId,
    oversold: row.oversold,
    actor: row.actor,
    reason: row.reason,
    reference: row.reference,
    batch: row.batchId === null ? null : String(row.batchId),
    legs: (byMovement.get(nameOf(row)) ?? []).map(({ bucket, location, quantity }) => ({
      bucket,
      location,
      quantity,
    })),
  }));
}

interface StoredLeg {
  partition: number;
  seq: bigint;
  bucket: string;
  location: string;
  quantity: number;
}

const nameOf = ({ partition, seq }: Pick<StoredLeg, "partition" | "seq">) => `${partition}/${seq}`;

/** The first look is soon, because the persister is usually milliseconds behind. */
const FIRST_LOOK_MS = 4;
const LAST_LOOK_MS = 100;

/**
 * Waits until a movement is in PostgreSQL, which is when a person may be told of it (invariant 7).
 * @returns false when it is not there after `withinMs`: taken, but not to be promised yet.
 */
export async function waitUntilRecorded(
  db: Queryable,
  movement: { shop: string; partition: number; seq: number },
  withinMs: number,
): Promise<boolean> {
  const { shop, partition, seq } = movement;
  const end = performance.now() + withinMs;
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 2, LAST_LOOK_MS)) {
    const found = await db.movement.findFirst({
      where: { shopId: shop, partition, seq: BigInt(seq) },
      select: { seq: true },
    });
    if (found) return true;
    if (performance.now() + wait > end) return false;
    await sleep(wait);
  }
}
