import { type Access, trimEvents } from "../../ledger/stream.ts";
import type { Database } from "../../prisma/client.ts";
import { readMarks } from "../../prisma/marks.ts";
import type { Log } from "../log.ts";

export interface EventsTrimDeps {
  db: Database;
  ledger: Access;
  log: Log;
}

/**
 * Forgets the events that are in the record and that every group has handled. What PostgreSQL does
 * not have yet is never dropped, whatever the groups say.
 * @returns how many were dropped.
 */
export async function eventsTrim({ db, ledger, log }: EventsTrimDeps): Promise<number> {
  const marks = new Map((await readMarks(db)).map((mark) => [mark.partition, mark.seq]));
  const dropped = await trimEvents(ledger, async (partition) => marks.get(partition) ?? 0);
  if (dropped > 0) log.debug({ dropped }, "events trimmed");
  return dropped;
}
