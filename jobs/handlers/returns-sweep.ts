import type { CallFailure, Session } from "../../connectors/connector.ts";
import type { Database } from "../../prisma/client.ts";
import {
  type ConnectionRow,
  connectionOfJob,
  moveReturnsWatermark,
} from "../../prisma/connections.ts";
import { storeMessages } from "../../prisma/inbox.ts";
import type { JobPayload } from "../catalogue.ts";
import type { Log } from "../log.ts";
import type { Queues } from "../queues.ts";

export interface ReturnsSweepDeps {
  db: Database;
  /** Opens the connection for I/O; null when it is gone. */
  session(connection: ConnectionRow): Promise<Session | null>;
  enqueue: Queues["enqueue"];
  now(): number;
  log: Log;
}

export type ReturnsSweepOutcome =
  | { outcome: "swept"; stored: number; knownTo: number }
  /** The connection is gone, or its marketplace tells of returns with their orders. */
  | { outcome: "nothing-to-ask" }
  | CallFailure;

/** Returns travel for days: a window that overlaps the one before by an hour misses none. */
const OVERLAP_MS = 60 * 60_000;

/**
 * The handler of "returns.sweep": asks a marketplace for the returns changed since the watermark.
 * A return moves no stock, so it waits for nothing and nothing waits for it: what is throttled or
 * not answered is left to the next run.
 */
export async function returnsSweep(
  deps: ReturnsSweepDeps,
  { connection }: JobPayload<"returns.sweep">,
): Promise<ReturnsSweepOutcome> {
  const result = await sweepReturns(deps, connection);
  deps.log.debug({ connection, ...result }, "returns swept");
  return result;
}

async function sweepReturns(deps: ReturnsSweepDeps, id: string): Promise<ReturnsSweepOutcome> {
  const { db } = deps;
  const connection = await connectionOfJob(db, id);
  if (!connection || connection.disconnected) return { outcome: "nothing-to-ask" };
  const session = await deps.session(connection);
  if (!session?.returnsSince) return { outcome: "nothing-to-ask" };
  const from = connection.returnsKnownTo ?? connection.createdAt;
  let [stored, knownTo] = [0, Number.POSITIVE_INFINITY];
  for (let cursor: string | null = null; ; ) {
    const page = await session.returnsSince(from.getTime() - OVERLAP_MS, cursor);
    if (page.outcome !== "swept") return page;
    stored += await store(deps, connection, page.messages);
    knownTo = Math.min(knownTo, page.knownTo);
    if (page.next === null) break;
    cursor = page.next;
  }
  await moveReturnsWatermark(db, connection.shop, id, new Date(knownTo));
  return { outcome: "swept", stored, knownTo };
}

async function store(
  { db, enqueue }: ReturnsSweepDeps,
  { shop, id }: ConnectionRow,
  messages: Parameters<typeof storeMessages>[3],
): Promise<number> {
  const fresh = (await storeMessages(db, shop, id, messages)).filter(
    (one) => one.outcome === "stored",
  );
  await Promise.all(fresh.map((one) => enqueue("inbox.apply", { message: one.id })));
  return fresh.length;
}
