import type { CallFailure, Connector, Session } from "../../connectors/connector.ts";
import type { Pacer } from "../../connectors/pacer.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { Database } from "../../prisma/client.ts";
import {
  type ConnectionRow,
  clearTrouble,
  findConnection,
  moveWatermark,
  noteOrdersRead,
  reportTrouble,
  shopOfConnection,
} from "../../prisma/connections.ts";
import { storeMessages } from "../../prisma/inbox.ts";
import { forgetUnheard } from "../../prisma/pushes.ts";
import { keepSweepPlace, readSweepPlace, type SweepPlace } from "../../prisma/sweep-places.ts";
import type { JobPayload } from "../catalogue.ts";
import { callKey } from "../lane.ts";
import type { Log } from "../log.ts";
import type { Queues } from "../queues.ts";
import { weighSurprises } from "../weigh-surprises.ts";
import { newsOf } from "./sweep-news.ts";
import { inTurn, PATIENCE_MS } from "./sweep-turn.ts";

export interface OrdersSweepDeps {
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

export type SweepOutcome =
  /**
   * `stored`: messages that no webhook or notification had brought; `missed`: orders that one should
   * have told of.
   */
  | { outcome: "swept"; messages: number; stored: number; missed: number; knownTo: number }
  /** There is nobody to ask: it is gone, or is not let in; then its health check goes on asking. */
  | { outcome: "gone" }
  | CallFailure;

/** Marketplaces keep a page's place for a day and more; a sweep this old is as well begun anew. */
const PLACE_HOLDS_MS = 60 * 60_000;

/** The handler of "orders.sweep". */
export async function ordersSweep(
  deps: OrdersSweepDeps,
  { connection }: JobPayload<"orders.sweep">,
): Promise<SweepOutcome> {
  const result = await sweepOrders(deps, connection);
  const { outcome } = result;
  const level = outcome === "swept" || outcome === "gone" ? "debug" : "warn";
  deps.log[level]({ connection, ...result }, "orders swept");
  return result;
}

/**
 * Asks a marketplace for the orders changed since the watermark and stores them as messages: what a
 * webhook missed. The watermark moves only when every page is in the inbox. A sweep that breaks off
 * keeps its place, and the next one goes on from there: were each to begin anew, a busy hour that
 * takes longer to read than one sweep may last would never be read to its end.
 */
export async function sweepOrders(deps: OrdersSweepDeps, id: string): Promise<SweepOutcome> {
  const { db } = deps;
  const shop = await shopOfConnection(db, id);
  const connection = shop === null ? null : await findConnection(db, shop, id);
  if (!connection || connection.disconnected || connection.shutOut !== null) {
    return { outcome: "gone" };
  }
  const session = await deps.session(connection);
  const connector = deps.connectorOf(connection.channel);
  if (!session || !connector) return { outcome: "gone" };
  const kept = await readSweepPlace(db, connection.shop, id, new Date(deps.now() - PLACE_HOLDS_MS));
  const from = connection.ordersKnownTo ?? connection.createdAt;
  const since = from.getTime() - connector.limits.sweepOverlapMs;
  const start = kept ?? { since, cursor: null, knownTo: null };
  const { result, place } = await sweepPages(deps, connection, connector, session, start);
  await keepSweepPlace(db, connection.shop, id, place && { ...place, at: deps.now() });
  // One that went on from a place has read its first pages some time ago.
  await settle(deps, connection, result, kept ? null : new Date(deps.now()));
  return result;
}

/** What a sweep has come to: its result, and where to go on if it broke off. */
interface Swept {
  result: SweepOutcome;
  place: Omit<SweepPlace, "at"> | null;
}

async function sweepPages(
  deps: OrdersSweepDeps,
  connection: ConnectionRow,
  connector: Connector,
  session: Session,
  start: Omit<SweepPlace, "at">,
): Promise<Swept> {
  const { pacer, now } = deps;
  const limit = { key: callKey(connection.id, "orders"), rate: connector.limits.calls.orders };
  const turn = { pacer, now, ...limit, patientUntil: now() + PATIENCE_MS };
  let [messages, stored, missed] = [0, 0, 0];
  for (let place = start; ; ) {
    const { since, cursor } = place;
    const page = await inTurn(turn, () => session.ordersSince(since, cursor));
    if (page.outcome !== "swept") return { result: page, place: placeAfter(page, start, place) };
    messages += page.messages.length;
    const news = await newsOf(deps.db, connector, connection, page.messages, now());
    stored += await store(deps, connection, news.messages);
    missed += news.missed;
    // A later page may be complete to a later time; the sweep is complete to the earliest.
    const knownTo = Math.min(place.knownTo ?? Number.POSITIVE_INFINITY, page.knownTo);
    if (page.next === null) {
      return { result: { outcome: "swept", messages, stored, missed, knownTo }, place: null };
    }
    place = { ...place, cursor: page.next, knownTo };
  }
}

/**
 * Where to go on after a page that was not given. A place that a sweep could not get beyond, for
 * another reason than a limit, may itself be what is wrong: the next sweep begins anew.
 */
function placeAfter(
  { outcome }: CallFailure,
  start: Omit<SweepPlace, "at">,
  place: Omit<SweepPlace, "at">,
): Omit<SweepPlace, "at"> | null {
  if (place.cursor === null) return null;
  return outcome === "throttled" || place.cursor !== start.cursor ? place : null;
}

/**
 * After an outage a sweep may bring thousands of orders. They are applied so far apart that a sale
 * which has just happened does not stand behind all of them.
 */
const APART_MS = 10;

async function store(
  { db, enqueue }: OrdersSweepDeps,
  { shop, id }: ConnectionRow,
  messages: Parameters<typeof storeMessages>[3],
): Promise<number> {
  const answers = await storeMessages(db, shop, id, messages, "sweep");
  const fresh = answers.filter((answer) => answer.outcome === "stored");
  await Promise.all(
    fresh.map((answer, index) =>
      enqueue("inbox.apply", { message: answer.id }, { delayMs: index * APART_MS }),
    ),
  );
  return fresh.length;
}

/** The door is registered anew this often at most. */
const REGISTERED_MS = 10 * 60_000;

/**
 * Orders that only the sweep told of: the marketplace may have dropped our subscription, as it does
 * with a door that was away too long. The health check asks for its messages again.
 */
async function askForMessages(
  enqueue: OrdersSweepDeps["enqueue"],
  { id, ordersKnownTo, healthyAt }: ConnectionRow,
  now: number,
): Promise<void> {
  // What was sold before the first sweep nobody could have told of.
  if (ordersKnownTo === null) return;
  if (healthyAt !== null && now - healthyAt.getTime() < REGISTERED_MS) return;
  await enqueue("connection.health", { connection: id });
}

async function settle(
  { db, enqueue, now }: OrdersSweepDeps,
  connection: ConnectionRow,
  result: SweepOutcome,
  readAt: Date | null,
): Promise<void> {
  const { shop, id, ordersKnownTo } = connection;
  switch (result.outcome) {
    case "swept":
      if (ordersKnownTo) {
        await weighSurprises(db, connection, { knownTo: ordersKnownTo.getTime(), now: now() });
      }
      await moveWatermark(db, shop, id, new Date(result.knownTo));
      if (readAt) await noteOrdersRead(db, shop, id, readAt);
      await forgetUnheard(db, shop, id, result.knownTo);
      // Raises may have waited for it, and what was forgotten is told again.
      await enqueue("push.connection", { connection: id });
      if (result.missed > 0) await askForMessages(enqueue, connection, now());
      return clearTrouble(db, shop, id, "Reading orders");
    case "unauthorized":
      // One operation may be refused, or all of the account: its health check knows.
      await enqueue("connection.health", { connection: id });
      return reportTrouble(db, shop, id, "Reading orders", result.why);
    case "not-supported":
    case "unavailable":
    case "unknown":
      return reportTrouble(db, shop, id, "Reading orders", result.why);
    case "throttled":
    case "gone":
      return; // nothing is wrong: the next sweep goes on from the same watermark
    default:
      return exhaustive(result);
  }
}
