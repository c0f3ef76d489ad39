import type { Database } from "../../prisma/client.ts";
import { stalledTasks } from "../../prisma/tasks.ts";
import type { Queues } from "../queues.ts";

export interface TasksSweepDeps {
  db: Database;
  enqueue: Queues["enqueue"];
  now(): number;
}

/** A task whose job waits for its marketplace asks again sooner than this. */
const STALLED_MS = 60_000;

/** The handler of "tasks.sweep": goes on with imports and feeds whose job or process was lost. */
export async function tasksSweep({ db, enqueue, now }: TasksSweepDeps): Promise<void> {
  for (const { connection, kind } of await stalledTasks(db, new Date(now() - STALLED_MS))) {
    await enqueue(kind === "import" ? "listings.import" : "connection.feed", { connection });
  }
}
