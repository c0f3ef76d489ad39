import type {
  BulkLimits,
  CallFailure,
  CallName,
  CallRate,
  Connector,
  Session,
} from "../connectors/connector.ts";
import type { Pacer } from "../connectors/pacer.ts";
import { assert, exhaustive } from "../inventory/assert.ts";
import { placeKey } from "../inventory/stock-place.ts";
import type { Database } from "../prisma/client.ts";
import {
  type ConnectionRow,
  clearTrouble,
  connectionOfJob,
  reportTrouble,
  shutOut,
} from "../prisma/connections.ts";
import type { PushTerms } from "../prisma/push-terms.ts";
import type { JobName } from "./catalogue.ts";
import type { LivePublisher } from "./live.ts";
import type { Log } from "./log.ts";
import type { WorkerMetrics } from "./metrics.ts";
import { dayAround, type ZonedDay } from "./order-files/local-time.ts";
import { backOff, refusalBackOff } from "./push-outcome.ts";

/** What pushing and reading back work with. */
export interface LaneDeps {
  db: Database;
  connectorOf(channel: string): Connector | undefined;
  /** Opens the connection for I/O; null when it is gone. */
  session(connection: ConnectionRow): Promise<Session | null>;
  /** Shared by all jobs of the process: a marketplace counts them together. */
  pacer: Pacer;
  /**
   * Calls in a row that got no proper answer, by connection; and that were refused for want of a
   * right, by `callKey`. Forgotten when the process ends.
   */
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

export type LaneJob = Extract<
  JobName,
  "push.connection" | "readback.connection" | "file.poll" | "orders.sweep" | "connection.health"
>;

/** A connection that may be written to and read from. */
export interface Lane {
  connection: ConnectionRow;
  connector: Connector;
  session: Session;
}

/** The path of a marketplace that takes files of quantities. */
export interface BulkPath {
  limits: BulkLimits;
  rate: CallRate;
  session: NonNullable<Session["bulk"]>;
}

/** Calls that a lane makes. */
export type LaneCall = Extract<CallName, "push" | "bulk" | "readBack">;

/** Opens a job's connection. Null when it is gone, or is not let in by its marketplace. */
export async function openLane(deps: LaneDeps, id: string): Promise<Lane | null> {
  const connection = await connectionOfJob(deps.db, id);
  if (!connection || connection.disconnected || connection.shutOut !== null) return null;
  const connector = deps.connectorOf(connection.channel);
  const session = connector ? await deps.session(connection) : null;
  return connector && session ? { connection, connector, session } : null;
}

/** The lane's path for files, where its marketplace has one. */
export function bulkPath({ connector, session }: Lane): BulkPath | null {
  const { bulk: limits, calls } = connector.limits;
  if (!limits || !session.bulk) return null;
  assert(calls.bulk !== undefined, "a bulk path says how often it may be used");
  return { limits, rate: calls.bulk, session: session.bulk };
}

/** Orders that were read within this time are known "up to now" (invariant 9). */
const ORDERS_FRESH_MS = 10_000;

/** How the lane's marketplace counts pushes at this moment. */
export function termsOf({ connector, connection }: Lane, now: number): PushTerms {
  const { abilities, limits } = connector;
  const { pushesOneGroup = false, countsOpenUnits = false, compareAndSet } = abilities;
  const terms = {
    ...{ oneGroup: pushesOneGroup, openUnits: countsOpenUnits, places: placeKey(connection) },
    ordersSince: compareAndSet ? null : now - ORDERS_FRESH_MS,
  };
  if (!limits.revisions) return { ...terms, revisions: null };
  const { perDay, reserve, zone } = limits.revisions;
  return { ...terms, revisions: { perDay, reserve, ...dayOf(zone, now) } };
}

const zones = new Map<string, (at: number) => ZonedDay>();

/** Intl is slow to open a zone: each is opened once. */
function dayOf(zone: string, now: number): ZonedDay {
  const known = zones.get(zone) ?? dayAround(zone);
  zones.set(zone, known);
  return known(now);
}

/**
 * Takes one call of a kind, or answers how many ms it has to wait. Calls of one connection never
 * use up another's, and a handler that must wait ends instead: it keeps no place from others (D7).
 */
export async function takeCall(deps: LaneDeps, lane: Lane, kind: LaneCall): Promise<number> {
  return deps.pacer.take(callKey(lane.connection.id, kind), rateOf(lane, kind));
}

/** Calls of a kind that may be made at this moment. */
export async function callsLeft(deps: LaneDeps, lane: Lane, kind: LaneCall): Promise<number> {
  return deps.pacer.left(callKey(lane.connection.id, kind), rateOf(lane, kind));
}

function rateOf({ connector }: Lane, kind: LaneCall): CallRate {
  const rate = connector.limits.calls[kind];
  assert(rate !== undefined, "only what a marketplace takes is called");
  return rate;
}

/** Names a connection's calls of a kind at the pacer: a `CallName`, or a name its connector has. */
export function callKey(connection: string, kind: string): string {
  return `${connection}/${kind}`;
}

/** Notes that a call of the kind worked, or why not, for the calls that follow. */
export async function noteCall(
  deps: LaneDeps,
  lane: Lane,
  kind: LaneCall,
  result: { outcome: "answered" } | CallFailure,
): Promise<void> {
  const { id } = lane.connection;
  switch (result.outcome) {
    case "answered":
    case "not-supported":
      deps.failures.delete(id);
      return noteLetIn(deps, lane, kind);
    case "throttled":
      deps.failures.delete(id);
      return deps.pacer.holdUntil(callKey(id, kind), result.retryAt);
    case "unavailable":
    case "unknown":
      deps.failures.set(id, failuresOf(deps, lane) + 1);
      deps.log.warn({ connection: id, kind, ...result }, "the marketplace gave no answer");
      return;
    case "unauthorized":
      return noteRefusal(deps, lane, kind, result);
    default:
      return exhaustive(result);
  }
}

/**
 * What has ended by time is over until the merchant agrees again. Anything else may be a stray
 * answer, or about this one operation: only such calls wait, and the account's own health check,
 * which is asked for at once, says whether we have lost it.
 */
async function noteRefusal(
  deps: LaneDeps,
  { connection: { id, shop } }: Lane,
  kind: LaneCall,
  { cause, why }: Extract<CallFailure, { outcome: "unauthorized" }>,
): Promise<void> {
  deps.log.error({ connection: id, kind, cause, why }, "the marketplace refused a call");
  if (cause === "expired") return shutOut(deps.db, shop, id, cause, why, new Date(deps.now()));
  const key = callKey(id, kind);
  const refusals = (deps.failures.get(key) ?? 0) + 1;
  deps.failures.set(key, refusals);
  deps.pacer.holdUntil(key, deps.now() + refusalBackOff(refusals));
  await reportTrouble(deps.db, shop, id, "Pushing quantities", why);
  deps.later("connection.health", id, 1);
}

async function noteLetIn(deps: LaneDeps, { connection }: Lane, kind: LaneCall): Promise<void> {
  const refused = deps.failures.delete(callKey(connection.id, kind));
  // A process that was started since knows of no refusal, but the connection says so.
  if (!refused && !connection.trouble?.startsWith("Pushing quantities: ")) return;
  await clearTrouble(deps.db, connection.shop, connection.id, "Pushing quantities");
}

export function failuresOf(deps: LaneDeps, { connection }: Lane): number {
  return deps.failures.get(connection.id) ?? 0;
}

/** When a failed call of a kind may be made again, in ms since the epoch. */
export function retryTime(
  deps: LaneDeps,
  lane: Lane,
  kind: LaneCall,
  failure: CallFailure,
): number {
  if (failure.outcome === "throttled") return failure.retryAt;
  if (failure.outcome === "unauthorized") {
    return deps.now() + refusalBackOff(deps.failures.get(callKey(lane.connection.id, kind)) ?? 1);
  }
  return deps.now() + backOff(failuresOf(deps, lane));
}
