import { exhaustive } from "../../inventory/assert.ts";
import { type ConnectionRow, connectionOfJob } from "../../prisma/connections.ts";
import { markGone } from "../../prisma/listings.ts";
import { endTask, moveTask, startTask, type TaskRow } from "../../prisma/tasks.ts";
import type { JobPayload } from "../catalogue.ts";
import { importPage, type Step } from "../import-listings.ts";
import { callKey } from "../lane.ts";
import { type StepDeps, type StepKind, stepFailed } from "../task-steps.ts";

const IMPORT: StepKind = { job: "listings.import", call: "listings", wanted: "its listings" };

/**
 * The handler of "listings.import": takes over every listing of a connection, page by page. After
 * each page the place is kept, so that a restart goes on from there; what the whole account no
 * longer has is marked as gone; and then everything is planned.
 */
export async function listingsImport(
  deps: StepDeps,
  { connection: id }: JobPayload<"listings.import">,
): Promise<void> {
  const connection = await connectionOfJob(deps.db, id);
  const connector = connection && deps.connectorOf(connection.channel);
  if (!connection || !connector || connection.disconnected) return;
  const now = new Date(deps.now());
  let task = await startTask(deps.db, connection.shop, id, "import", now);
  const session = await deps.session(connection);
  if (!session) {
    const error = "the connection cannot be opened";
    return endTask(deps.db, task, { error, now });
  }
  while (!deps.signal.aborted) {
    const waitMs = await deps.pacer.take(callKey(id, IMPORT.call), connector.limits.calls.listings);
    if (waitMs > 0) return deps.later(IMPORT.job, id, waitMs);
    const step = await importPage({ ...deps, session }, connection.shop, id, task.cursor);
    const next = await takeStep(deps, connection, task, step);
    deps.live.publish(connection.shop, {});
    if (next === null) return;
    task = next;
  }
}

/** What follows from a step: the task as it is now, or null when this run ends. */
async function takeStep(
  deps: StepDeps,
  connection: ConnectionRow,
  task: TaskRow,
  step: Step,
): Promise<TaskRow | null> {
  const { db } = deps;
  const now = new Date(deps.now());
  switch (step.outcome) {
    case "stepped": {
      const { next: cursor, total, listings } = step;
      const counts = { ...step.counts };
      const moved = await moveTask(db, task, { cursor, done: listings, total, counts }, now);
      if (!moved || cursor !== null) return moved;
      await finish(deps, connection, moved, now);
      return null;
    }
    case "preparing":
      if (await moveTask(db, task, { cursor: step.cursor, done: 0 }, now)) {
        deps.later(IMPORT.job, connection.id, Math.max(1, step.againAt - deps.now()));
      }
      return null;
    case "throttled":
    case "unavailable":
    case "unknown":
    case "unauthorized":
    case "not-supported":
      await stepFailed(deps, IMPORT, task, step);
      return null;
    default:
      return exhaustive(step);
  }
}

async function finish(
  { db, enqueue, log }: StepDeps,
  { shop, id }: ConnectionRow,
  task: TaskRow,
  now: Date,
): Promise<void> {
  // Fewer than the account says it has were seen: a lost page must stop no pushes.
  const whole = task.total === null || task.done >= task.total;
  const gone = whole ? await markGone(db, shop, id, task.startedAt) : 0;
  await endTask(db, task, { counts: { gone }, now });
  await enqueue("listings.replan", { shop, connection: id });
  log.info({ connection: id, gone }, "listings imported");
}
