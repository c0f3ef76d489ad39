import type { Connector } from "../../connectors/connector.ts";
import { isOrderActivity, type OrderActivity } from "../../inventory/activity.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { Answer, Ledger, Unavailable } from "../../ledger/contract.ts";
import type { Database } from "../../prisma/client.ts";
import { findConnection } from "../../prisma/connections.ts";
import {
  loadMessage,
  type MessageRow,
  type MessageState,
  markApplied,
  postpone,
  spendTry,
} from "../../prisma/inbox.ts";
import { listLocations } from "../../prisma/locations.ts";
import { matchListings } from "../../prisma/matches.ts";
import { knownLines } from "../../prisma/order-lines.ts";
import type { JobPayload } from "../catalogue.ts";
import type { Log } from "../log.ts";
import { type Commands, commandsOf } from "./inbox-commands.ts";

export interface InboxApplyDeps {
  db: Database;
  ledger: Pick<Ledger, "apply">;
  /** The connector of a channel, or undefined for a channel this build does not have. */
  connectorOf(channel: string): Connector | undefined;
  now(): number;
  log: Log;
}

export type ApplyOutcome =
  /** `oversold`: units by which its orders went beyond what there was. */
  | { outcome: "applied"; commands: number; oversold: number }
  /** Applied, or given up, before. */
  | { outcome: "settled"; state: MessageState }
  /** There is no such message. */
  | { outcome: "gone" }
  /** What could be applied was. It is tried again, until it is a dead letter. */
  | { outcome: "failed"; why: string }
  | { outcome: "dead"; why: string }
  /** The ledger can promise nothing now. Tried again later, and no try is spent. */
  | { outcome: "unavailable"; why: Unavailable["why"] };

/** Waits before the second and the third try, in ms. */
const BACK_OFF = [5_000, 30_000];
/** The ledger is asked again this soon. */
const UNAVAILABLE_MS = 2_000;

/** The handler of "inbox.apply". The sweep sends what is to be tried again. */
export async function inboxApply(
  deps: InboxApplyDeps,
  { message }: JobPayload<"inbox.apply">,
): Promise<void> {
  const result = await applyMessage(deps, message);
  const level =
    result.outcome === "dead" ? "error" : result.outcome === "failed" ? "warn" : "debug";
  deps.log[level]({ message, ...result }, "inbox message");
}

/**
 * Translates one message and applies what it says to the ledger. Everything it does has one effect
 * however often and in whatever order messages are applied (invariants 4 and 5), so a crash at any
 * point, or two runs at once, need no repair.
 */
export async function applyMessage(deps: InboxApplyDeps, id: string): Promise<ApplyOutcome> {
  const message = await loadMessage(deps.db, id);
  if (!message) return { outcome: "gone" };
  if (message.state !== "received") return { outcome: "settled", state: message.state };
  const read = await readMessage(deps, message);
  if (typeof read === "string") return fail(deps, message, read);
  const { commands, problems } = read;
  let oversold = 0;
  for (const command of commands) {
    const answer = await deps.ledger.apply(command);
    if (answer.outcome === "unavailable") return wait(deps, message, answer.why);
    if (answer.outcome === "applied") oversold += answer.repeated ? 0 : answer.oversold;
    else problems.push(refusal(answer));
  }
  if (problems.length > 0) return fail(deps, message, problems.join("; "));
  await markApplied(deps.db, message.shop, message.id);
  return { outcome: "applied", commands: commands.length, oversold };
}

/** The message as commands, or the sentence that says why it cannot be read. */
async function readMessage(
  { db, connectorOf }: InboxApplyDeps,
  message: MessageRow,
): Promise<Commands | string> {
  const { shop } = message;
  const connection = await findConnection(db, shop, message.connection);
  if (!connection) return "its connection is gone";
  const connector = connectorOf(connection.channel);
  if (!connector) return `nothing here speaks to ${connection.channel}`;
  const read = attempt(() => connector.translate(message));
  if (read instanceof Error) return `it cannot be read: ${read.message}`;
  const activities = read.filter(isOrderActivity);
  const [matches, locations] = await Promise.all([
    matchListings(db, shop, connection.id, activities),
    listLocations(db, shop),
  ]);
  const items = [...matches.values()].map((match) => match.item);
  const known = await linesOf(db, shop, connection.id, activities, items);
  return commandsOf(activities, {
    shop,
    channel: connection.channel,
    connection: connection.id,
    matches,
    locations: locations.map((location) => location.code),
    known: (order, item) => known.get(order)?.get(item),
  });
}

/**
 * What the record knows of the orders. Read for every message and not only for old ones: the ledger
 * forgets an order some days after its last change, and a cancellation today may be of an order of
 * last month. A ledger that remembers the order goes by its own memory.
 */
async function linesOf(
  db: Database,
  shop: string,
  connection: string,
  activities: readonly OrderActivity[],
  items: readonly string[],
) {
  const orders = [...new Set(activities.map((activity) => activity.order))];
  const lines = orders.map(async (order) => {
    return [order, await knownLines(db, shop, { connection, order, items })] as const;
  });
  return new Map(await Promise.all(lines));
}

function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** An order is a fact and is never refused for lack of stock; anything refused is a defect. */
function refusal(answer: Exclude<Answer, { outcome: "applied" | "unavailable" }>): string {
  switch (answer.outcome) {
    case "reused-activity":
      return "the ledger knows this fact's name as another fact";
    case "insufficient":
    case "version-conflict":
    case "unknown-hold":
    case "hold-over":
      return `the ledger refused a fact: ${answer.outcome}`;
    default:
      return exhaustive(answer);
  }
}

async function wait(
  { db, now }: InboxApplyDeps,
  message: MessageRow,
  why: Unavailable["why"],
): Promise<ApplyOutcome> {
  await postpone(db, message.shop, message.id, new Date(now() + UNAVAILABLE_MS));
  return { outcome: "unavailable", why };
}

async function fail(
  { db, now }: InboxApplyDeps,
  message: MessageRow,
  why: string,
): Promise<ApplyOutcome> {
  const backOff = BACK_OFF[message.tries] ?? 0;
  const spent = await spendTry(db, message, why, new Date(now() + backOff));
  switch (spent.outcome) {
    case "dead":
      return { outcome: "dead", why };
    case "retry":
    case "raced":
      return { outcome: "failed", why };
    default:
      return exhaustive(spent);
  }
}
