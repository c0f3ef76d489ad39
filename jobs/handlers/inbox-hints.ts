import type { Connector, Session } from "../../connectors/connector.ts";
import type { Pacer } from "../../connectors/pacer.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { Database } from "../../prisma/client.ts";
import type { ConnectionRow } from "../../prisma/connections.ts";
import { storeMessages } from "../../prisma/inbox.ts";
import { callKey } from "../lane.ts";

export interface HintDeps {
  db: Database;
  /** Opens the connection for I/O; null when it is gone. */
  session(connection: ConnectionRow): Promise<Session | null>;
  pacer: Pick<Pacer, "take" | "holdUntil">;
  /** Connections that are being asked, and how many times at this moment. */
  asking: Map<string, number>;
  now(): number;
}

export type Followed =
  /** What the marketplace answered is in the inbox under these ids. */
  | { outcome: "told"; messages: string[] }
  /** Nobody's fault: to be asked for again at `at` (ms), and no try is spent. */
  | { outcome: "later"; at: number; why: string }
  | { outcome: "failed"; why: string };

/** A merchant's storm of messages, at a marketplace that hangs, takes no more places than this. */
const ASKED_AT_ONCE = 8;
const ANOTHER_TURN_MS = 250;

/** A marketplace that does not answer is asked again this soon. */
const AGAIN_MS = 2_000;
/** One that lets us in no more is left to whoever connects it again. */
const SHUT_OUT_MS = 60_000;

/**
 * Asks for the orders a message only points at, and stores them as messages of their own: under
 * names that say what is in them, so that a hint, a second hint and the sweep end in one row each.
 */
export async function followHint(
  deps: HintDeps,
  connector: Connector,
  connection: ConnectionRow,
  orders: readonly string[],
): Promise<Followed> {
  const { db, now } = deps;
  const { shop, id } = connection;
  const session = await deps.session(connection);
  if (!session) return { outcome: "failed", why: "its connection cannot be opened" };
  if (!session.orders) return { outcome: "failed", why: `${connector.title} answers no order` };
  const asked = deps.asking.get(id) ?? 0;
  if (asked >= ASKED_AT_ONCE) {
    return {
      outcome: "later",
      at: now() + ANOTHER_TURN_MS,
      why: "others of it are being asked for",
    };
  }
  const key = callKey(id, "orders");
  const waitMs = await deps.pacer.take(key, connector.limits.calls.orders);
  if (waitMs > 0) return { outcome: "later", at: now() + waitMs, why: "the limit is reached" };
  deps.asking.set(id, asked + 1);
  const answer = await session.orders([...new Set(orders)]).finally(() => {
    const left = (deps.asking.get(id) ?? 1) - 1;
    if (left > 0) deps.asking.set(id, left);
    else deps.asking.delete(id);
  });
  switch (answer.outcome) {
    case "orders": {
      const stored = await storeMessages(db, shop, id, answer.messages);
      return { outcome: "told", messages: stored.map((one) => one.id) };
    }
    case "throttled":
      deps.pacer.holdUntil(key, answer.retryAt);
      return { outcome: "later", at: answer.retryAt, why: answer.why };
    case "unavailable":
    case "unknown":
      return { outcome: "later", at: now() + AGAIN_MS, why: answer.why };
    case "unauthorized":
      return { outcome: "later", at: now() + SHUT_OUT_MS, why: answer.why };
    case "not-supported":
      return { outcome: "failed", why: answer.why };
    default:
      return exhaustive(answer);
  }
}
