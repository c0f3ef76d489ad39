import type { Database } from "../../prisma/client.ts";
import { leaseDue } from "../../prisma/inbox.ts";
import type { Log } from "../log.ts";
import type { Queues } from "../queues.ts";

export interface InboxSweepDeps {
  db: Database;
  enqueue: Queues["enqueue"];
  log: Log;
}

/** Messages in one statement. */
const BATCH = 500;
/** A message that was sent is not sent again before this. */
const LEASE_MS = 10_000;
/** Statements in one run; what is left waits for the next one. */
const ROUNDS = 20;

/**
 * Sends due messages that nobody is applying: their job was lost with Redis, their process died
 * between storing and enqueueing, or they are to be tried again.
 * @returns how many were sent.
 */
export async function inboxSweep({ db, enqueue, log }: InboxSweepDeps): Promise<number> {
  let sent = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const due = await leaseDue(db, { limit: BATCH, leaseMs: LEASE_MS });
    await Promise.all(due.map((message) => enqueue("inbox.apply", { message })));
    sent += due.length;
    if (due.length < BATCH) break;
  }
  if (sent > 0) log.info({ sent }, "inbox messages were due and are sent again");
  return sent;
}
