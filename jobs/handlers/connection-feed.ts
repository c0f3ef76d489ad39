import type { Connector, Session } from "../../connectors/connector.ts";
import type { Pacer } from "../../connectors/pacer.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { Database } from "../../prisma/client.ts";
import { type ConnectionRow, connectionOfJob } from "../../prisma/connections.ts";
import { type FeedRow, feedRows, recordKeptStock, tellAgain } from "../../prisma/feeds.ts";
import { recordReadBacks } from "../../prisma/read-backs.ts";
import { endTask, moveTask, startTask, type TaskRow } from "../../prisma/tasks.ts";
import type { JobPayload } from "../catalogue.ts";
import { watchDrifts } from "../drift-watch.ts";
import type { LivePublisher } from "../live.ts";
import type { Log } from "../log.ts";
import type { Queues } from "../queues.ts";
import { DRIFT_AFTER_MS } from "./readback-connection.ts";

export interface ConnectionFeedDeps {
  db: Database;
  connectorOf(channel: string): Connector | undefined;
  /** Opens the connection for I/O; null when it is gone. */
  session(connection: ConnectionRow): Promise<Session | null>;
  pacer: Pick<Pacer, "take" | "holdUntil">;
  enqueue: Queues["enqueue"];
  /** Asks for this job again in `ms`: a job never sleeps. */
  feedLater(connection: string, ms: number): void;
  live: Pick<LivePublisher, "publish">;
  now(): number;
  log: Log;
  signal: AbortSignal;
}

/** A marketplace that gives no answer is asked again this often, and given up after an hour. */
const AGAIN_MS = 15_000;
const PATIENCE_MS = 60 * 60_000;

/**
 * The handler of "connection.feed": reads the live number of every listing of a connection, in
 * steps that survive a restart. What differs is looked into and put right; what could not be read
 * is told again; and what the marketplace ships itself is counted. Telling numbers that agree
 * would cost the marketplace's limits and prove nothing that the reading did not.
 */
export async function connectionFeed(
  deps: ConnectionFeedDeps,
  { connection: id }: JobPayload<"connection.feed">,
): Promise<void> {
  const connection = await connectionOfJob(deps.db, id);
  const connector = connection && deps.connectorOf(connection.channel);
  if (!connection || !connector || connection.disconnected || connection.paused) return;
  const { shop } = connection;
  let task: TaskRow | null = await startTask(deps.db, shop, id, "feed", new Date(deps.now()));
  const session = await deps.session(connection);
  if (!session) return;
  const { readBackBatch: limit, calls } = connector.limits;
  while (task && !deps.signal.aborted) {
    const rows = await feedRows(deps.db, shop, id, { after: task.cursor, limit });
    if (rows.length === 0) return finish(deps, connection, task);
    const waitMs = deps.pacer.take(`${id}/readBack`, calls.readBack);
    if (waitMs > 0) return deps.feedLater(id, waitMs);
    task = await readRows(deps, connection, session, task, rows);
    deps.live.publish(shop, {});
  }
}

/** One call. The task as it is after it, or null when this run ends. */
async function readRows(
  deps: ConnectionFeedDeps,
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
      deps.pacer.holdUntil(`${connection.id}/readBack`, answer.retryAt);
      deps.feedLater(connection.id, Math.max(1, answer.retryAt - deps.now()));
      return null;
    case "unavailable":
    case "unknown":
      if (deps.now() - task.movedAt.getTime() < PATIENCE_MS) {
        deps.feedLater(connection.id, AGAIN_MS);
        return null;
      }
      return giveUp(deps, task, answer.why);
    case "unauthorized":
    case "not-supported":
      return giveUp(deps, task, answer.why);
    default:
      return exhaustive(answer);
  }
}

type Read = { row: FeedRow; listing: string; quantity: number | null };

async function recordRows(
  { db, enqueue, now }: ConnectionFeedDeps,
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
  { db, enqueue, now, log }: ConnectionFeedDeps,
  { id }: ConnectionRow,
  task: TaskRow,
): Promise<void> {
  await endTask(db, task, { now: new Date(now()) });
  await enqueue("push.connection", { connection: id });
  log.info({ connection: id, done: task.done, ...task.counts }, "fed");
}

async function giveUp(
  { db, now, log }: ConnectionFeedDeps,
  task: TaskRow,
  why: string,
): Promise<null> {
  log.warn({ connection: task.connection, why }, "a feed was given up");
  const error = `the marketplace did not give its numbers: ${why}`;
  await endTask(db, task, { error, now: new Date(now()) });
  return null;
}
