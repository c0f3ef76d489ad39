import { createHash } from "node:crypto";
import type { JudgedLine } from "../inventory/count.ts";
import { type Database, Prisma, type Queryable } from "./client.ts";

export const SNAPSHOT_STATES = ["received", "applying", "done", "failed"] as const;
export type SnapshotState = (typeof SNAPSHOT_STATES)[number];
export const LINE_STATES = ["pending", "applied", "unchanged", "failed"] as const;
export type LineState = (typeof LINE_STATES)[number];

export interface NewSnapshot {
  shop: string;
  /** The caller's idempotency key. */
  key: string;
  body: string;
  csv: boolean;
  actor: string;
  reason: string;
  countedAt: Date | null;
}

export interface SnapshotRow {
  id: string;
  shop: string;
  body: string | null;
  csv: boolean;
  actor: string;
  reason: string;
  countedAt: Date | null;
  state: SnapshotState;
  error: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** Keeps a warehouse's counts before they are acknowledged. The same key and body are one snapshot. */
export async function storeSnapshot(
  db: Queryable,
  { shop, key, body, csv, actor, reason, countedAt }: NewSnapshot,
): Promise<{ outcome: "stored"; id: string } | { outcome: "reused-key" }> {
  const hash = (parts: readonly unknown[]) =>
    createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  const id = `sn_${hash([shop, key]).slice(0, 24)}`;
  const digest = hash([body, csv, reason, countedAt]);
  const clean = body.toWellFormed().replaceAll("\0", "\ufffd");
  const row = { id, shopId: shop, digest, body: clean, csv, actor, reason, countedAt };
  await db.snapshot.createMany({ data: [row], skipDuplicates: true });
  const kept = await db.snapshot.findFirst({
    where: { id, shopId: shop },
    select: { digest: true },
  });
  return kept?.digest === digest ? { outcome: "stored", id } : { outcome: "reused-key" };
}

/** A snapshot by the id in a job's payload. It says whose it is. */
export async function loadSnapshot(db: Queryable, id: string): Promise<SnapshotRow | null> {
  const row = await db.snapshot.findUnique({ where: { id } });
  if (!row) return null;
  const { shopId: shop, digest: _digest, movedAt: _movedAt, ...rest } = row;
  return { ...rest, shop, state: row.state as SnapshotState };
}

const BATCH = 5_000;

/** Writes its lines down, bad ones with their reason; from here on nothing reads its body. */
export async function writeLines(
  db: Database,
  { id, shop }: Pick<SnapshotRow, "id" | "shop">,
  lines: readonly JudgedLine[],
): Promise<void> {
  const rows = lines.map(({ error, ...line }) => {
    const state = error === null ? "pending" : "failed";
    return { ...line, snapshotId: id, shopId: shop, state, error };
  });
  await db.$transaction(
    async (tx) => {
      const where = { id, shopId: shop, state: "received" };
      const data = { state: "applying", body: null, movedAt: new Date() };
      const { count } = await tx.snapshot.updateMany({ where, data });
      if (count === 0) return; // somebody else was faster
      for (let at = 0; at < rows.length; at += BATCH) {
        await tx.snapshotLine.createMany({ data: rows.slice(at, at + BATCH) });
      }
    },
    { timeout: 60_000, maxWait: 30_000 },
  );
}

export interface PendingLine {
  line: number;
  sku: string;
  item: string;
  location: string;
  quantity: number;
  /** Number of the movement that has put it right already: before its answer was kept. */
  seq: number | null;
}

/** The activity of a line: doing it again moves nothing. */
export function lineActivity(snapshot: string, line: number): string {
  return `snapshot/${snapshot}/${line}`;
}

/** The next lines that nothing has become of. */
export async function pendingLines(
  db: Queryable,
  { id, shop }: Pick<SnapshotRow, "id" | "shop">,
  limit: number,
): Promise<PendingLine[]> {
  const rows = await db.$queryRaw<(PendingLine & { seq: bigint | null })[]>`
    select l.line, l.sku, coalesce(i.id, '') as item, l.location, l.quantity, m.seq
    from snapshot_line l
    left join item i on i.shop_id = l.shop_id and i.sku = l.sku
    left join movement m on m.shop_id = l.shop_id
      and m.activity = ${`snapshot/${id}/`} || l.line::text
    where l.snapshot_id = ${id} and l.shop_id = ${shop} and l.state = 'pending'
    order by l.line limit ${limit}`;
  return rows.map((row) => ({ ...row, seq: row.seq === null ? null : Number(row.seq) }));
}

/** What became of a line. */
export interface LineResult {
  line: number;
  state: Exclude<LineState, "pending">;
  before?: number | undefined;
  seq?: number | undefined;
  error?: string | undefined;
}

export async function settleLines(
  db: Queryable,
  { id, shop }: Pick<SnapshotRow, "id" | "shop">,
  results: readonly LineResult[],
): Promise<void> {
  if (results.length === 0) return;
  await db.$executeRaw`
    with settled as (
      update snapshot_line l set state = r.state, before = r.before, seq = r.seq, error = r.error
      from jsonb_to_recordset(${JSON.stringify(results)}::jsonb)
        as r(line int, state text, before int, seq bigint, error text)
      where l.snapshot_id = ${id} and l.shop_id = ${shop} and l.line = r.line
        and l.state = 'pending'
    )
    update snapshot set moved_at = now() where id = ${id} and shop_id = ${shop}`;
}

/** Ends it: every line has its result, or none of it could be read. */
export async function endSnapshot(
  db: Queryable,
  { id, shop }: Pick<SnapshotRow, "id" | "shop">,
  error: string | null,
): Promise<void> {
  await db.snapshot.updateMany({
    where: { id, shopId: shop, finishedAt: null },
    data: {
      ...{ state: error === null ? "done" : "failed", error, body: null },
      ...{ finishedAt: new Date(), movedAt: new Date() },
    },
  });
}

/** Snapshots of any shop that nobody has moved since `before`: their job was lost. */
export async function stalledSnapshots(db: Queryable, before: Date): Promise<string[]> {
  const where = { finishedAt: null, movedAt: { lt: before } };
  const rows = await db.snapshot.findMany({ where, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** A snapshot for its sender, with how many lines are in which state. */
export async function findSnapshot(
  db: Queryable,
  shop: string,
  id: string,
): Promise<{ snapshot: SnapshotRow; counts: Record<LineState, number> } | null> {
  const snapshot = await loadSnapshot(db, id);
  if (snapshot?.shop !== shop) return null;
  const rows = await db.snapshotLine.groupBy({
    by: ["state"],
    where: { snapshotId: id, shopId: shop },
    _count: true,
  });
  const counts = { pending: 0, applied: 0, unchanged: 0, failed: 0 };
  for (const { state, _count } of rows) counts[state as LineState] = _count;
  return { snapshot, counts };
}

export interface LineRow {
  line: number;
  sku: string;
  location: string;
  quantity: number | null;
  state: LineState;
  before: number | null;
  seq: number | null;
  error: string | null;
}

/** A page of its lines, in their order. */
export async function listLines(
  db: Queryable,
  shop: string,
  id: string,
  { after, state, limit }: { after: number; state?: LineState | undefined; limit: number },
): Promise<LineRow[]> {
  const rows = await db.snapshotLine.findMany({
    where: { snapshotId: id, shopId: shop, line: { gt: after }, ...(state ? { state } : {}) },
    orderBy: { line: "asc" },
    take: limit,
  });
  return rows.map(({ snapshotId: _id, shopId: _shop, ...row }) => ({
    ...row,
    state: row.state as LineState,
    seq: row.seq === null ? null : Number(row.seq),
  }));
}

/**
 * Sellable units of an item that came to a place since a moment, less those that left it; null
 * while the record is behind `version`, the movement it has to have come to.
 */
export async function movedSince(
  db: Queryable,
  shop: string,
  {
    item,
    location,
    since,
    version,
  }: { item: string; location: string; since: Date; version: number },
): Promise<number | null> {
  const [row] = await db.$queryRaw<{ moved: number; known: boolean }[]>(Prisma.sql`
    select coalesce(sum(g.quantity), 0)::int as moved,
      coalesce((select max(seq) from movement where shop_id = ${shop} and item_id = ${item}), 0)
        >= ${version} as known
    from movement m
    join movement_leg g on g.partition = m.partition and g.seq = m.seq
    where m.shop_id = ${shop} and m.item_id = ${item} and m.at > ${since}
      and g.bucket = 'sellable' and g.location = ${location}`);
  return row?.known ? row.moved : null;
}
