import type { CallFailure, Connector, Session } from "../../connectors/connector.ts";
import type { Pacer } from "../../connectors/pacer.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { Database } from "../../prisma/client.ts";
import {
  type ConnectionRow,
  clearTrouble,
  connectionOfJob,
  moveReturnsWatermark,
  reportTrouble,
} from "../../prisma/connections.ts";
import { storeMessages } from "../../prisma/inbox.ts";
import type { JobPayload } from "../catalogue.ts";
import { callKey } from "../lane.ts";
import type { Log } from "../log.ts";
import type { Queues } from "../queues.ts";
import { inTurn, PATIENCE_MS } from "./sweep-turn.ts";

export interface ReturnsSweepDeps {
  db: Database;
  connectorOf(channel: string): Connector | undefined;
  /** Opens the connection for I/O; null when it is gone. */
  session(connection: ConnectionRow): Promise<Session | null>;
  /** Shared by all jobs of the process: a marketplace counts them together. */
  pacer: Pick<Pacer, "take">;
  enqueue: Queues["enqueue"];
  now(): number;
  log: Log;
}

export type ReturnsSweepOutcome =
  | { outcome: "swept"; stored: number; knownTo: number }
  /** The connection is gone or not let in, or its marketplace tells of returns with their orders. */
  | { outcome: "nothing-to-ask" }
  | CallFailure;

/** Returns travel for days: a window that overlaps the one before by an hour misses none. */
const OVERLAP_MS = 60 * 60_000;

/**
 * The handler of "returns.sweep": asks a marketplace for the returns changed since the watermark.
 * A return moves no stock until the goods are there, so nothing waits for it: what is throttled for
 * long or not answered is left to the next run. Why it is not answered, the connection says.
 */
export async function returnsSweep(
  deps: ReturnsSweepDeps,
  { connection: id }: JobPayload<"returns.sweep">,
): Promise<ReturnsSweepOutcome> {
  const connection = await connectionOfJob(deps.db, id);
  const result = connection ? await sweepReturns(deps, connection) : NOTHING_TO_ASK;
  if (connection) await settle(deps, connection, result);
  const { outcome } = result;
  const level = outcome === "swept" || outcome === "nothing-to-ask" ? "debug" : "warn";
  deps.log[level]({ connection: id, ...result }, "returns swept");
  return result;
}

const NOTHING_TO_ASK: ReturnsSweepOutcome = { outcome: "nothing-to-ask" };

async function sweepReturns(
  deps: ReturnsSweepDeps,
  connection: ConnectionRow,
): Promise<ReturnsSweepOutcome> {
  const { db, pacer, now } = deps;
  const { id, shop, channel } = connection;
  if (connection.disconnected || connection.shutOut !== null) return NOTHING_TO_ASK;
  const connector = deps.connectorOf(channel);
  const session = await deps.session(connection);
  const ask = session?.returnsSince;
  if (!connector || !ask) return NOTHING_TO_ASK;
  const since = (connection.returnsKnownTo ?? connection.createdAt).getTime() - OVERLAP_MS;
  // Marketplaces count returns by themselves, at about the rate of orders.
  const limit = { key: callKey(id, "returns"), rate: connector.limits.calls.orders };
  const turn = { pacer, now, ...limit, patientUntil: now() + PATIENCE_MS };
  let [stored, knownTo] = [0, Number.POSITIVE_INFINITY];
  for (let cursor: string | null = null; ; ) {
    const place: string | null = cursor;
    const page = await inTurn(turn, () => ask(since, place));
    if (page.outcome !== "swept") return page;
    stored += await store(deps, connection, page.messages);
    knownTo = Math.min(knownTo, page.knownTo);
    if (page.next === null) break;
    cursor = page.next;
  }
  await moveReturnsWatermark(db, shop, id, new Date(knownTo));
  return { outcome: "swept", stored, knownTo };
}

async function store(
  { db, enqueue }: ReturnsSweepDeps,
  { shop, id }: ConnectionRow,
  messages: Parameters<typeof storeMessages>[3],
): Promise<number> {
  const fresh = (await storeMessages(db, shop, id, messages, "sweep")).filter(
    (one) => one.outcome === "stored",
  );
  await Promise.all(fresh.map((one) => enqueue("inbox.apply", { message: one.id })));
  return fresh.length;
}

async function settle(
  { db, enqueue }: ReturnsSweepDeps,
  { shop, id }: ConnectionRow,
  result: ReturnsSweepOutcome,
): Promise<void> {
  switch (result.outcome) {
    case "swept":
      return clearTrouble(db, shop, id, "Reading returns");
    case "unauthorized":
      // One operation may be refused, or all of the account: its health check knows.
      await enqueue("connection.health", { connection: id });
      return reportTrouble(db, shop, id, "Reading returns", result.why);
    case "not-supported":
    case "unavailable":
    case "unknown":
      return reportTrouble(db, shop, id, "Reading returns", result.why);
    case "throttled":
    case "nothing-to-ask":
      return; // nothing is wrong: the next sweep goes on from the same watermark
    default:
      return exhaustive(result);
  }
}
