import type { Queryable } from "./client.ts";

/** Long work on a connection: taking over its listings, or a full feed. */
export type TaskKind = "import" | "feed";
export type TaskState = "running" | "done" | "failed" | "cancelled";

export interface TaskRow {
  id: string;
  kind: TaskKind;
  state: TaskState;
  done: number;
  /** Null = not known. */
  total: number | null;
  /** What came of it, in numbers. */
  counts: Record<string, number>;
  startedAt: Date;
  movedAt: Date;
  finishedAt: Date | null;
  error: string | null;
}

/** The running task of a kind, or a new one: one of a kind runs at a time. */
export async function startTask(
  db: Queryable,
  shop: string,
  connection: string,
  kind: TaskKind,
  now: Date,
): Promise<string> {
  const key = { shopId: shop, connectionId: connection, kind, state: "running" };
  const running = await db.connectionTask.findFirst({ where: key });
  if (!running) {
    const times = { startedAt: now, movedAt: now };
    return String((await db.connectionTask.create({ data: { ...key, ...times } })).id);
  }
  await db.connectionTask.update({
    where: { id: running.id },
    data: { done: 0, startedAt: now, movedAt: now },
  });
  return String(running.id);
}

/** How far a task has come, or how it ended. */
export async function moveTask(
  db: Queryable,
  shop: string,
  task: string,
  change: {
    done?: number;
    total?: number | null;
    state?: TaskState;
    counts?: Record<string, number>;
    error?: string | null;
  },
  now: Date,
): Promise<void> {
  const ended = change.state !== undefined && change.state !== "running";
  await db.connectionTask.updateMany({
    where: { id: BigInt(task), shopId: shop },
    data: { ...change, movedAt: now, ...(ended ? { finishedAt: now } : {}) },
  });
}

/** The latest task of each kind, by connection. */
export async function latestTasks(
  db: Queryable,
  shop: string,
): Promise<Map<string, Partial<Record<TaskKind, TaskRow>>>> {
  const rows = await db.connectionTask.findMany({
    where: { shopId: shop },
    distinct: ["connectionId", "kind"],
    orderBy: [{ connectionId: "asc" }, { kind: "asc" }, { id: "desc" }],
  });
  const byConnection = new Map<string, Partial<Record<TaskKind, TaskRow>>>();
  for (const { connectionId, id, kind, state, counts, ...row } of rows) {
    const { done, total, startedAt, movedAt, finishedAt, error } = row;
    const task: TaskRow = {
      ...{ id: String(id), kind: kind as TaskKind, state: state as TaskState },
      ...{ done, total, counts: counts as Record<string, number> },
      ...{ startedAt, movedAt, finishedAt, error },
    };
    byConnection.set(connectionId, { ...byConnection.get(connectionId), [task.kind]: task });
  }
  return byConnection;
}
