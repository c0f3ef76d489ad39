import type { CallFailure, CallName, Connector, Session } from "../connectors/connector.ts";
import type { Pacer } from "../connectors/pacer.ts";
import { exhaustive } from "../inventory/assert.ts";
import type { Database } from "../prisma/client.ts";
import type { ConnectionRow } from "../prisma/connections.ts";
import { endTask, type TaskRow } from "../prisma/tasks.ts";
import type { JobName } from "./catalogue.ts";
import { callKey } from "./lane.ts";
import type { LivePublisher } from "./live.ts";
import type { Log } from "./log.ts";
import type { Queues } from "./queues.ts";

/** Jobs that do long work on a connection in steps, each kept, so that a restart goes on. */
export type StepJob = Extract<JobName, "listings.import" | "connection.feed">;

export interface StepDeps {
  db: Database;
  connectorOf(channel: string): Connector | undefined;
  /** Opens the connection for I/O; null when it is gone. */
  session(connection: ConnectionRow): Promise<Session | null>;
  pacer: Pick<Pacer, "take" | "holdUntil">;
  enqueue: Queues["enqueue"];
  /** Asks for the job again in `ms`: a job never sleeps. */
  later(job: StepJob, connection: string, ms: number): void;
  live: Pick<LivePublisher, "publish">;
  now(): number;
  log: Log;
  signal: AbortSignal;
}

/** What a job's steps call, and what a page says that the marketplace did not give. */
export interface StepKind {
  job: StepJob;
  call: CallName;
  wanted: string;
}

/** A marketplace that gives no answer is asked again this often, and given up after an hour. */
const AGAIN_MS = 15_000;
const PATIENCE_MS = 60 * 60_000;

/** A step's call did not do its work: it is asked for again, or the task is given up. */
export async function stepFailed(
  deps: StepDeps,
  { job, call, wanted }: StepKind,
  task: TaskRow,
  failure: CallFailure,
): Promise<void> {
  const { connection } = task;
  switch (failure.outcome) {
    case "throttled":
      deps.pacer.holdUntil(callKey(connection, call), failure.retryAt);
      return deps.later(job, connection, Math.max(1, failure.retryAt - deps.now()));
    case "unavailable":
    case "unknown":
      if (deps.now() - task.movedAt.getTime() < PATIENCE_MS) {
        return deps.later(job, connection, AGAIN_MS);
      }
      break;
    case "unauthorized":
    case "not-supported":
      break;
    default:
      return exhaustive(failure);
  }
  deps.log.warn({ connection, job, ...failure }, "a task was given up");
  const error = `the marketplace did not give ${wanted}: ${failure.why}`;
  await endTask(deps.db, task, { error, now: new Date(deps.now()) });
}
