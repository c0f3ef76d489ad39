import type { CallFailure, Connector, Session } from "../connectors/connector.ts";
import type { Pacer } from "../connectors/pacer.ts";
import { exhaustive } from "../inventory/assert.ts";
import type { Database } from "../prisma/client.ts";
import { type ConnectionRow, connectionOfJob, reportTrouble } from "../prisma/connections.ts";
import type { JobName } from "./catalogue.ts";
import type { LivePublisher } from "./live.ts";
import type { Log } from "./log.ts";
import type { WorkerMetrics } from "./metrics.ts";
import { backOff } from "./push-outcome.ts";

/** What pushing and reading back work with. */
export interface LaneDeps {
  db: Database;
  connectorOf(channel: string): Connector | undefined;
  /** Opens the connection for I/O; null when it is gone. */
  session(connection: ConnectionRow): Promise<Session | null>;
  /** Shared by all jobs of the process: a marketplace counts them together. */
  pacer: Pacer;
  /** Calls in a row that got no proper answer, by connection. Forgotten when the process ends. */
  failures: Map<string, number>;
  /** Asks for the connection's job in `ms`; the earliest of several wishes counts. */
  later(name: LaneJob, connection: string, ms: number): void;
  live: Pick<LivePublisher, "publish">;
  metrics: Pick<WorkerMetrics, "push">;
  now(): number;
  log: Log;
  /** Aborted when the process is to stop: a handler then ends between two calls. */
  signal: AbortSignal;
}

export type LaneJob = Extract<JobName, "push.connection" | "readback.connection" | "orders.sweep">;

/** A connection that may be written to and read from. */
export interface Lane {
  connection: ConnectionRow;
  connector: Connector;
  session: Session;
}

/** The sentence that stops a connection's pushes, until whoever mends it takes it back. */
const ABOUT = "Pushing quantities";

/** Opens a job's connection. Null when it is gone, or is not let in by its marketplace. */
export async function openLane(deps: LaneDeps, id: string): Promise<Lane | null> {
  const connection = await connectionOfJob(deps.db, id);
  if (!connection || connection.trouble?.startsWith(`${ABOUT}: `)) return null;
  const connector = deps.connectorOf(connection.channel);
  const session = connector ? await deps.session(connection) : null;
  return connector && session ? { connection, connector, session } : null;
}

/**
 * Takes one call of a kind, or answers how many ms it has to wait. Calls of one connection never
 * use up another's, and a handler that must wait ends instead: it keeps no place from others (D7).
 */
export function takeCall(deps: LaneDeps, lane: Lane, kind: "push" | "readBack"): number {
  return deps.pacer.take(callKey(lane, kind), lane.connector.limits.calls[kind]);
}

function callKey({ connection }: Lane, kind: "push" | "readBack"): string {
  return `${connection.id}/${kind}`;
}

/** Notes that a call of the kind worked, or why not, for the calls that follow. */
export async function noteCall(
  deps: LaneDeps,
  lane: Lane,
  kind: "push" | "readBack",
  result: { outcome: "answered" } | CallFailure,
): Promise<void> {
  const { id, shop } = lane.connection;
  switch (result.outcome) {
    case "answered":
    case "not-supported":
      deps.failures.delete(id);
      return;
    case "throttled":
      deps.failures.delete(id);
      return deps.pacer.holdUntil(callKey(lane, kind), result.retryAt);
    case "unavailable":
    case "unknown":
      deps.failures.set(id, failuresOf(deps, lane) + 1);
      deps.log.warn({ connection: id, kind, ...result }, "the marketplace gave no answer");
      return;
    case "unauthorized":
      deps.log.error({ connection: id, kind, ...result }, "the marketplace lets us in no more");
      return reportTrouble(deps.db, shop, id, ABOUT, result.why);
    default:
      return exhaustive(result);
  }
}

export function failuresOf(deps: LaneDeps, { connection }: Lane): number {
  return deps.failures.get(connection.id) ?? 0;
}

/** When a failed call may be made again, in ms since the epoch. */
export function retryTime(deps: LaneDeps, lane: Lane, failure: CallFailure): number {
  if (failure.outcome === "throttled") return failure.retryAt;
  return deps.now() + backOff(failuresOf(deps, lane));
}
