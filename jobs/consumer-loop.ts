import { setTimeout as pause } from "node:timers/promises";
import { assert } from "../inventory/assert.ts";
import type { Entry } from "../ledger/entry.ts";
import type { Batch, EventReader } from "../ledger/events.ts";
import type { Log } from "./log.ts";
import type { WorkerMetrics } from "./metrics.ts";

export interface ConsumerOptions {
  group: string;
  reader: EventReader;
  /**
   * Does a batch's work. Resolves when it is done for good: it is acknowledged then. When it
   * throws, the batch comes again, until it succeeds or the process stops.
   */
  handle(batch: Batch, signal: AbortSignal): Promise<void>;
  metrics: Pick<WorkerMetrics, "consumed">;
  log: Log;
  /** The first wait after a failure, doubled up to `maxBackOffMs`. */
  backOffMs?: number;
  maxBackOffMs?: number;
}

export interface Consumer {
  /** Ends after the batches under way; what they did not finish comes again at the next start. */
  stop(): Promise<void>;
}

/** How long one read waits for events. Also how long a failed partition waits for its next read. */
const WAIT_MS = 500;

/** Entries of one partition kept while a batch of it is under way. What is beyond comes again. */
const KEPT_MAX = 2_000;

/** One partition: what waits behind the batch under way, which is the next batch. */
interface Lane {
  waiting: Entry[];
  running: Promise<void> | undefined;
  /** Entries were given and let go: all that is unacknowledged has to be read again. */
  lost: boolean;
  failures: number;
}

/**
 * Carries a group through the ledger's events. Each partition is handled in order, one batch at a
 * time, and independently: a partition that fails does not hold up the others (row D7). What
 * arrives while a batch is under way becomes one batch, so the busier it is the fewer there are.
 */
export function startConsumer(options: ConsumerOptions): Consumer {
  const { reader, group, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const lanes = new Map<number, Lane>();

  async function readOn(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      // Between two reads: a read under way would move on from where this one goes back to.
      for (const [partition, lane] of lanes) if (!lane.running) reread(reader, partition, lane);
      try {
        for (const batch of await reader.read(WAIT_MS)) give(batch);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (!signal.aborted) log.warn({ group, error: String(error) }, "events cannot be read");
        await wait(backOffOf(options, failures), signal);
      }
    }
  }

  function give({ partition, entries }: Batch): void {
    const lane = lanes.get(partition) ?? newLane();
    lanes.set(partition, lane);
    if (lane.lost || lane.waiting.length + entries.length > KEPT_MAX) lane.lost = true;
    else lane.waiting.push(...entries);
    run(partition, lane);
  }

  function run(partition: number, lane: Lane): void {
    if (lane.running || lane.waiting.length === 0 || signal.aborted) return;
    lane.running = runLane(options, partition, lane, signal).finally(() => {
      lane.running = undefined;
      run(partition, lane); // for what was given after its last look
    });
  }

  const reading = readOn();
  return {
    stop: async () => {
      stopping.abort();
      await reader.close(); // which ends a read that is waiting
      await reading;
      await Promise.all([...lanes.values()].map((lane) => lane.running));
    },
  };
}

async function runLane(
  options: ConsumerOptions,
  partition: number,
  lane: Lane,
  signal: AbortSignal,
): Promise<void> {
  const { group, handle, reader, metrics, log } = options;
  while (lane.waiting.length > 0 && !signal.aborted) {
    const entries = lane.waiting.splice(0);
    assert(isOrdered(entries), "events of a partition are handled in their order");
    try {
      await handle({ partition, entries }, signal);
      await reader.acknowledge({ partition, entries });
      metrics.consumed(group, entries.length);
      lane.failures = 0;
    } catch (error) {
      lane.waiting.length = 0;
      lane.lost = true;
      lane.failures += 1;
      if (!signal.aborted) log.error({ group, partition, err: error }, "events were not handled");
      await wait(backOffOf(options, lane.failures), signal);
    }
  }
}

function newLane(): Lane {
  return { waiting: [], running: undefined, lost: false, failures: 0 };
}

function reread(reader: EventReader, partition: number, lane: Lane): void {
  if (!lane.lost) return;
  lane.lost = false;
  reader.retry(partition);
}

function isOrdered(entries: readonly Entry[]): boolean {
  return entries.every((entry, index) => index === 0 || (entries[index - 1]?.seq ?? 0) < entry.seq);
}

function backOffOf({ backOffMs = 100, maxBackOffMs = 5_000 }: ConsumerOptions, failures: number) {
  return Math.min(maxBackOffMs, backOffMs * 2 ** Math.max(0, failures - 1));
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {}); // stopping ends the wait
}
