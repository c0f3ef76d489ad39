import { forgetFiles, stalledBatches } from "../../prisma/batches.ts";
import type { Database } from "../../prisma/client.ts";
import { stalledTasks, type TaskKind } from "../../prisma/tasks.ts";
import type { JobName } from "../catalogue.ts";
import type { Queues } from "../queues.ts";

export interface TasksSweepDeps {
  db: Database;
  enqueue: Queues["enqueue"];
  now(): number;
}

/** A task whose job waits for its marketplace asks again sooner than this. */
const STALLED_MS = 60_000;

/** The job that goes on with each kind of task. */
const JOBS = {
  import: "listings.import",
  feed: "connection.feed",
} as const satisfies Record<TaskKind, JobName>;

/** A file that nobody has had applied is kept for a week. */
const FORGET_MS = 7 * 24 * 60 * 60_000;

/** The handler of "tasks.sweep": goes on with tasks and batches whose job was lost. */
export async function tasksSweep({ db, enqueue, now }: TasksSweepDeps): Promise<void> {
  for (const { connection, kind } of await stalledTasks(db, new Date(now() - STALLED_MS))) {
    await enqueue(JOBS[kind], { connection });
  }
  for (const batch of await stalledBatches(db, new Date(now() - STALLED_MS))) {
    await enqueue("batch.run", { batch });
  }
  await forgetFiles(db, new Date(now() - FORGET_MS));
}
