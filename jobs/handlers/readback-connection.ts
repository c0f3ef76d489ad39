import { readOneIn } from "../../inventory/read-sample.ts";
import {
  dueReadBacks,
  nextReadAt,
  postponeReads,
  type ReadJob,
  recordReadBacks,
} from "../../prisma/read-backs.ts";
import { unseenOf, vouch } from "../../prisma/read-samples.ts";
import type { JobPayload } from "../catalogue.ts";
import { watchDrifts } from "../drift-watch.ts";
import { type Lane, type LaneDeps, openLane, takeCall } from "../lane.ts";
import { readLive } from "../settle-in-doubt.ts";

/**
 * An accepted number that is not shown after this long is no longer on its way. Amazon calls a few
 * minutes normal (../shared/marketplaces: "propagation").
 */
export const DRIFT_AFTER_MS = 10 * 60_000;

/** What is left when others were vouched for may be few enough to be read whole. */
const AT_ONCE_MS = 1;

/** What no sample vouches for yet waits for the next ones to be accepted, or to be few. */
const REST_AGAIN_MS = 60_000;

export interface ReadBackDeps extends LaneDeps {
  /** Defaults to `DRIFT_AFTER_MS`. */
  driftAfterMs?: number;
}

/**
 * The handler of "readback.connection": reads what a marketplace accepted until it shows it, first
 * after 0.3 s and then at twice the time each, up to a minute. Where that would take more than a
 * minute of calls, a sample vouches for the rest; the daily feed reads those too. Like pushing, it
 * never sleeps.
 */
export async function readbackConnection(
  deps: ReadBackDeps,
  { connection }: JobPayload<"readback.connection">,
): Promise<void> {
  const lane = await openLane(deps, connection);
  if (!lane) return;
  const waitMs = await readDue(deps, lane);
  if (waitMs !== null) deps.later("readback.connection", connection, waitMs);
}

/** @returns in how many ms there is more to read, or null when everything has been seen. */
async function readDue(deps: ReadBackDeps, lane: Lane): Promise<number | null> {
  const { shop, id } = lane.connection;
  const limit = lane.connector.limits.readBackBatch;
  const oneIn = await sampleOf(deps, lane);
  while (!deps.signal.aborted) {
    const now = deps.now();
    const jobs = await dueReadBacks(deps.db, shop, id, { reason: "unseen", limit, now, oneIn });
    if (jobs.length === 0) {
      if (oneIn > 1 && (await vouch(deps.db, shop, id, oneIn)) > 0) return AT_ONCE_MS;
      const next = await nextReadAt(deps.db, shop, id, oneIn);
      if (next !== null) return Math.max(1, next - now);
      return oneIn > 1 ? REST_AGAIN_MS : null;
    }
    const waitMs = await takeCall(deps, lane, "readBack");
    if (waitMs > 0) return waitMs;
    const failedUntil = await readOnce(deps, lane, jobs);
    if (failedUntil !== null) return Math.max(1, failedUntil - deps.now());
  }
  return null;
}

/** Of how many listings one is read: all of them, unless that would take very long. */
async function sampleOf(deps: ReadBackDeps, lane: Lane): Promise<number> {
  const { readBackBatch: batch, calls } = lane.connector.limits;
  const { id, shop } = lane.connection;
  const { doubted, ...load } = await unseenOf(deps.db, shop, id, deps.now());
  return doubted ? 1 : readOneIn({ ...load, batch, perSecond: calls.readBack.perSecond });
}

/** One call. Answers when to try again if it failed, in ms since the epoch, or null. */
async function readOnce(
  deps: ReadBackDeps,
  lane: Lane,
  jobs: readonly ReadJob[],
): Promise<number | null> {
  const { shop, id } = lane.connection;
  const read = await readLive(deps, lane, jobs);
  if (read.outcome === "failed") {
    const listings = jobs.map((job) => job.listing);
    await postponeReads(deps.db, shop, listings, "unseen", read.retryAt);
    return read.retryAt;
  }
  const driftAfterMs = deps.driftAfterMs ?? DRIFT_AFTER_MS;
  const now = deps.now();
  const seen = await recordReadBacks(deps.db, shop, read.answers, { now, driftAfterMs });
  const watched = await watchDrifts(deps.db, lane.connection, seen, now);
  if (seen.suspects.length > 0) {
    const drifting = seen.suspects.length;
    deps.log.warn({ connection: id, drifting }, "the marketplace shows other numbers");
  }
  if (watched.sweep) deps.later("orders.sweep", id, 0);
  if (watched.push) deps.later("push.connection", id, 0);
  deps.live.publish(shop, { items: jobs.flatMap((job) => job.item ?? []) });
  return null;
}
