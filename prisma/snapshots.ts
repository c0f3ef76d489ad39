import { createHash } from "node:crypto";
import type { RowProblem } from "./batch-rows.ts";
import { openBatch } from "./batches.ts";
import { type Database, Prisma, type Queryable } from "./client.ts";

export const SNAPSHOT_STATES = ["received", "waiting", "applying", "done", "failed"] as const;
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
  /** What people call the batch that applies it. */
  title: string;
  reason: string;
  countedAt: Date | null;
}

/**
 * Keeps a warehouse's counts before they are acknowledged, and opens the batch that applies them.
 * The same key and body are one snapshot.
 */
export async function storeSnapshot(
  db: Database,
  { shop, key, body, csv, actor, title, reason, countedAt }: NewSnapshot,
): Promise<{ outcome: "stored"; id: string; batch: string } | { outcome: "reused-key" }> {
  const hash = (parts: readonly unknown[]) =>
    createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  const id = `sn_${hash([shop, key]).slice(0, 24)}`;
  const digest = hash([body, csv, reason, countedAt]);
  const clean = body.toWellFormed().replaceAll("\0", "\ufffd");
  return db.$transaction(async (tx) => {
    const row = { id, shopId: shop, digest, body: clean, csv, reason, countedAt };
    const { count } = await tx.snapshot.createMany({ data: [row], skipDuplicates: true });
    if (count === 1) {
      const counts = { kind: "quantities", title, actor, state: "checking" } as const;
      const batch = await openBatch(tx, shop, { ...counts, options: { snapshot: id } });
      await tx.snapshot.updateMany({
        where: { id, shopId: shop },
        data: { batchId: BigInt(batch) },
      });
    }
    const kept = await tx.snapshot.findFirst({ where: { id, shopId: shop } });
    if (kept?.digest !== digest || kept.batchId === null) return { outcome: "reused-key" };
    return { outcome: "stored", id, batch: String(kept.batchId) };
  });
}

/** What was sent, as it came. */
export interface SentCounts {
  body: string;
  csv: boolean;
  reason: string;
  countedAt: Date | null;
}

/** Hands out what was sent, once: its batch's rows say it from then on. */
export async function takeCounts(
  tx: Queryable,
  shop: string,
  id: string,
): Promise<SentCounts | null> {
  const found = await tx.snapshot.findFirst({ where: { id, shopId: shop } });
  if (!found || found.body === null) return null;
  await tx.snapshot.updateMany({ where: { id, shopId: shop }, data: { body: null } });
  const { body, csv, reason, countedAt } = found;
  return { body, csv, reason, countedAt };
}

/** A snapshot for its sender, with how many lines are in which state. */
export interface SnapshotView {
  state: SnapshotState;
  /** Why it waits, or why none of it was applied. */
  error: string | null;
  batch: string;
  createdAt: Date;
  finishedAt: Date | null;
  counts: Record<LineState, number>;
}

/** The lines of a snapshot with what became of each; pending until its batch has come to it. */
const linesOf = (shop: string, id: string) => Prisma.sql`
  select r.line, coalesce(r.change->>'sku', '') as sku,
    coalesce(r.change->>'location', '') as location, (r.change->>'to')::float8 as quantity,
    case when r.state in ('bad', 'refused') then 'failed'
      when m.seq is not null then 'applied'
      when b.state = 'done' or b.applied_at is not null and r.line <= b.cursor::int
        then 'unchanged'
      else 'pending' end as state,
    (r.before->>'units')::float8 as before, m.seq::float8 as seq, r.problems
  from snapshot s
  join batch b on b.id = s.batch_id and b.shop_id = s.shop_id
  join batch_row r on r.batch_id = b.id and r.shop_id = s.shop_id
  left join movement m on m.shop_id = s.shop_id
    and m.activity = 'batch/' || b.id::text || '/' || r.line::text
  where s.id = ${id} and s.shop_id = ${shop}`;

export async function findSnapshot(
  db: Queryable,
  shop: string,
  id: string,
): Promise<SnapshotView | null> {
  const [found] = await db.$queryRaw<Omit<SnapshotView, "counts">[]>`
    select case
        when b.state in ('discarded', 'failed') and b.applied_at is null then 'failed'
        when b.state in ('checked', 'stopped', 'failed') then 'waiting'
        when b.state = 'checking' then 'received' else b.state end as state,
      case when b.state = 'discarded' then 'A person has looked at it and discarded it.'
        when b.state = 'checked' then coalesce(b.error,
          'It would change so much that a person has to confirm it in the app first.')
        else b.error end as error,
      b.id::text as batch, s.created_at as "createdAt", b.finished_at as "finishedAt"
    from snapshot s join batch b on b.id = s.batch_id and b.shop_id = s.shop_id
    where s.id = ${id} and s.shop_id = ${shop}`;
  if (!found) return null;
  const rows = await db.$queryRaw<{ state: LineState; count: number }[]>`
    select state, count(*)::int as count from (${linesOf(shop, id)}) l group by state`;
  const counts = { pending: 0, applied: 0, unchanged: 0, failed: 0 };
  for (const { state, count } of rows) counts[state] = count;
  return { ...found, counts };
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
  const only = state ? Prisma.sql`and state = ${state}` : Prisma.empty;
  type Found = Omit<LineRow, "error"> & { problems: RowProblem[] | null };
  const rows = await db.$queryRaw<Found[]>`
    select * from (${linesOf(shop, id)}) l where line > ${after} ${only}
    order by line limit ${limit}`;
  return rows.map(({ problems, ...row }) => {
    return { ...row, error: problems ? problems.map(({ why }) => why).join("; ") : null };
  });
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
