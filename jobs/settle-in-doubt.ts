import {
  dueReadBacks,
  postponeReads,
  type ReadAnswer,
  type ReadJob,
  settleDoubts,
} from "../prisma/read-backs.ts";
import { type Lane, type LaneDeps, noteCall, retryTime, takeCall } from "./lane.ts";

/**
 * Reads back what was sent without a known answer: after a crash, a time-out or an outage, the next
 * write waits until the marketplace has said what it has.
 * @returns how many ms to wait before going on, or null: go on.
 */
export async function settleInDoubt(deps: LaneDeps, lane: Lane): Promise<number | null> {
  const { shop, id } = lane.connection;
  const waitMs = await takeCall(deps, lane, "readBack");
  if (waitMs > 0) return waitMs;
  const limit = lane.connector.limits.readBackBatch;
  const jobs = await dueReadBacks(deps.db, shop, id, {
    reason: "in-doubt",
    limit,
    now: deps.now(),
  });
  if (jobs.length === 0) return null;
  const read = await readLive(deps, lane, jobs);
  if (read.outcome === "read") {
    // What buyers see may be from before the push in doubt: the record is not.
    const answers = read.answers.map(({ listing, quantity, recorded }) => {
      return { listing, quantity: recorded ?? quantity };
    });
    await settleDoubts(deps.db, shop, answers, deps.now());
    return null;
  }
  const listings = jobs.map((job) => job.listing);
  await postponeReads(deps.db, shop, listings, "in-doubt", read.retryAt);
  return Math.max(1, read.retryAt - deps.now());
}

export type LiveRead =
  | { outcome: "read"; answers: (ReadAnswer & { recorded: number | null })[] }
  | { outcome: "failed"; retryAt: number };

/** One read-back call. Numbers are null where the marketplace does not say. */
export async function readLive(
  deps: LaneDeps,
  lane: Lane,
  jobs: readonly ReadJob[],
): Promise<LiveRead> {
  const result = await lane.session.readBack(jobs);
  await noteCall(
    deps,
    lane,
    "readBack",
    result.outcome === "read" ? { outcome: "answered" } : result,
  );
  if (result.outcome !== "read") {
    return { outcome: "failed", retryAt: retryTime(deps, lane, "readBack", result) };
  }
  const answers = jobs.map((job, index) => ({
    listing: job.listing,
    quantity: result.rows[index]?.quantity ?? null,
    recorded: result.rows[index]?.recorded ?? null,
  }));
  return { outcome: "read", answers };
}
