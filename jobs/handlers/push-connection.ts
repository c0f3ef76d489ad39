import { claimPushes } from "../../prisma/claims.ts";
import { type PushJob, type PushWork, pushWork } from "../../prisma/pushes.ts";
import type { JobPayload } from "../catalogue.ts";
import {
  bulkPath,
  callKey,
  callsLeft,
  type Lane,
  type LaneDeps,
  noteCall,
  openLane,
  takeCall,
  termsOf,
} from "../lane.ts";
import { claimForFile, submitFile } from "../push-file.ts";
import { choosePath } from "../push-path.ts";
import { answersOf, callResult, followUp, lineOf, writeAnswers } from "../record-results.ts";
import { settleInDoubt } from "../settle-in-doubt.ts";

/** Calls of one connection under way at once: most marketplaces take longer than their limit. */
const CALLS_AT_ONCE = 4;

/** A listing whose plan is being written at this moment is looked at again this soon. */
const LOCKED_AGAIN_MS = 5;

/** What is ready is counted again after this long, however many calls are still to be made. */
const LOOK_AGAIN_MS = 500;

/** A raise that waits until what was heard of is applied is looked at again this soon. */
const RAISE_AGAIN_MS = 200;

/** One that waits for a reading of the orders asks for it again after this; its end wakes us. */
const READ_AGAIN_MS = 5_000;

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
  if (!lane || lane.connection.paused || lane.connection.liveAt === null) return;
  const run: Run = { calls: new Set(), stale: new Map(), stopped: false, noFile: false };
  // Whatever ends the run, its calls have been answered and recorded when the job ends.
  const waitMs = await drain(deps, lane, run).finally(() => Promise.allSettled(run.calls));
  await Promise.all(run.calls);
  if (waitMs !== null) deps.later("push.connection", connection, waitMs);
}

/** @returns in how many ms there is more to do, or null when there is nothing. */
async function drain(deps: LaneDeps, lane: Lane, run: Run): Promise<number | null> {
  const { shop, id } = lane.connection;
  while (!deps.signal.aborted && !run.stopped) {
    const now = deps.now();
    const work = await pushWork(deps.db, shop, id, { now, terms: termsOf(lane, now) });
    if (!work.open) return null;
    if (work.inDoubt > 0 && run.calls.size === 0) {
      const waitMs = await settleInDoubt(deps, lane);
      if (waitMs !== null) return waitMs;
      continue;
    }
    if (work.ready === 0) {
      if (run.calls.size === 0) return nextLook(deps, lane, work);
      await Promise.race(run.calls);
      continue;
    }
    if (!run.noFile && (await startFile(deps, lane, run, work))) continue;
    const waitMs = await sendReady(deps, lane, run, work);
    if (waitMs !== null) return waitMs;
  }
  return null;
}

/**
 * Makes calls for what was found ready. Finding it looks at everything that changed on the
 * connection, so that is done once for many calls, but again after a moment: each call takes what is
 * foremost at its own time anyhow.
 * @returns in how many ms there is more to do, or null: look again.
 */
async function sendReady(
  deps: LaneDeps,
  lane: Lane,
  run: Run,
  work: PushWork,
): Promise<number | null> {
  const lookAgainAt = deps.now() + LOOK_AGAIN_MS;
  for (let left = work.ready; left > 0; ) {
    const waitMs = await takeCall(deps, lane, "push");
    if (waitMs > 0) return waitMs;
    const claimed = await startCalls(deps, lane, run, { ...work, ready: left });
    if (claimed === 0) return left === work.ready ? LOCKED_AGAIN_MS : null;
    left -= claimed;
    if (deps.now() >= lookAgainAt || deps.signal.aborted || run.stopped) return null;
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
  /** What is ready goes by calls: the rest of it is urgent, or there is no turn for a file. */
  noFile: boolean;
}

/** Before a number is raised its marketplace is asked what it has sold (invariant 9). */
function nextLook(deps: LaneDeps, lane: Lane, work: PushWork): number | null {
  const { raisesWaiting, ordersOld, nextAt } = work;
  if (ordersOld) deps.later("orders.sweep", lane.connection.id, 0);
  const waits = [
    ...(raisesWaiting > 0 ? [ordersOld ? READ_AGAIN_MS : RAISE_AGAIN_MS] : []),
    ...(nextAt === null ? [] : [Math.max(1, nextAt - deps.now())]),
  ];
  return waits.length === 0 ? null : Math.min(...waits);
}

/** Hands over a file where that is the quicker path. True when it was begun: look again. */
async function startFile(deps: LaneDeps, lane: Lane, run: Run, work: PushWork): Promise<boolean> {
  const bulk = bulkPath(lane);
  if (!bulk) return false;
  const { pushBatch, calls } = lane.connector.limits;
  const chosen = choosePath({
    ...{ ready: work.ready, urgent: work.urgent, pushBatch },
    calls: callsFor(work, pushBatch),
    push: { rate: calls.push, left: await callsLeft(deps, lane, "push") },
    bulk: { rate: bulk.rate, left: await callsLeft(deps, lane, "bulk"), limits: bulk.limits },
  });
  if (chosen.path === "calls" || (await takeCall(deps, lane, "bulk")) > 0) return false;
  const claimed = await claimForFile(deps, lane, bulk, chosen.keep);
  if (!claimed) {
    deps.pacer.giveBack(callKey(lane.connection.id, "bulk"));
    run.noFile = true;
    return false;
  }
  await begin(run, submitFile(deps, lane, bulk, claimed));
  return true;
}

/** Calls it takes at least to send what is ready. */
function callsFor({ ready, groups }: PushWork, pushBatch: number): number {
  return Math.max(groups, Math.ceil(ready / pushBatch));
}

/**
 * Claims for as many calls as may be made at this moment, and sends them without waiting for their
 * answers. One call was taken already.
 * @returns how many listings were claimed.
 */
async function startCalls(deps: LaneDeps, lane: Lane, run: Run, work: PushWork): Promise<number> {
  const { shop, id } = lane.connection;
  const { pushBatch } = lane.connector.limits;
  const free = Math.min(CALLS_AT_ONCE - run.calls.size, callsFor(work, pushBatch));
  let calls = 1;
  while (calls < free && (await takeCall(deps, lane, "push")) === 0) calls += 1;
  const now = deps.now();
  const options = { limit: pushBatch, calls, now, terms: termsOf(lane, now) };
  const batches = await claimPushes(deps.db, shop, id, options);
  for (let spare = batches.length; spare < calls; spare += 1) {
    deps.pacer.giveBack(callKey(id, "push"));
  }
  for (const jobs of batches) await begin(run, send(deps, lane, run, jobs));
  return batches.reduce((sum, jobs) => sum + jobs.length, 0);
}

/** Lets a call run beside the others, and waits for a place where there are many. */
async function begin(run: Run, sending: Promise<void>): Promise<void> {
  const call = sending.then(() => void run.calls.delete(call));
  run.calls.add(call);
  call.catch(() => {}); // a failed call stays among the calls, for the one who awaits them
  if (run.calls.size >= CALLS_AT_ONCE) await Promise.race(run.calls);
}

/** One call: sends the claimed listings, records each one's answer, and sees to what follows. */
async function send(deps: LaneDeps, lane: Lane, run: Run, jobs: readonly PushJob[]): Promise<void> {
  const sentAt = deps.now();
  const results = await lane.session.push(jobs.map(lineOf));
  const outcomes = results.map((result) => result.outcome);
  deps.metrics.push(lane.connection.channel, outcomes, deps.now() - sentAt);
  await noteCall(deps, lane, "push", callResult(results));
  run.stopped ||= outcomes.includes("unauthorized");
  const answers = answersOf(deps, lane, { jobs, results, sentAt, stale: run.stale });
  await writeAnswers(deps.db, lane, answers);
  await followUp(deps, lane, answers);
}
