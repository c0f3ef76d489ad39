import { setTimeout as pause } from "node:timers/promises";
import type { Ledger } from "../ledger/contract.ts";
import type { Batch, EventReader } from "../ledger/events.ts";
import type { Database } from "../prisma/client.ts";
import type { Gap } from "../prisma/follow-on.ts";
import { databaseTime, markUpToDate } from "../prisma/marks.ts";
import { type Recorded, recordEntries } from "../prisma/record.ts";
import type { LivePublisher } from "./live.ts";
import type { Log } from "./log.ts";

/** The consumer group of the durable history. */
export const PERSISTER_GROUP = "persister";

export interface PersisterDeps {
  db: Database;
  /** Reads for `PERSISTER_GROUP`; the persister closes it when it stops. */
  reader: EventReader;
  ledger: Pick<Ledger, "health">;
  log: Log;
  /** Tells open pages of what is in the record now. */
  live?: Pick<LivePublisher, "publish">;
  /** Hears of webhook endpoints that have something new to be told. */
  tell?(endpoints: readonly string[]): void;
}

export interface PersisterOptions {
  /** How long one read waits for events, in ms. Stopping takes up to so long. */
  waitMs?: number;
  /** The first wait after a failure, doubled up to `maxBackOffMs`. */
  backOffMs?: number;
  maxBackOffMs?: number;
  /** An idle record says that it is up to date this often, in ms: see `confirmUpToDate`. */
  confirmEveryMs?: number;
}

const DEFAULTS = {
  waitMs: 500,
  backOffMs: 50,
  maxBackOffMs: 2_000,
  confirmEveryMs: 5_000,
} as const satisfies Required<PersisterOptions>;

/** How the record is doing, for /readyz and the metrics. */
export type PersisterState =
  | { state: "recording" }
  /** PostgreSQL or Redis does not answer; tried again until it does. */
  | { state: "retrying"; why: string }
  /** A number is missing in a partition: nothing is recorded there until it is explained. */
  | { state: "gap"; gaps: Gap[] };

export interface Persister {
  state(): PersisterState;
  /** Ends after what is being recorded is recorded. */
  stop(): Promise<void>;
}

/**
 * Carries the ledger's events into PostgreSQL, and acknowledges them only after their commit. It
 * never drops one: while PostgreSQL is away it waits, and a missing number, which would be a
 * movement nobody can account for, stops its partition until recovery has explained it.
 */
export function startPersister(deps: PersisterDeps, options: PersisterOptions = {}): Persister {
  const settings = { ...DEFAULTS, ...options };
  const stopping = new AbortController();
  let state: PersisterState = { state: "recording" };

  async function run(): Promise<void> {
    let failures = 0;
    let confirmedAt = Number.NEGATIVE_INFINITY;
    while (!stopping.signal.aborted) {
      const step = await takeStep(deps, settings.waitMs);
      tell(deps.log, state, step.state, failures);
      state = step.state;
      if (state.state !== "recording") {
        const backOff = Math.min(settings.maxBackOffMs, settings.backOffMs * 2 ** failures);
        failures += 1;
        await pause(backOff, undefined, { signal: stopping.signal }).catch(() => {});
        continue;
      }
      failures = 0;
      if (performance.now() - confirmedAt < settings.confirmEveryMs) continue;
      confirmedAt = performance.now();
      await confirmUpToDate(deps).catch(() => {}); // the next step meets the same trouble
    }
  }

  const running = run();
  return {
    state: () => state,
    stop: async () => {
      stopping.abort();
      await running;
      await deps.reader.close();
    },
  };
}

/** Reads once, records what came, acknowledges what was recorded. Never throws. */
async function takeStep(
  { db, reader, log, live, tell }: PersisterDeps,
  waitMs: number,
): Promise<{ state: PersisterState }> {
  let batches: Batch[] = [];
  let result: Recorded;
  try {
    batches = await reader.read(waitMs);
    if (batches.length === 0) return { state: { state: "recording" } };
    result = await recordEntries(
      db,
      batches.flatMap((batch) => batch.entries),
    );
  } catch (error) {
    for (const { partition } of batches) reader.retry(partition);
    return { state: { state: "retrying", why: String(error) } };
  }
  for (const { partition, seq, activity } of result.doubled) {
    log.error({ partition, seq, activity }, "stock moved twice under one activity");
  }
  tell?.(result.endpoints);
  if (live) tellPages(live, batches);
  const { gaps, forgotten } = result;
  if (forgotten > 0) log.warn({ forgotten }, "events of movements that Redis forgot were dropped");
  await settle(reader, batches, new Set(gaps.map((gap) => gap.partition)));
  return { state: gaps.length > 0 ? { state: "gap", gaps } : { state: "recording" } };
}

/** Who is told of something that was recorded before reads once too often, which costs little. */
function tellPages(live: Pick<LivePublisher, "publish">, batches: readonly Batch[]): void {
  const events = batches.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === "event" ? [entry.event] : [])),
  );
  for (const [shop, own] of Map.groupBy(events, (event) => event.shop)) {
    live.publish(shop, { items: [...new Set(own.map((event) => event.item))] });
  }
}

/** Whatever is not acknowledged is read again, and the record then skips what it has. */
async function settle(
  reader: EventReader,
  batches: readonly Batch[],
  stuck: ReadonlySet<number>,
): Promise<void> {
  await Promise.all(
    batches.map(async (batch) => {
      if (stuck.has(batch.partition)) reader.retry(batch.partition);
      else await reader.acknowledge(batch).catch(() => reader.retry(batch.partition));
    }),
  );
}

/** An outage is one fact and not a thousand: told when it begins, ever more rarely, and when over. */
function tell(log: Log, before: PersisterState, now: PersisterState, failures: number): void {
  if (now.state === "recording") {
    if (before.state !== "recording") log.info({ after: before }, "events are recorded again");
    return;
  }
  const rarely = Number.isInteger(Math.log2(failures));
  if (before.state !== now.state || rarely) log.error({ ...now }, "events are not recorded");
}

/**
 * Says in the record up to when it is complete, where nothing waits to be recorded. Should the
 * ledger ever lose its newest movements, this is the time whose messages are applied again; without
 * it a partition that rests would bring back everything since its last movement.
 */
export async function confirmUpToDate({
  db,
  ledger,
}: Pick<PersisterDeps, "db" | "ledger">): Promise<void> {
  // Read first: whatever moves from here on is later than this.
  const at = await databaseTime(db);
  const { partitions } = await ledger.health();
  // An unverified partition may have lost movements, so its number says nothing.
  await markUpToDate(
    db,
    at,
    partitions.filter((partition) => partition.verified),
  );
}
