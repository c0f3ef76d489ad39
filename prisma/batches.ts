import type { BatchKind, BatchState } from "../inventory/batch.ts";
import type { BlastRadius } from "../inventory/blast-radius.ts";
import { type Database, Prisma, type Queryable } from "./client.ts";

/** Many changes made at once: see inventory/batch.ts. */
export interface BatchRow {
  id: string;
  shop: string;
  kind: BatchKind;
  /** What it is, for people: the file's name, "Set 40 items to 0". */
  title: string;
  actor: string;
  state: BatchState;
  /** The batch it takes back, and the one that takes it back. */
  undoes: string | null;
  undoneBy: string | null;
  /** How its rows are read; the shape is that of whoever made it. */
  options: unknown;
  radius: BlastRadius<BatchChange> | null;
  /** Digest of the list that a person confirmed. */
  confirmed: string | null;
  counts: Record<string, number>;
  cursor: string | null;
  done: number;
  total: number | null;
  error: string | null;
  createdAt: Date;
  movedAt: Date;
  appliedAt: Date | null;
  finishedAt: Date | null;
}

/** One of the largest changes, as a person reads it. */
export interface BatchChange {
  id: string;
  /** A SKU. */
  label: string;
  /** Of a listing: where it is. */
  channel?: string;
  before: number;
  after: number;
}

const COLUMNS = Prisma.sql`b.id::text, b.shop_id as shop, b.kind, b.title, b.actor, b.state,
  b.undoes::text, (select u.id::text from batch u where u.undoes = b.id
    and u.state <> 'discarded') as "undoneBy", b.options, b.radius, b.confirmed, b.counts,
  b.cursor, b.done, b.total, b.error, b.created_at as "createdAt", b.moved_at as "movedAt",
  b.applied_at as "appliedAt", b.finished_at as "finishedAt"`;

export interface NewBatch {
  kind: BatchKind;
  title: string;
  actor: string;
  state: BatchState;
  options?: object;
  counts?: Record<string, number>;
  total?: number;
}

/** Begins a batch. Its movements carry its id: `batch` in the ledger's commands. */
export async function openBatch(db: Queryable, shop: string, batch: NewBatch): Promise<string> {
  const { options = {}, counts = {}, ...rest } = batch;
  const over = batch.state === "done" ? { appliedAt: new Date(), finishedAt: new Date() } : {};
  const { id } = await db.batch.create({
    data: { shopId: shop, ...rest, ...over, options, counts },
    select: { id: true },
  });
  return String(id);
}

/** The batch; null when the shop has none of this id. */
export async function findBatch(db: Queryable, shop: string, id: string): Promise<BatchRow | null> {
  if (!/^\d{1,18}$/.test(id)) return null;
  const [row] = await db.$queryRaw<BatchRow[]>`
    select ${COLUMNS} from batch b where b.id = ${BigInt(id)} and b.shop_id = ${shop}`;
  return row ?? null;
}

/** For its job only, which knows no shop yet. */
export async function batchOfJob(db: Queryable, id: string): Promise<BatchRow | null> {
  const [row] = await db.$queryRaw<BatchRow[]>`
    select ${COLUMNS} from batch b where b.id = ${BigInt(id)}`;
  return row ?? null;
}

/** Batches of these kinds, newest first, before the one that `before` names. */
export async function listBatches(
  db: Queryable,
  shop: string,
  {
    kinds,
    before,
    limit,
  }: { kinds: readonly BatchKind[]; before?: string | undefined; limit: number },
): Promise<BatchRow[]> {
  return db.$queryRaw<BatchRow[]>`
    select ${COLUMNS} from batch b
    where b.shop_id = ${shop} and b.state not in ('uploading', 'discarded')
      and b.kind = any(${kinds})
      ${before === undefined ? Prisma.empty : Prisma.sql`and b.id < ${BigInt(before)}`}
    order by b.id desc limit ${limit}`;
}

/** What a step brought. What is left out stays; counts are added to those there are. */
export interface BatchStep {
  cursor?: string | null;
  done?: number;
  total?: number;
  counts?: Record<string, number>;
}

/**
 * Notes a step of the batch's work: the batch as it is then. Null when somebody has stopped it, or
 * taken a step from the same place: the step is theirs.
 */
export async function moveBatch(
  db: Queryable,
  batch: Pick<BatchRow, "id" | "shop" | "state" | "cursor">,
  { cursor = batch.cursor, done = 0, total, counts = {} }: BatchStep,
): Promise<BatchRow | null> {
  const [row] = await db.$queryRaw<BatchRow[]>`
    update batch b set cursor = ${cursor}, done = b.done + ${done},
      total = coalesce(${total ?? null}::int, b.total), counts = ${added(counts)}, moved_at = now()
    where ${isAt(batch)} and b.cursor is not distinct from ${batch.cursor}
    returning ${COLUMNS}`;
  return row ?? null;
}

/** What a change of state sets besides. */
export interface BatchFields {
  options?: object;
  radius?: BlastRadius<BatchChange> | null;
  confirmed?: string;
  counts?: Record<string, number>;
  total?: number | null;
  /** One sentence for a person. */
  error?: string | null;
  /** Work begins at its start, also after a stop. */
  anew?: boolean;
}

/** States in which nothing is under way any more. */
const OVER: readonly BatchState[] = ["done", "stopped", "failed", "discarded"];

/**
 * Takes the batch from the state it was seen in to another one. Work begins at its start, except
 * where it goes on after a stop, and what begins counts anew. Null when it is not in that state any
 * more, or would be applied although it is being taken back.
 */
export async function turnBatch(
  db: Queryable,
  batch: Pick<BatchRow, "id" | "shop" | "state">,
  to: BatchState,
  fields: BatchFields = {},
): Promise<BatchRow | null> {
  const stood = batch.state === "stopped" || batch.state === "failed";
  const goesOn = (stood && fields.anew !== true) || OVER.includes(to);
  const { options, radius, confirmed, counts = {}, total, error = null } = fields;
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  const [row] = await db.$queryRaw<BatchRow[]>`
    update batch b set state = ${to}, moved_at = now(), error = ${error?.slice(0, 500) ?? null},
      finished_at = ${OVER.includes(to) ? Prisma.sql`now()` : Prisma.sql`null`},
      applied_at = ${to === "applying" ? Prisma.sql`coalesce(b.applied_at, now())` : Prisma.sql`b.applied_at`},
      options = coalesce(${json(options)}::jsonb, b.options),
      radius = ${radius === undefined ? Prisma.sql`b.radius` : Prisma.sql`${json(radius)}::jsonb`},
      confirmed = coalesce(${confirmed ?? null}, b.confirmed),
      counts = ${to === "checking" && !goesOn ? Prisma.sql`'{}'` : added(counts)},
      total = ${total === undefined ? Prisma.sql`b.total` : Prisma.sql`${total}::int`}
      ${goesOn ? Prisma.empty : Prisma.sql`, cursor = null, done = 0`}
    where ${isAt(batch)} ${to === "applying" ? Prisma.sql`and not ${TAKEN_BACK}` : Prisma.empty}
    returning ${COLUMNS}`;
  return row ?? null;
}

const TAKEN_BACK = Prisma.sql`exists
  (select 1 from batch u where u.undoes = b.id and u.state <> 'discarded')`;

/** Goes on with what had stopped. Whoever takes it back meanwhile waits for it, or it for him. */
export async function resumeBatch(db: Database, batch: BatchRow): Promise<BatchRow | null> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from batch b where ${isAt(batch)} for update`;
    return turnBatch(tx, batch, batch.appliedAt === null ? "checking" : "applying");
  });
}

function isAt({ id, shop, state }: Pick<BatchRow, "id" | "shop" | "state">): Prisma.Sql {
  return Prisma.sql`b.id = ${BigInt(id)} and b.shop_id = ${shop} and b.state = ${state}`;
}

function added(counts: Record<string, number>): Prisma.Sql {
  const names = Object.entries(counts);
  if (names.length === 0) return Prisma.sql`b.counts`;
  const sums = names.map(
    ([name, count]) =>
      Prisma.sql`jsonb_build_object(${name}::text, coalesce((b.counts->>${name})::int, 0) + ${count}::int)`,
  );
  return Prisma.sql`b.counts || ${Prisma.join(sums, " || ")}`;
}

/** Batches of any shop whose work nobody has moved since `before`: their job was lost. */
export async function stalledBatches(db: Queryable, before: Date): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    select id::text from batch where state in ('checking', 'applying') and moved_at < ${before}`;
  return rows.map((row) => row.id);
}

/**
 * What a machine sent and only a person can go on with: it reaches too far, or it broke. Nobody
 * sits in front of it to see that.
 */
export function waitingCounts(shop: string): Prisma.Sql {
  return Prisma.sql`shop_id = ${shop} and state in ('checked', 'failed')
    and options->>'snapshot' is not null`;
}

/** Forgets files of any shop that were never applied, and uploads that never ended. */
export async function forgetFiles(db: Queryable, before: Date): Promise<number> {
  return db.$executeRaw`
    delete from batch_chunk c using batch b
    where b.id = c.batch_id and b.moved_at < ${before}
      and b.state in ('uploading', 'mapping', 'checked', 'discarded', 'done')`;
}

/**
 * Begins the batch that takes another one back, once: whoever asks at the same time gets the same.
 * @returns its id; null when the batch is being applied again, or nothing of it ever was.
 */
export async function openUndo(
  db: Queryable,
  batch: BatchRow,
  actor: string,
): Promise<string | null> {
  const title = `Undo of ${batch.title}`.slice(0, 300);
  await db.$executeRaw`
    insert into batch (shop_id, kind, title, actor, state, undoes)
    select b.shop_id, b.kind, ${title}, ${actor}, 'checking', b.id from batch b
    where b.id = ${BigInt(batch.id)} and b.shop_id = ${batch.shop} and b.applied_at is not null
      and b.state in ('stopped', 'failed', 'done')
    for update
    on conflict (undoes) where state <> 'discarded' do nothing`;
  const [row] = await db.$queryRaw<{ id: string }[]>`
    select id::text from batch
    where undoes = ${BigInt(batch.id)} and shop_id = ${batch.shop} and state <> 'discarded'`;
  return row?.id ?? null;
}
