import { exhaustive } from "../../inventory/assert.ts";
import type { Answer, Ledger } from "../../ledger/contract.ts";
import {
  loadMessage,
  type MessageRow,
  type MessageState,
  markApplied,
  postpone,
  spendTry,
} from "../../prisma/inbox.ts";
import type { JobPayload } from "../catalogue.ts";
import type { Log } from "../log.ts";
import { afterSales, beforeSales, type CartDeps, followCart } from "./inbox-carts.ts";
import { followHint, type HintDeps } from "./inbox-hints.ts";
import { pointedAt, type ReadDeps, readMessage, type Source, sourceOf } from "./inbox-read.ts";

export interface InboxApplyDeps extends ReadDeps, CartDeps {
  ledger: Pick<Ledger, "apply">;
  now(): number;
  log: Log;
  /** What becomes of messages that only point at orders: their own job asks the marketplace. */
  pointing: FollowsHints | { handOver(message: string): Promise<void> };
}

export interface FollowsHints extends Pick<HintDeps, "session" | "pacer" | "asking"> {
  /** Asks for the message's job in `ms`: sooner than the sweep, which finds it as well. */
  again(message: string, ms: number): void;
}

export type ApplyOutcome =
  /** `oversold`: units by which its orders went beyond what there was. */
  | { outcome: "applied"; commands: number; oversold: number }
  /** It waits for a marketplace's answer, in a job of its own. */
  | { outcome: "handed-over" }
  /** Applied, or given up, before. */
  | { outcome: "settled"; state: MessageState }
  /** There is no such message. */
  | { outcome: "gone" }
  /** What could be applied was. It is tried again, until it is a dead letter. */
  | { outcome: "failed"; why: string }
  | { outcome: "dead"; why: string }
  /** The ledger or the marketplace answers nothing now. Tried again later; no try is spent. */
  | { outcome: "unavailable"; why: string };

/** Waits before the second and the third try, in ms. */
const BACK_OFF = [5_000, 30_000];
/** The ledger is asked again this soon. */
const UNAVAILABLE_MS = 2_000;

/** The handler of "inbox.apply" and "inbox.follow". The sweep sends what is to be tried again. */
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
  const source = await sourceOf(deps, message);
  if (typeof source === "string") return fail(deps, message, source);
  const orders = pointedAt(source, message);
  if (typeof orders === "string") return fail(deps, message, orders);
  if (orders.length > 0) return point(deps, message, source, orders);
  const read = await readMessage(deps, message, source);
  if (typeof read === "string") return fail(deps, message, read);
  const { commands, problems, carts } = read;
  const { shop } = message;
  const before =
    (await beforeSales(deps, shop, carts)) ??
    (await followCart(deps, shop, source.connection.channel, carts));
  if (before) return wait(deps, message, deps.now() + UNAVAILABLE_MS, before.why);
  let oversold = 0;
  for (const command of commands) {
    const answer = await deps.ledger.apply(command);
    if (answer.outcome === "unavailable") {
      return wait(deps, message, deps.now() + UNAVAILABLE_MS, answer.why);
    }
    if (answer.outcome === "applied") oversold += answer.repeated ? 0 : answer.oversold;
    else problems.push(refusal(answer));
  }
  const after = await afterSales(deps, shop, carts);
  if (after) return wait(deps, message, deps.now() + UNAVAILABLE_MS, after.why);
  if (problems.length > 0) return fail(deps, message, problems.join("; "));
  await markApplied(deps.db, message.shop, message.id);
  return { outcome: "applied", commands: commands.length, oversold };
}

async function point(
  deps: InboxApplyDeps,
  message: MessageRow,
  source: Source,
  orders: string[],
): Promise<ApplyOutcome> {
  const { pointing } = deps;
  if (!("handOver" in pointing)) return follow(deps, pointing, message, source, orders);
  await pointing.handOver(message.id);
  return { outcome: "handed-over" };
}

/**
 * Asks for the orders that the message points at and applies what is answered at once: a sale
 * that is heard of in two steps should not wait for two jobs.
 */
async function follow(
  deps: InboxApplyDeps,
  hints: FollowsHints,
  message: MessageRow,
  { connection, connector }: Source,
  orders: string[],
): Promise<ApplyOutcome> {
  const followed = await followHint({ ...deps, ...hints }, connector, connection, orders);
  switch (followed.outcome) {
    case "told": {
      let [commands, oversold] = [0, 0];
      for (const id of followed.messages) {
        // What fails here is in the inbox by itself: it is tried again without the hint.
        const told = await applyMessage(deps, id);
        if (told.outcome !== "applied") continue;
        commands += told.commands;
        oversold += told.oversold;
      }
      await markApplied(deps.db, message.shop, message.id);
      return { outcome: "applied", commands, oversold };
    }
    case "later":
      hints.again(message.id, Math.max(1, followed.at - deps.now()));
      return wait(deps, message, followed.at, followed.why);
    case "failed":
      return fail(deps, message, followed.why);
    default:
      return exhaustive(followed);
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
  { db }: InboxApplyDeps,
  message: MessageRow,
  until: number,
  why: string,
): Promise<ApplyOutcome> {
  await postpone(db, message.shop, message.id, new Date(until));
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
