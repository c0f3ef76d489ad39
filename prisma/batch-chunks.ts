import type { Queryable } from "./client.ts";

/** A record of a file: its line and its cells, or why it could not be read. */
export type RawRow = [line: number, cells: string[]] | [line: number, cells: null, broken: string];

/** Stores some records of a batch's file. */
export async function addChunk(
  db: Queryable,
  shop: string,
  batch: string,
  chunk: number,
  rows: readonly RawRow[],
): Promise<void> {
  // PostgreSQL keeps every character but this one.
  const text = JSON.stringify(rows).replaceAll("\\u0000", "\\ufffd");
  await db.$executeRaw`
    insert into batch_chunk (batch_id, chunk, shop_id, rows)
    values (${BigInt(batch)}, ${chunk}, ${shop}, ${text}::jsonb)`;
}

/** The records that come after `chunk` (from -1), or null when there are no more. */
export async function nextChunk(
  db: Queryable,
  shop: string,
  batch: string,
  chunk: number,
): Promise<{ chunk: number; rows: RawRow[] } | null> {
  const [row] = await db.$queryRaw<{ chunk: number; rows: RawRow[] }[]>`
    select chunk, rows from batch_chunk
    where batch_id = ${BigInt(batch)} and shop_id = ${shop} and chunk > ${chunk}
    order by chunk limit 1`;
  return row ?? null;
}

export async function dropChunks(db: Queryable, shop: string, batch: string): Promise<void> {
  await db.$executeRaw`
    delete from batch_chunk where batch_id = ${BigInt(batch)} and shop_id = ${shop}`;
}
