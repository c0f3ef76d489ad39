import type { Session } from "../../connectors/connector.ts";
import { exhaustive } from "../../inventory/assert.ts";
import { type ConnectionRow, connectionOfJob } from "../../prisma/connections.ts";
import { type FeedRow, feedRows, recordKeptStock, tellAgain } from "../../prisma/feeds.ts";
import { recordReadBacks } from "../../prisma/read-backs.ts";
import { endTask, moveTask, startTask, type TaskRow } from "../../prisma/tasks.ts";
import type { JobPayload } from "../catalogue.ts";
import { watchDrifts } from "../drift-watch.ts";
import { callKey } from "../lane.ts";
import { type StepDeps, type StepKind, stepFailed } from "../task-steps.ts";
import { DRIFT_AFTER_MS } from "./readback-connection.ts";

const FEED: StepKind = { job: "connection.feed", call: "readBack", wanted: "its numbers" };

/**
 * The handler of "connection.feed": reads the live number of every listing of a connection, in
 * steps that survive a restart. What differs is looked into and put right; what could not be read
 * is told again; and what the marketplace ships itself is counted. Telling numbers that agree
 * would cost the marketplace's limits and prove nothing that the reading did not.
 */
export async function connectionFeed(
  deps: StepDeps,
  { connection: id }: JobPayload<"connection.feed">,
): Promise<void> {
  const connection = await connectionOfJob(deps.db, id);
  const connector = connection && deps.connectorOf(connection.channel);
  if (!connection || !connector || connection.disconnected || connection.paused) return;
  // Before it is live nothing is told, so there is nothing to put right; and who is shut out
  // has nothing read.
  if (connection.liveAt === null || connection.shutOut !== null) return;
  const { shop } = connection;
  let task: TaskRow | null = await startTask(deps.db, shop, id, "feed", new Date(deps.now()));
  const session = await deps.session(connection);
  if (!session) return;
  const { readBackBatch: limit, calls } = connector.limits;
  while (task && !deps.signal.aborted) {
    const rows = await feedRows(deps.db, shop, id, { after: task.cursor, limit });
    if (rows.length === 0) return finish(deps, connection, task);
    const waitMs = await deps.pacer.take(callKey(id, FEED.call), calls.readBack);
    if (waitMs > 0) return deps.later(FEED.job, id, waitMs);
    task = await readRows(deps, connection, session, task, rows);
    deps.live.publish(shop, {});
  }
}

/** One call. The task as it is after it, or null when this run ends. */
async function readRows(
  deps: StepDeps,
  connection: ConnectionRow,
  session: Session,
  task: TaskRow,
  rows: readonly FeedRow[],
): Promise<TaskRow | null> {
  const { db } = deps;
  const answer = await session.readBack(rows);
  switch (answer.outcome) {
    case "read": {
      const read = rows.map((row, at) => ({
        row,
        listing: row.listing,
        quantity: answer.rows[at]?.quantity ?? null,
      }));
      const counts = await recordRows(deps, connection, read);
      const step = { cursor: rows.at(-1)?.listing ?? null, done: rows.length, counts };
      return moveTask(db, task, step, new Date(deps.now()));
    }
    case "throttled":
    case "unavailable":
    case "unknown":
    case "unauthorized":
    case "not-supported":
      await stepFailed(deps, FEED, task, answer);
      return null;
    default:
      return exhaustive(answer);
  }
}

type Read = { row: FeedRow; listing: string; quantity: number | null };

async function recordRows(
  { db, enqueue, now }: StepDeps,
  connection: ConnectionRow,
  read: readonly Read[],
): Promise<Record<string, number>> {
  const { shop, id } = connection;
  const at = now();
  const pushed = read.filter(({ row }) => row.pushed);
  const unread = pushed.filter(({ quantity }) => quantity === null);
  const answered = pushed.filter(({ quantity }) => quantity !== null);
  const seen = await recordReadBacks(db, shop, answered.map(plain), {
    now: at,
    driftAfterMs: DRIFT_AFTER_MS,
  });
  const { sweep } = await watchDrifts(db, connection, seen, at);
  if (sweep) await enqueue("orders.sweep", { connection: id });
  await tellAgain(
    db,
    shop,
    unread.map(({ listing }) => listing),
  );
  await recordKeptStock(db, shop, read.filter(({ row }) => !row.pushed).map(plain), new Date(at));
  return { drifting: seen.suspects.length, unread: unread.length };
}

const plain = ({ listing, quantity }: Read) => ({ listing, quantity });

async function finish(
  { db, enqueue, now, log }: StepDeps,
  { id }: ConnectionRow,
  task: TaskRow,
): Promise<void> {
  await endTask(db, task, { now: new Date(now()) });
  await enqueue("push.connection", { connection: id });
  log.info({ connection: id, done: task.done, ...task.counts }, "fed");
}
