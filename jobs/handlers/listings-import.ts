import type { CallFailure, Connector, Session } from "../../connectors/connector.ts";
import type { Pacer } from "../../connectors/pacer.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { Database } from "../../prisma/client.ts";
import { type ConnectionRow, connectionOfJob } from "../../prisma/connections.ts";
import { markGone } from "../../prisma/listings.ts";
import { endTask, moveTask, startTask, type TaskRow } from "../../prisma/tasks.ts";
import type { JobPayload } from "../catalogue.ts";
import { importPage, type Step } from "../import-listings.ts";
import type { LivePublisher } from "../live.ts";
import type { Log } from "../log.ts";
import type { Queues } from "../queues.ts";

export interface ListingsImportDeps {
  db: Database;
  connectorOf(channel: string): Connector | undefined;
  /** Opens the connection for I/O; null when it is gone. */
  session(connection: ConnectionRow): Promise<Session | null>;
  pacer: Pick<Pacer, "take" | "holdUntil">;
  enqueue: Queues["enqueue"];
  /** Asks for this job again in `ms`: a job never sleeps. */
  importLater(connection: string, ms: number): void;
  live: Pick<LivePublisher, "publish">;
  now(): number;
  log: Log;
  signal: AbortSignal;
}

/** A marketplace that gives no answer is asked again this often, and given up after an hour. */
const AGAIN_MS = 15_000;
const PATIENCE_MS = 60 * 60_000;

/**
 * The handler of "listings.import": takes over every listing of a connection, page by page. After
 * each page the place is kept, so that a restart goes on from there; what the whole account no
 * longer has is marked as gone; and then everything is planned.
 */
export async function listingsImport(
  deps: ListingsImportDeps,
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
    const waitMs = deps.pacer.take(`${id}/listings`, connector.limits.calls.listings);
    if (waitMs > 0) return deps.importLater(id, waitMs);
    const step = await importPage({ ...deps, session }, connection.shop, id, task.cursor);
    const next = await takeStep(deps, connection, task, step);
    deps.live.publish(connection.shop, {});
    if (next === null) return;
    task = next;
  }
}

/** What follows from a step: the task as it is now, or null when this run ends. */
async function takeStep(
  deps: ListingsImportDeps,
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
        deps.importLater(connection.id, Math.max(1, step.againAt - deps.now()));
      }
      return null;
    case "throttled":
      deps.pacer.holdUntil(`${connection.id}/listings`, step.retryAt);
      deps.importLater(connection.id, Math.max(1, step.retryAt - deps.now()));
      return null;
    case "unavailable":
    case "unknown":
      if (deps.now() - task.movedAt.getTime() < PATIENCE_MS) {
        deps.importLater(connection.id, AGAIN_MS);
      } else await giveUp(deps, task, step, now);
      return null;
    case "unauthorized":
    case "not-supported":
      await giveUp(deps, task, step, now);
      return null;
    default:
      return exhaustive(step);
  }
}

async function finish(
  { db, enqueue, log }: ListingsImportDeps,
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

async function giveUp(
  { db, log }: ListingsImportDeps,
  task: TaskRow,
  failure: Exclude<CallFailure, { outcome: "throttled" }>,
  now: Date,
): Promise<void> {
  const error = `the marketplace did not give its listings: ${failure.why}`;
  log.warn({ connection: task.connection, ...failure }, "an import was given up");
  await endTask(db, task, { error, now });
}
