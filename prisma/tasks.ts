import { Prisma, type Queryable } from "./client.ts";

/** Long work on a connection, done in steps that survive a restart. */
export type TaskKind = "import" | "feed";

export interface TaskRow {
  id: string;
  shop: string;
  connection: string;
  kind: TaskKind;
  state: "running" | "done" | "failed";
  /** Where the next step begins; null = at the start. */
  cursor: string | null;
  /** Listings dealt with so far; and of how many, where that is known. */
  done: number;
  total: number | null;
  /** What came of it, in numbers. */
  counts: Record<string, number>;
  startedAt: Date;
  movedAt: Date;
  finishedAt: Date | null;
  error: string | null;
}

const COLUMNS = Prisma.sql`id::text, shop_id as shop, connection_id as connection, kind, state,
  cursor, done, total, counts, started_at as "startedAt", moved_at as "movedAt",
  finished_at as "finishedAt", error`;

/** The running task of its kind, or a new one: two who start it at once share it. */
export async function startTask(
  db: Queryable,
  shop: string,
  connection: string,
  kind: TaskKind,
  now: Date,
): Promise<TaskRow> {
  await db.$executeRaw`
    insert into connection_task (shop_id, connection_id, kind, started_at, moved_at)
    select c.shop_id, c.id, ${kind}, ${now}, ${now} from connection c
    where c.id = ${connection} and c.shop_id = ${shop}
    on conflict (connection_id, kind) where state = 'running' do nothing`;
  const [row] = await db.$queryRaw<TaskRow[]>`
    select ${COLUMNS} from connection_task
    where connection_id = ${connection} and shop_id = ${shop} and kind = ${kind}
    order by id desc limit 1`;
  if (!row) throw new Error(`no connection ${connection} to begin a task on`);
  return row;
}

/** What one step brought: added to what the task had. */
export interface TaskStep {
  cursor: string | null;
  done: number;
  total?: number | undefined;
  counts?: Record<string, number>;
}

/**
 * Notes that a step is done: the task as it is then. Null when it is over, or somebody else has
 * taken a step from the same place: the step is theirs.
 */
export async function moveTask(
  db: Queryable,
  task: Pick<TaskRow, "id" | "shop" | "cursor" | "counts">,
  step: TaskStep,
  now: Date,
): Promise<TaskRow | null> {
  const counts = JSON.stringify(summed(task.counts, step.counts ?? {}));
  const [moved] = await db.$queryRaw<TaskRow[]>`
    update connection_task set cursor = ${step.cursor}, done = done + ${step.done},
      total = coalesce(${step.total ?? null}::int, total), counts = ${counts}::jsonb,
      moved_at = ${now}
    where id = ${BigInt(task.id)} and shop_id = ${task.shop} and state = 'running'
      and cursor is not distinct from ${task.cursor}
    returning ${COLUMNS}`;
  return moved ?? null;
}

function summed(before: Record<string, number>, more: Record<string, number>) {
  const sums = { ...before };
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** Ends a running task: done, or failed with a sentence for a person. */
export async function endTask(
  db: Queryable,
  task: Pick<TaskRow, "id" | "shop">,
  { error, counts = {}, now }: { error?: string; counts?: Record<string, number>; now: Date },
): Promise<void> {
  await db.$executeRaw`
    update connection_task set state = ${error === undefined ? "done" : "failed"},
      error = ${error?.slice(0, 500) ?? null}, finished_at = ${now}, moved_at = ${now},
      counts = counts || ${JSON.stringify(counts)}::jsonb
    where id = ${BigInt(task.id)} and shop_id = ${task.shop} and state = 'running'`;
}

/** The latest task of each kind of a connection, for its page. */
export async function latestTasks(
  db: Queryable,
  shop: string,
  connection: string,
): Promise<TaskRow[]> {
  return db.$queryRaw<TaskRow[]>`
    select distinct on (kind) ${COLUMNS} from connection_task
    where connection_id = ${connection} and shop_id = ${shop} order by kind, id desc`;
}

/** The same for every connection of a shop, by connection and kind. */
export async function tasksByConnection(
  db: Queryable,
  shop: string,
): Promise<Map<string, Partial<Record<TaskKind, TaskRow>>>> {
  const rows = await db.$queryRaw<TaskRow[]>`
    select distinct on (connection_id, kind) ${COLUMNS} from connection_task
    where shop_id = ${shop} order by connection_id, kind, id desc`;
  const byConnection = Map.groupBy(rows, (row) => row.connection);
  return new Map(
    [...byConnection].map(([connection, own]) => [
      connection,
      Object.fromEntries(own.map((row) => [row.kind, row])),
    ]),
  );
}

/** Running tasks of any shop that nobody has moved since `before`: their job was lost. */
export async function stalledTasks(
  db: Queryable,
  before: Date,
): Promise<{ connection: string; kind: TaskKind }[]> {
  return db.$queryRaw`
    select connection_id as connection, kind from connection_task
    where state = 'running' and moved_at < ${before}`;
}
