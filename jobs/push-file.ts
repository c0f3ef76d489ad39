import type { CallFailure, PushResult } from "../connectors/connector.ts";
import { exhaustive } from "../inventory/assert.ts";
import { type ClaimedFile, claimFile } from "../prisma/claims.ts";
import { checkFileAt, fileSubmitted, finishFile, type OpenFile } from "../prisma/push-files.ts";
import type { PushJob } from "../prisma/pushes.ts";
import { type BulkPath, type Lane, type LaneDeps, noteCall, retryTime, termsOf } from "./lane.ts";
import { answersOf, callResult, followUp, lineOf, writeAnswers } from "./record-results.ts";

/** A submission that has not been answered for this long never will be. */
const SUBMITTED_WITHIN_MS = 2 * 60_000;

/** A file that takes this many times as long as usual has no result any more. */
const OVERDUE_TIMES = 20;
const OVERDUE_AFTER_MS = 2 * 60 * 60_000;

/** Its result is first asked for after this part of the usual time. */
const FIRST_LOOK = 0.5;

/** Claims listings for a file, but for the first `keep`. Null: there was none to claim. */
export function claimForFile(
  deps: LaneDeps,
  lane: Lane,
  { limits }: BulkPath,
  keep: number,
): Promise<ClaimedFile | null> {
  const { shop, id } = lane.connection;
  const now = deps.now();
  const giveUpAt = now + SUBMITTED_WITHIN_MS;
  const terms = termsOf(lane, now);
  return claimFile(deps.db, shop, id, { limit: limits.lines, skip: keep, now, giveUpAt, terms });
}

/**
 * Hands a file to its marketplace. From the claim on it is written down: should the process die
 * here, its lines are read back, because the marketplace may have taken it.
 */
export async function submitFile(
  deps: LaneDeps,
  lane: Lane,
  bulk: BulkPath,
  { file, jobs }: ClaimedFile,
): Promise<void> {
  const { shop, id } = lane.connection;
  const submittedAt = deps.now();
  const answer = await bulk.session.submit(jobs.map(lineOf));
  if (answer.outcome === "submitted") {
    await noteCall(deps, lane, "bulk", { outcome: "answered" });
    const lookIn = bulk.limits.usualMs * FIRST_LOOK;
    const checkAfter = deps.now() + lookIn;
    await fileSubmitted(deps.db, shop, file, { externalId: answer.file, checkAfter });
    deps.later("file.poll", id, lookIn);
    return;
  }
  await noteCall(deps, lane, "bulk", answer);
  const results = jobs.map(() => answer);
  const open = { id: file, externalId: null, submittedAt, jobs };
  await endFile(deps, lane, open, { state: "failed", error: answer.why, results });
}

/** Asks for the result of a file that is due to be looked at. */
export async function lookAtFile(
  deps: LaneDeps,
  lane: Lane,
  bulk: BulkPath | null,
  file: OpenFile,
): Promise<void> {
  if (file.externalId === null || !bulk) {
    return loseFile(deps, lane, file, "no answer to its submission was heard");
  }
  const answer = await bulk.session.result(file.externalId, file.jobs.map(lineOf));
  switch (answer.outcome) {
    case "processed": {
      const { results } = answer;
      await noteCall(deps, lane, "bulk", callResult(results));
      return endFile(deps, lane, file, { state: "processed", error: null, results });
    }
    case "processing":
      return lookLater(deps, lane, bulk, file, answer.againAt);
    case "not-supported":
      return loseFile(deps, lane, file, answer.why);
    case "throttled":
    case "unavailable":
    case "unknown":
    case "unauthorized":
      // It was asked, nothing was written: the file goes on, whatever became of the question.
      if (answer.outcome !== "throttled") await noteCall(deps, lane, "bulk", answer);
      return lookLater(deps, lane, bulk, file, retryTime(deps, lane, "bulk", answer));
    default:
      return exhaustive(answer);
  }
}

async function lookLater(
  deps: LaneDeps,
  lane: Lane,
  { limits }: BulkPath,
  file: OpenFile,
  at: number,
): Promise<void> {
  const patience = Math.max(OVERDUE_AFTER_MS, limits.usualMs * OVERDUE_TIMES);
  if (deps.now() - file.submittedAt > patience) {
    return loseFile(deps, lane, file, "it was not processed in time");
  }
  await checkFileAt(deps.db, lane.connection.shop, file.id, Math.max(at, deps.now() + 1));
}

/** Nobody knows what became of it: every line is read back before the next write. */
function loseFile(deps: LaneDeps, lane: Lane, file: OpenFile, why: string): Promise<void> {
  const results = file.jobs.map((): CallFailure => ({ outcome: "unknown", why }));
  return endFile(deps, lane, file, { state: "failed", error: why, results });
}

interface FileEnd {
  state: "processed" | "failed";
  error: string | null;
  results: readonly PushResult[];
}

/** Records what became of the lines together with the end of the file: neither without the other. */
async function endFile(
  deps: LaneDeps,
  lane: Lane,
  { id, jobs, submittedAt }: Pick<OpenFile, "id" | "jobs" | "submittedAt">,
  { state, error, results }: FileEnd,
): Promise<void> {
  const sent = { jobs, results, sentAt: submittedAt, stale: new Map() };
  const answers = answersOf(deps, lane, sent).map((answer) => ({
    ...answer,
    after: externally(answer.after, answer.outcome, answer.job),
  }));
  const ended = await deps.db.$transaction(async (tx) => {
    const now = deps.now();
    if (!(await finishFile(tx, lane.connection.shop, id, { state, error, now }))) return false;
    await writeAnswers(tx, lane, answers);
    return true;
  }, LARGE);
  if (!ended) return;
  await followUp(deps, lane, answers);
  // What was left out, refused or is in doubt, and what changed meanwhile.
  deps.later("push.connection", lane.connection.id, 0);
}

/** A file has thousands of lines. */
const LARGE = { timeout: 60_000, maxWait: 10_000 };

type After = ReturnType<typeof answersOf>[number]["after"];

/**
 * A file that was not taken says nothing about its lines: none is in doubt when it surely was not
 * handed over, and none is given up when the account may send no files.
 */
function externally(after: After, outcome: string, job: PushJob): After {
  if (outcome === "unavailable") return { ...after, inDoubt: false, unspent: true };
  if (outcome === "not-supported") return { ...after, tries: job.tries, unspent: true };
  return after;
}
