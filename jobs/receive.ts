import type { Connector, Delivery, Session } from "../connectors/connector.ts";
import { exhaustive } from "../inventory/assert.ts";
import type { Database } from "../prisma/client.ts";
import { type ConnectionRow, clearTrouble, reportTrouble, shutOut } from "../prisma/connections.ts";
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

/**
 * Reads a queue once, for all connections whose messages come in it, and stores what came.
 * @param clean connections that are known to say nothing of trouble with receiving.
 * @returns "received", or how long to wait at least before the next read, in ms.
 */
export async function receiveOnce(
  deps: ReceiverDeps,
  connections: readonly ConnectionRow[],
  waitMs: number,
  signal: AbortSignal,
  clean: Set<string> = new Set(),
): Promise<"received" | number> {
  const found = await readerOf(deps, connections);
  if (!found) return 0;
  const answer = await found.receive(waitMs, signal);
  if (signal.aborted && answer.outcome !== "received") return 0;
  const { db, log, now } = deps;
  switch (answer.outcome) {
    case "received":
      await route(deps, connections, found.reader, answer.deliveries);
      for (const { id, shop } of connections) {
        if (clean.has(id)) continue;
        await clearTrouble(db, shop, id, "Receiving messages");
        clean.add(id);
      }
      return "received";
    case "throttled":
      return Math.max(0, answer.retryAt - now());
    case "unavailable":
    case "unauthorized":
    case "unknown":
    case "not-supported":
      log.warn({ ...answer }, "the queue cannot be read");
      clean.clear();
      for (const { id, shop } of connections) {
        await reportTrouble(db, shop, id, "Receiving messages", answer.why);
      }
      return 0;
    default:
      return exhaustive(answer);
  }
}

interface Reader {
  reader: ConnectionRow;
  receive: NonNullable<Session["receive"]>;
}

/** Any of them reads for all; one that has just gone reads nothing. */
async function readerOf(
  { session }: ReceiverDeps,
  connections: readonly ConnectionRow[],
): Promise<Reader | null> {
  for (const reader of connections) {
    const receive = (await session(reader))?.receive;
    if (receive) return { reader, receive };
  }
  return null;
}

/**
 * To each connection what is for its account. What is for none, because its merchant took us out or
 * never was here, is taken out of the queue: nobody else will come for it. One connection that
 * cannot store its messages keeps no other's back; theirs come again.
 */
async function route(
  deps: ReceiverDeps,
  connections: readonly ConnectionRow[],
  reader: ConnectionRow,
  deliveries: readonly Delivery[],
): Promise<void> {
  const addressees = ({ to }: Delivery) =>
    to === undefined ? [reader] : connections.filter(({ account }) => account === to);
  const strays = deliveries.filter((one) => addressees(one).length === 0);
  if (strays.length > 0) {
    const accounts = [...new Set(strays.map(({ to }) => to))];
    deps.log.warn({ accounts, messages: strays.length }, "for nobody here: taken out of the queue");
  }
  const kept = await Promise.allSettled(
    connections.map(async (connection) => {
      const own = deliveries.filter((one) => addressees(one).includes(connection));
      if (own.length === 0) return [];
      return keep(deps, connection, own).then(
        () => own,
        (error) => {
          deps.log.warn({ connection: connection.id, error: String(error) }, "could not be stored");
          throw new NotStored(own, error);
        },
      );
    }),
  );
  const failed = kept.flatMap((one) =>
    one.status === "rejected" ? [one.reason as NotStored] : [],
  );
  const unsafe = new Set(failed.flatMap((one) => one.deliveries));
  const safe = deliveries.filter((one) => !unsafe.has(one));
  const removed = await Promise.allSettled(safe.map((one) => one.done()));
  const lost = removed.find((one) => one.status === "rejected");
  // What was not removed comes again, and the inbox takes it once.
  if (lost) deps.log.warn({ error: String(lost.reason) }, "stored, but not removed from the queue");
  if (failed[0] && safe.length === 0) throw failed[0].cause;
}

/** Carries what was not stored to whoever must not remove it. */
class NotStored extends Error {
  readonly deliveries: readonly Delivery[];

  constructor(deliveries: readonly Delivery[], cause: unknown) {
    super("messages were not stored", { cause });
    this.name = "NotStored";
    this.deliveries = deliveries;
  }
}

/** Needs no word in the log: it was used, or is of no use. */
const QUIET = new Set(["ignored", "levels", "deauthorized"]);

/** Stores and sends to work: a crash before a delivery is removed brings it again. */
async function keep(
  { db, enqueue, log, now }: ReceiverDeps,
  { shop, id }: ConnectionRow,
  deliveries: readonly Delivery[],
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
    await shutOut(db, shop, id, "revoked", shutting.verification.why, new Date(now()));
  }
  const stored = await storeMessages(db, shop, id, messages);
  const fresh = stored.filter((one) => one.outcome === "stored");
  const sent = await Promise.allSettled([
    ...fresh.map((one) => enqueue("inbox.apply", { message: one.id })),
    ...(foreign > 0 ? [enqueue("readback.connection", { connection: id })] : []),
  ]);
  // The message is safe: a job that was not sent is found by the sweep.
  const failed = sent.find((one) => one.status === "rejected");
  if (failed) log.warn({ error: String(failed.reason) }, "stored, but not all was sent on");
}
