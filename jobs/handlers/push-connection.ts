import { randomUUID } from "node:crypto";
import type { CallFailure, PushLine, PushResult } from "../../connectors/connector.ts";
import { assert } from "../../inventory/assert.ts";
import { buryPushes } from "../../prisma/dead-letters.ts";
import {
  claimPushes,
  FIRST_READ_MS,
  type PushAnswer,
  type PushJob,
  pushWork,
  recordAnswers,
} from "../../prisma/pushes.ts";
import type { JobPayload } from "../catalogue.ts";
import { failuresOf, type Lane, type LaneDeps, noteCall, openLane, takeCall } from "../lane.ts";
import { afterPush, givenUp } from "../push-outcome.ts";
import { settleInDoubt } from "../settle-in-doubt.ts";

/** Calls of one connection under way at once: most marketplaces take longer than their limit. */
const CALLS_AT_ONCE = 4;

/** A listing whose plan is being written at this moment is looked at again this soon. */
const LOCKED_AGAIN_MS = 5;

/** A raise that waits for the connection's orders is looked at again this soon. */
const RAISE_AGAIN_MS = 200;

/**
 * The handler of "push.connection": tells a marketplace every number that changed, in batches,
 * inside its limits. Each number is read at the moment of sending, so whatever happened since the
 * job was asked for is in it. It never sleeps: what must wait is asked for later.
 */
export async function pushConnection(
  deps: LaneDeps,
  { connection }: JobPayload<"push.connection">,
): Promise<void> {
  const lane = await openLane(deps, connection);
  if (!lane) return;
  const run: Run = { calls: new Set(), stale: new Map(), stopped: false };
  // Whatever ends the run, its calls have been answered and recorded when the job ends.
  const waitMs = await drain(deps, lane, run).finally(() => Promise.allSettled(run.calls));
  await Promise.all(run.calls);
  if (waitMs !== null) deps.later("push.connection", connection, waitMs);
}

/** @returns in how many ms there is more to do, or null when there is nothing. */
async function drain(deps: LaneDeps, lane: Lane, run: Run): Promise<number | null> {
  const { shop, id } = lane.connection;
  while (!deps.signal.aborted && !run.stopped) {
    const work = await pushWork(deps.db, shop, id, deps.now());
    if (work.inDoubt > 0 && run.calls.size === 0) {
      const waitMs = await settleInDoubt(deps, lane);
      if (waitMs !== null) return waitMs;
      continue;
    }
    if (work.ready === 0) {
      if (run.calls.size === 0) return nextLook(deps, work);
      await Promise.race(run.calls);
      continue;
    }
    const waitMs = takeCall(deps, lane, "push");
    if (waitMs > 0) return waitMs;
    if (!(await startCall(deps, lane, run))) return LOCKED_AGAIN_MS;
  }
  return null;
}

/** What one run of the job remembers. */
interface Run {
  calls: Set<Promise<void>>;
  /** How often each listing was found stale in a row. */
  stale: Map<string, number>;
  /** The marketplace does not let us in. */
  stopped: boolean;
}

function nextLook(
  deps: LaneDeps,
  { raisesWaiting, nextAt }: Awaited<ReturnType<typeof pushWork>>,
): number | null {
  const waits = [
    ...(raisesWaiting > 0 ? [RAISE_AGAIN_MS] : []),
    ...(nextAt === null ? [] : [Math.max(1, nextAt - deps.now())]),
  ];
  return waits.length === 0 ? null : Math.min(...waits);
}

/** Claims a batch and sends it, without waiting for its answer. False when none could be claimed. */
async function startCall(deps: LaneDeps, lane: Lane, run: Run): Promise<boolean> {
  const { shop, id } = lane.connection;
  const limit = lane.connector.limits.pushBatch;
  const jobs = await claimPushes(deps.db, shop, id, { limit, now: deps.now() });
  if (jobs.length === 0) return false;
  const call = send(deps, lane, run, jobs).then(() => void run.calls.delete(call));
  run.calls.add(call);
  call.catch(() => {}); // a failed call stays among the calls, for the one who awaits them
  if (run.calls.size >= CALLS_AT_ONCE) await Promise.race(run.calls);
  return true;
}

/** One call: sends the claimed listings, records each one's answer, and sees to what follows. */
async function send(deps: LaneDeps, lane: Lane, run: Run, jobs: readonly PushJob[]): Promise<void> {
  const { shop, id } = lane.connection;
  const sentAt = deps.now();
  const results = await lane.session.push(jobs.map(lineOf));
  assert(results.length === jobs.length, "a connector answers each line of the batch");
  const outcomes = results.map((result) => result.outcome);
  deps.metrics.push(lane.connection.channel, outcomes, deps.now() - sentAt);
  await noteCall(deps, lane, "push", callResult(results));
  run.stopped ||= outcomes.includes("unauthorized");
  const answers = jobs.map((job, index) =>
    answerOf(deps, lane, run, { job, result: results[index] as PushResult, sentAt }),
  );
  await recordAnswers(deps.db, shop, answers);
  const dead = answers.filter((answer) => givenUp(answer.after));
  if (dead.length > 0) await bury(deps, lane, dead);
  if (answers.some((answer) => answer.after.accepted !== null)) {
    deps.later("readback.connection", id, FIRST_READ_MS);
  }
  deps.live.publish(shop, { items: jobs.map((job) => job.item) });
}

/**
 * The key names this attempt alone: a claim is sent once, and whatever is not known to have counted
 * is read back before the listing is claimed again.
 */
function lineOf({ externalId, handle, quantity, expected }: PushJob): PushLine {
  return { externalId, handle, quantity, expected, key: randomUUID() };
}

function answerOf(
  deps: LaneDeps,
  lane: Lane,
  { stale }: Run,
  { job, result, sentAt }: { job: PushJob; result: PushResult; sentAt: number },
): PushAnswer {
  const now = deps.now();
  const times = result.outcome === "stale" ? (stale.get(job.listing) ?? 0) + 1 : 0;
  stale.set(job.listing, times);
  const after = afterPush(job, result, { now, failures: failuresOf(deps, lane), stale: times });
  const detail = "why" in result ? result.why : null;
  return { job, outcome: result.outcome, detail, sentAt, answeredAt: now, after };
}

/** A call failed as a whole when one of its lines says so: limits and outages are not per line. */
function callResult(results: readonly PushResult[]): { outcome: "answered" } | CallFailure {
  const failed = results.find(
    (result): result is CallFailure =>
      result.outcome !== "accepted" && result.outcome !== "stale" && result.outcome !== "rejected",
  );
  return failed ?? { outcome: "answered" };
}

async function bury(deps: LaneDeps, lane: Lane, dead: readonly PushAnswer[]): Promise<void> {
  const letters = dead.map(({ job, detail }) => ({ listing: job.listing, error: detail ?? "" }));
  await buryPushes(deps.db, lane.connection.shop, letters);
  deps.log.error({ connection: lane.connection.id, letters }, "pushes were given up");
}
