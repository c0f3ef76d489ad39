import { setTimeout as pause } from "node:timers/promises";
import type { StockEvent } from "../ledger/contract.ts";
import type { Database } from "../prisma/client.ts";
import { type Gap, type Recorded, recordEvents } from "../prisma/record.ts";
import type { Log } from "./log.ts";

/** The consumer group of the durable history. */
export const PERSISTER_GROUP = "persister";

export interface PersisterDeps {
  db: Database;
  log: Log;
  /** The first wait after a failure, doubled up to `maxBackOffMs`. */
  backOffMs?: number;
  maxBackOffMs?: number;
}

/** How the record is doing, for /readyz and the metrics. Times are ms since the epoch. */
export type PersisterState =
  | { state: "recording" }
  /** PostgreSQL does not take a batch; it is tried again until it does. */
  | { state: "retrying"; why: string; tries: number }
  /** A number is missing in a partition: nothing is recorded there until it is explained. */
  | { state: "gap"; gaps: Gap[]; tries: number };

export interface Persister {
  /**
   * Records a batch of events. Resolves when all of it is committed: then, and only then, it may be
   * acknowledged. Tries again for as long as it takes; the same batch twice changes nothing.
   * @throws the signal's reason when told to stop: the batch is then delivered again.
   */
  persist(events: readonly StockEvent[], signal: AbortSignal): Promise<void>;
  state(): PersisterState;
}

/**
 * Carries the ledger's events into PostgreSQL. It never drops one: while PostgreSQL is away it
 * waits, and a missing number, which would be a movement nobody can account for, stops its
 * partition until recovery has explained it or the number has come.
 */
export function createPersister(deps: PersisterDeps): Persister {
  const { db, log, backOffMs = 50, maxBackOffMs = 5_000 } = deps;
  const troubles = new Set<{ state: PersisterState }>();

  async function persist(events: readonly StockEvent[], signal: AbortSignal): Promise<void> {
    const trouble: { state: PersisterState } = { state: { state: "recording" } };
    try {
      for (let tries = 1; ; tries += 1) {
        signal.throwIfAborted();
        const state = await attempt(db, log, events, tries);
        if (state.state === "recording") return;
        trouble.state = state;
        troubles.add(trouble);
        // The first failure and then ever more rarely: an outage is one fact, not a thousand.
        if (Number.isInteger(Math.log2(tries))) log.error({ ...state }, "events are not recorded");
        const backOff = Math.min(maxBackOffMs, backOffMs * 2 ** (tries - 1));
        await pause(backOff, undefined, { signal }).catch(() => {});
      }
    } finally {
      if (troubles.delete(trouble)) log.info("recording goes on, or was stopped");
    }
  }

  return { persist, state: () => worst([...troubles].map((trouble) => trouble.state)) };
}

async function attempt(
  db: Database,
  log: Log,
  events: readonly StockEvent[],
  tries: number,
): Promise<PersisterState> {
  let result: Recorded;
  try {
    result = await recordEvents(db, events);
  } catch (error) {
    return {
      state: "retrying",
      why: error instanceof Error ? error.message : String(error),
      tries,
    };
  }
  for (const { partition, seq, activity } of result.doubled) {
    log.error({ partition, seq, activity }, "stock moved twice under one activity");
  }
  return result.gaps.length > 0
    ? { state: "gap", gaps: result.gaps, tries }
    : { state: "recording" };
}

/** A gap is worse than an outage: it does not pass by itself. */
function worst(states: readonly PersisterState[]): PersisterState {
  return (
    states.find((state) => state.state === "gap") ??
    states.find((state) => state.state === "retrying") ?? { state: "recording" }
  );
}
