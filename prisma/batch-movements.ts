import { setTimeout as sleep } from "node:timers/promises";
import { Prisma, type Queryable } from "./client.ts";

/** A movement of a batch, for whoever takes it back. */
export interface BatchMovement {
  partition: number;
  seq: number;
  item: string;
  sku: string;
  type: string;
  legs: { bucket: string; location: string; quantity: number }[];
}

/** Movements of a batch, in the order of their numbers, after one of them. */
export async function batchMovements(
  db: Queryable,
  shop: string,
  batch: string,
  { after, limit }: { after: { partition: number; seq: number } | null; limit: number },
): Promise<BatchMovement[]> {
  const { partition, seq } = after ?? { partition: -1, seq: 0 };
  return db.$queryRaw<BatchMovement[]>`
    select m.partition, m.seq::float8 as seq, m.item_id as item, coalesce(i.sku, m.item_id) as sku,
      m.type, coalesce(l.legs, '[]') as legs
    from movement m
    left join item i on i.id = m.item_id and i.shop_id = m.shop_id
    left join lateral (
      select jsonb_agg(jsonb_build_object('bucket', l.bucket, 'location', l.location,
        'quantity', l.quantity) order by l.leg) as legs
      from movement_leg l where l.partition = m.partition and l.seq = m.seq
    ) l on true
    where m.batch_id = ${BigInt(batch)} and m.shop_id = ${shop}
      and (m.partition, m.seq) > (${partition}::int, ${seq}::bigint)
    order by m.partition, m.seq limit ${limit}`;
}

export async function countBatchMovements(
  db: Queryable,
  shop: string,
  batch: string,
): Promise<number> {
  return db.movement.count({ where: { shopId: shop, batchId: BigInt(batch) } });
}

const LOOK_MS = 5;

/**
 * Waits until the record has come so far in every partition (invariant 7).
 * @returns false when it has not after `withinMs`.
 */
export async function waitUntilReached(
  db: Queryable,
  reached: ReadonlyMap<number, number>,
  withinMs: number,
): Promise<boolean> {
  if (reached.size === 0) return true;
  const wanted = [...reached].map(
    ([partition, seq]) => Prisma.sql`(${partition}::int, ${seq}::bigint)`,
  );
  const end = performance.now() + withinMs;
  for (let wait = LOOK_MS; ; wait = Math.min(wait * 2, 100)) {
    const [row] = await db.$queryRaw<{ behind: number }[]>`
      select count(*)::int as behind
      from (values ${Prisma.join(wanted)}) as w(partition, seq)
      left join partition_mark m on m.partition = w.partition
      where coalesce(m.seq, 0) < w.seq`;
    if (row?.behind === 0) return true;
    if (performance.now() + wait > end) return false;
    await sleep(wait);
  }
}
