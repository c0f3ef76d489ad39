import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "../../ledger/contract.ts";
import type { Database } from "../../prisma/client.ts";
import { readMarks } from "../../prisma/marks.ts";
import type { Doors } from "./doors.ts";

/** What has been sent and has not arrived in PostgreSQL yet. */
export interface Lag {
  /** On its way from a marketplace to the inbox. */
  messages: number;
  /** In the inbox, not applied. */
  inbox: number;
  /** Movements in Redis, not in PostgreSQL. */
  movements: number;
}

export interface Pipeline {
  db: Database;
  ledger: Ledger;
  doors: Pick<Doors, "messagesWaiting">;
  shop: string;
}

/**
 * Looks at the stages in the order in which things pass them, so that nothing that moves on
 * meanwhile is missed: all zero means that everything sent before the look has arrived.
 */
export async function readLag({ db, ledger, doors, shop }: Pipeline): Promise<Lag> {
  const messages = await doors.messagesWaiting();
  const where = { shopId: shop, state: "received" };
  const inbox = await db.inboxMessage.count({ where });
  const { partitions } = await ledger.health();
  const marks = new Map((await readMarks(db)).map(({ partition, seq }) => [partition, seq]));
  const behind = partitions.map(({ partition, seq }) => seq - (marks.get(partition) ?? 0));
  const movements = behind.reduce((sum, count) => sum + Math.max(0, count), 0);
  return { messages, inbox, movements };
}

export function lagText({ messages, inbox, movements }: Lag): string {
  return `${messages} messages on their way, ${inbox} in the inbox, ${movements} not recorded`;
}

const EVERY_MS = 250;

/** Waits until everything has arrived. False when nothing has moved for `quietMs` before that. */
export async function drained(
  pipeline: Pipeline,
  quietMs: number,
  progress: (lag: Lag) => void,
): Promise<boolean> {
  let [before, movedAt] = ["", Date.now()];
  for (;;) {
    const lag = await readLag(pipeline);
    progress(lag);
    if (lag.messages + lag.inbox + lag.movements === 0) return true;
    const now = JSON.stringify(lag);
    if (now !== before) [before, movedAt] = [now, Date.now()];
    if (Date.now() - movedAt > quietMs) return false;
    await sleep(EVERY_MS);
  }
}
