import { setTimeout as pause } from "node:timers/promises";
import type { Connector, Received, Session } from "../connectors/connector.ts";
import { exhaustive } from "../inventory/assert.ts";
import type { Database } from "../prisma/client.ts";
import {
  type ConnectionRow,
  clearTrouble,
  everyConnection,
  reportTrouble,
  shutOut,
} from "../prisma/connections.ts";
import { storeMessages } from "../prisma/inbox.ts";
import { recordLevels } from "../prisma/levels.ts";
import type { Log } from "./log.ts";
import type { Queues } from "./queues.ts";

export interface ReceiverDeps {
  db: Database;
  connectorOf(channel: string): Connector | undefined;
  /** Opens the connection for I/O; null when it is gone. */
  session(connection: ConnectionRow): Promise<Session | null>;
  enqueue: Queues["enqueue"];
  now(): number;
  log: Log;
}

export interface ReceiverOptions {
  /** How long one read of a queue waits for messages, in ms. */
  waitMs?: number;
  /** New and removed connections are noticed this often, in ms. */
  lookEveryMs?: number;
  /** The first wait after a failure, doubled up to `maxBackOffMs`. */
  backOffMs?: number;
  maxBackOffMs?: number;
}

export interface Receiver {
  /** Ends every loop after what it is storing is stored. */
  stop(): Promise<void>;
}

const DEFAULTS = {
  waitMs: 20_000,
  lookEveryMs: 1_000,
  backOffMs: 500,
  maxBackOffMs: 60_000,
} as const satisfies Required<ReceiverOptions>;

/**
 * Reads the queues of every connection whose marketplace hands its messages out in one. Each
 * connection has a loop of its own, so that an outage or a slow answer of one never delays another
 * (row D7).
 */
export function startReceiver(deps: ReceiverDeps, options: ReceiverOptions = {}): Receiver {
  const settings = { ...DEFAULTS, ...options };
  const stopping = new AbortController();
  const loops = new Map<string, { stop: AbortController; done: Promise<void> }>();

  async function look(): Promise<void> {
    const connections = (await everyConnection(deps.db)).filter(
      (one) => !one.disconnected && deps.connectorOf(one.channel)?.abilities.inbound === "queue",
    );
    const present = new Set(connections.map((one) => one.id));
    for (const [id, loop] of loops) if (!present.has(id)) loop.stop.abort();
    for (const connection of connections) {
      if (loops.has(connection.id)) continue;
      const stop = new AbortController();
      const signal = AbortSignal.any([stop.signal, stopping.signal]);
      const done = receiveLoop(deps, settings, connection, signal).finally(() =>
        loops.delete(connection.id),
      );
      loops.set(connection.id, { stop, done });
    }
  }

  async function lookOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch((error) => deps.log.warn({ error: String(error) }, "receiver: no list"));
      await sleep(settings.lookEveryMs, stopping.signal);
    }
  }

  const looking = lookOn();
  return {
    stop: async () => {
      stopping.abort();
      await looking;
      await Promise.all([...loops.values()].map((loop) => loop.done));
    },
  };
}

async function receiveLoop(
  deps: ReceiverDeps,
  settings: Required<ReceiverOptions>,
  connection: ConnectionRow,
  signal: AbortSignal,
): Promise<void> {
  const log = deps.log.child({ connection: connection.id, channel: connection.channel });
  let failures = 0;
  while (!signal.aborted) {
    const waitMs = await receiveOnce({ ...deps, log }, connection, settings.waitMs, signal).catch(
      (error) => {
        log.warn({ error: String(error) }, "receiving broke off");
        return 0;
      },
    );
    if (waitMs === "received") {
      failures = 0;
      continue;
    }
    const backOff = Math.min(settings.maxBackOffMs, settings.backOffMs * 2 ** failures);
    failures += 1;
    await sleep(Math.max(waitMs, backOff), signal);
  }
}

/**
 * Reads the connection's queue once and stores what came.
 * @returns "received", or how long to wait at least before the next read, in ms.
 */
export async function receiveOnce(
  deps: ReceiverDeps,
  connection: ConnectionRow,
  waitMs: number,
  signal: AbortSignal,
): Promise<"received" | number> {
  const session = await deps.session(connection);
  if (!session?.receive) return 0;
  const answer = await session.receive(waitMs, signal);
  if (signal.aborted && answer.outcome !== "received") return 0;
  const { db } = deps;
  switch (answer.outcome) {
    case "received":
      await keep(deps, connection, answer.deliveries);
      await clearTrouble(db, connection.shop, connection.id, "Receiving messages");
      return "received";
    case "throttled":
      return Math.max(0, answer.retryAt - deps.now());
    case "unavailable":
    case "unauthorized":
    case "unknown":
    case "not-supported":
      deps.log.warn({ ...answer }, "the queue cannot be read");
      await reportTrouble(db, connection.shop, connection.id, "Receiving messages", answer.why);
      return 0;
    default:
      return exhaustive(answer);
  }
}

/** Needs no word in the log: it was used, or is of no use. */
const QUIET = new Set(["ignored", "levels", "deauthorized"]);

type Deliveries = Extract<Received, { outcome: "received" }>["deliveries"];

/**
 * Stores, sends to work, and only then removes from the marketplace's queue: a crash in between
 * brings the delivery again, and the inbox takes it once.
 */
async function keep(
  { db, enqueue, log, now }: ReceiverDeps,
  { shop, id }: ConnectionRow,
  deliveries: Deliveries,
): Promise<void> {
  const messages = deliveries.flatMap(({ verification }) => {
    if (verification.outcome === "verified") return [verification.message];
    // What cannot be used would come back for ever. Its order is found by the sweep.
    if (!QUIET.has(verification.outcome)) log.warn({ ...verification }, "message dropped");
    return [];
  });
  const levels = deliveries.flatMap(({ verification }) =>
    verification.outcome === "levels" ? verification.levels : [],
  );
  const { foreign } = await recordLevels(db, shop, id, levels, now());
  const shutting = deliveries.find((one) => one.verification.outcome === "deauthorized");
  if (shutting?.verification.outcome === "deauthorized") {
    await shutOut(db, shop, id, "revoked", shutting.verification.why);
  }
  const stored = await storeMessages(db, shop, id, messages);
  const fresh = stored.filter((one) => one.outcome === "stored");
  const sent = await Promise.allSettled([
    ...fresh.map((one) => enqueue("inbox.apply", { message: one.id })),
    ...(foreign > 0 ? [enqueue("readback.connection", { connection: id })] : []),
    ...deliveries.map((delivery) => delivery.done()),
  ]);
  // The message is safe: a job that was not sent is found by the sweep, a delivery comes again.
  const failed = sent.find((one) => one.status === "rejected");
  if (failed) log.warn({ error: String(failed.reason) }, "stored, but not all was sent on");
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {}); // stopping ends the wait
}
