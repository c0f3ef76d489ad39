import type { CallFailure, PushLine, PushResult } from "../connectors/connector.ts";
import { assert } from "../inventory/assert.ts";
import { giveBackRevisions } from "../prisma/claims.ts";
import type { Queryable } from "../prisma/client.ts";
import { buryPushes } from "../prisma/dead-letters.ts";
import { FIRST_READ_MS, type PushAnswer, type PushJob, recordAnswers } from "../prisma/pushes.ts";
import { noteSurprises } from "../prisma/surprises.ts";
import { failuresOf, type Lane, type LaneDeps } from "./lane.ts";
import { afterPush, givenUp } from "./push-outcome.ts";

/**
 * The key names this attempt alone: a claim is sent once, and whatever is not known to have counted
 * is read back before the listing is claimed again.
 */
export function lineOf(job: PushJob): PushLine {
  const { externalId, handle, quantity, expected, key, openUnits } = job;
  const open = openUnits === null ? {} : { openUnits };
  return { externalId, handle, quantity, expected, key, ...open };
}

/** What was sent and answered. */
export interface Results {
  jobs: readonly PushJob[];
  results: readonly PushResult[];
  sentAt: number;
  /** How often each listing was found stale in a row. */
  stale: Map<string, number>;
}

/** What becomes of each listing after its answer. */
export function answersOf(
  deps: LaneDeps,
  lane: Lane,
  { jobs, results, sentAt, stale }: Results,
): PushAnswer[] {
  assert(results.length === jobs.length, "a connector answers each line of the batch");
  const now = deps.now();
  return jobs.map((job, index) => {
    const result = results[index] as PushResult; // as many as jobs
    const times = result.outcome === "stale" ? (stale.get(job.listing) ?? 0) + 1 : 0;
    stale.set(job.listing, times);
    const after = afterPush(job, result, { now, failures: failuresOf(deps, lane), stale: times });
    const detail = "why" in result ? result.why : null;
    return { job, outcome: result.outcome, detail, sentAt, answeredAt: now, after };
  });
}

/** Records answers, whichever path they came on. */
export async function writeAnswers(
  db: Queryable,
  { connection }: Lane,
  answers: readonly PushAnswer[],
): Promise<void> {
  await noteSurprises(db, connection.shop, connection.id, answers);
  await recordAnswers(db, connection.shop, answers);
  await giveBackRevisions(db, connection.shop, connection.id, answers);
}

/** More items than this are told as "everything": a page reads its rows anew either way. */
const TOLD_BY_NAME = 200;

/** Sees to what follows from recorded answers: dead letters, reading back, open pages. */
export async function followUp(
  deps: LaneDeps,
  { connection }: Lane,
  answers: readonly PushAnswer[],
): Promise<void> {
  const { shop, id } = connection;
  const dead = answers.filter((answer) => givenUp(answer.after));
  if (dead.length > 0) {
    const letters = dead.map(({ job, detail }) => ({ listing: job.listing, error: detail ?? "" }));
    await buryPushes(deps.db, shop, letters);
    deps.log.error({ connection: id, letters }, "pushes were given up");
  }
  if (answers.some((answer) => answer.after.accepted !== null)) {
    deps.later("readback.connection", id, FIRST_READ_MS);
  }
  const items = answers.flatMap(({ job }) => job.item ?? []);
  deps.live.publish(shop, items.length > TOLD_BY_NAME ? {} : { items });
}

/** What a marketplace may say of one line of a call; anything else is about the call. */
const OF_ONE_LINE = ["accepted", "stale", "exhausted", "rejected"] as const;

/** A call failed as a whole when one of its lines says so: limits and outages are not per line. */
export function callResult(results: readonly PushResult[]): { outcome: "answered" } | CallFailure {
  const ofOneLine: readonly string[] = OF_ONE_LINE;
  const failed = results.find(
    (result): result is CallFailure => !ofOneLine.includes(result.outcome),
  );
  return failed ?? { outcome: "answered" };
}
