import type { Database } from "../../prisma/client.ts";
import { connectionsWithWork } from "../../prisma/pushes.ts";
import type { Queues } from "../queues.ts";

export interface PushSweepDeps {
  db: Database;
  enqueue: Queues["enqueue"];
  now(): number;
}

/**
 * The handler of "push.sweep": asks again for every push, read-back and file that is due. The record
 * knows what is to be told, so a job or a timer that was lost costs seconds and nothing else.
 */
export async function pushSweep({ db, enqueue, now }: PushSweepDeps): Promise<void> {
  const { push, readBack, file } = await connectionsWithWork(db, now());
  await Promise.all([
    ...push.map((connection) => enqueue("push.connection", { connection })),
    ...readBack.map((connection) => enqueue("readback.connection", { connection })),
    ...file.map((connection) => enqueue("file.poll", { connection })),
  ]);
}
