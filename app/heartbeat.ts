import { LATE, within } from "../ledger/patience.ts";
import type { Database } from "../prisma/client.ts";

/** How often the record is asked whether it is there, and how long it may take to say so. */
const BEAT_MS = 50;
const PATIENCE_MS = 150;

export interface Heartbeat {
  /** True while the last question was answered in time. */
  alive(): boolean;
  /** Calls `listener` as soon as it is not alive, until the returned function is called. */
  onLost(listener: () => void): () => void;
  stop(): void;
}

/**
 * Asks PostgreSQL several times a second for a sign of life. Holds are refused without one (row
 * D5): what they become, an order, could not be recorded.
 * @param db a database of its own with one connection, so that a busy pool is not mistaken for a
 * dead server, and a hung question does not pile up.
 */
export async function startHeartbeat(
  db: Database,
  { everyMs = BEAT_MS, patienceMs = PATIENCE_MS } = {},
): Promise<Heartbeat> {
  let alive = false;
  let asked: Promise<boolean> | undefined;
  const listeners = new Set<() => void>();
  const set = (now: boolean) => {
    const lost = alive && !now;
    alive = now;
    if (lost) for (const listener of listeners) listener();
  };
  const beat = async () => {
    if (asked) return; // one question at a time: a server that hangs is not asked more often
    asked = ask(db).finally(() => {
      asked = undefined;
    });
    const answer = asked;
    if ((await within(answer, patienceMs)) === LATE) set(false);
    set(await answer);
  };
  await Promise.race([beat(), new Promise((done) => setTimeout(done, patienceMs).unref())]);
  const timer = setInterval(beat, everyMs).unref();
  return {
    alive: () => alive,
    onLost: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => clearInterval(timer),
  };
}

async function ask(db: Database): Promise<boolean> {
  try {
    await db.$queryRaw`select 1`;
    return true;
  } catch {
    return false; // why it failed is the readiness page's question, which asks for itself
  }
}
