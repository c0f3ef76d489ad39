import {
  dueReadBacks,
  nextReadAt,
  postponeReads,
  type ReadJob,
  recordReadBacks,
} from "../../prisma/read-backs.ts";
import type { JobPayload } from "../catalogue.ts";
import { watchDrifts } from "../drift-watch.ts";
import { type Lane, type LaneDeps, openLane, takeCall } from "../lane.ts";
import { readLive } from "../settle-in-doubt.ts";

/**
 * An accepted number that is not shown after this long is no longer on its way. Amazon calls a few
 * minutes normal (../shared/marketplaces: "propagation").
 */
export const DRIFT_AFTER_MS = 10 * 60_000;

export interface ReadBackDeps extends LaneDeps {
  /** Defaults to `DRIFT_AFTER_MS`. */
  driftAfterMs?: number;
}

/**
 * The handler of "readback.connection": reads what a marketplace accepted until it shows it, first
 * after 0.3 s and then at twice the time each, up to a minute. Like pushing, it never sleeps.
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
  while (!deps.signal.aborted) {
    const now = deps.now();
    const jobs = await dueReadBacks(deps.db, shop, id, { reason: "unseen", limit, now });
    if (jobs.length === 0) {
      const next = await nextReadAt(deps.db, shop, id);
      return next === null ? null : Math.max(1, next - now);
    }
    const waitMs = takeCall(deps, lane, "readBack");
    if (waitMs > 0) return waitMs;
    const failedUntil = await readOnce(deps, lane, jobs);
    if (failedUntil !== null) return Math.max(1, failedUntil - deps.now());
  }
  return null;
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
