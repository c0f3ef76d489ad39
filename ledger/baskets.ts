import { randomUUID } from "node:crypto";
import { about, giveBack } from "./basket-commands.ts";
import type {
  BasketChanged,
  BasketCommitted,
  BasketOrder,
  BasketReleased,
  Baskets,
  Over,
  ReleasedBy,
} from "./basket-contract.ts";
import { type BasketStore, basketStore, type StoredBasket } from "./basket-store.ts";
import type { LedgerClient } from "./client.ts";
import type { Answer, Applied, Unavailable } from "./contract.ts";
import { holdBasket } from "./hold-basket.ts";

export type * from "./basket-contract.ts";

/** A basket with less left than this is extended before it is committed, so no line expires midway. */
const COMMIT_MARGIN_MS = 30_000;

/**
 * Holds on several items at once. Items live in different partitions, so a basket is a sequence of
 * holds in item order, undone when one is refused.
 */
export function createBaskets(ledger: LedgerClient): Baskets {
  const store = basketStore(ledger);
  return {
    hold: (request) => holdBasket(ledger, store, request),
    extend: (shop, id, ttlMs) =>
      withBasket(store, shop, id, (b) => extend(ledger, store, b, ttlMs)),
    commit: (shop, id, order) =>
      withBasket(store, shop, id, (b) => commit(ledger, store, b, order)),
    release: (shop, id, by) => withBasket(store, shop, id, (b) => release(ledger, store, b, by)),
  };
}

async function withBasket<T>(
  store: BasketStore,
  shop: string,
  id: string,
  change: (basket: StoredBasket) => Promise<T>,
): Promise<T | { outcome: "unknown-hold" } | Unavailable> {
  const found = await store.load(shop, id);
  if (found === undefined) return { outcome: "unknown-hold" };
  return "outcome" in found ? found : change(found);
}

async function extend(
  ledger: LedgerClient,
  store: BasketStore,
  basket: StoredBasket,
  ttlMs: number,
): Promise<BasketChanged> {
  let expiresAt = Number.POSITIVE_INFINITY;
  for (const line of basket.lines) {
    const activity = `extend/${line.hold}/${randomUUID()}`;
    const answer = await ledger.apply({
      ...about(basket, line, activity),
      type: "extend",
      hold: line.hold,
      ttlMs,
    });
    const live = liveOr(answer);
    if (live.outcome !== "applied") return live;
    expiresAt = Math.min(expiresAt, live.hold?.expiresAt ?? expiresAt);
  }
  const unsaved = await store.save({ ...basket, expiresAt, told: true }, ttlMs);
  return unsaved ?? { outcome: "extended", expiresAt };
}

async function commit(
  ledger: LedgerClient,
  store: BasketStore,
  basket: StoredBasket,
  order: BasketOrder,
): Promise<BasketCommitted> {
  const left = basket.expiresAt - Date.now();
  if (left > 0 && left < COMMIT_MARGIN_MS) {
    const extended = await extend(ledger, store, basket, COMMIT_MARGIN_MS);
    // Committed already is for the commands below to judge: it may be this very order.
    const judged = extended.outcome === "hold-over" && extended.state === "committed";
    if (extended.outcome !== "extended" && !judged) return extended;
  }
  for (const line of basket.lines) {
    const activity = `commit/${line.hold}/${order.connection}/${order.order}`;
    const context = about(basket, line, activity);
    const { hold } = line;
    const live = liveOr(await ledger.apply({ ...context, ...order, type: "commit", hold }));
    if (live.outcome !== "applied") return live;
  }
  await store.save({ ...basket, over: "committed" }, 0);
  const lines = basket.lines.map(({ item, quantity }) => ({ item, quantity }));
  return { outcome: "committed", lines };
}

async function release(
  ledger: LedgerClient,
  store: BasketStore,
  basket: StoredBasket,
  by: ReleasedBy | undefined,
): Promise<BasketReleased> {
  let over: Over | undefined;
  for (const line of basket.lines) {
    const live = liveOr(await giveBack(ledger, basket, line, by));
    if (live.outcome === "unavailable" || live.outcome === "unknown-hold") return live;
    if (live.outcome === "hold-over" && live.state !== "released") over ??= live;
  }
  if (!over) await store.save({ ...basket, over: "released" }, 0);
  return over ?? { outcome: "released" };
}

type Live = Applied | { outcome: "unknown-hold" } | Over | Unavailable;

/** The refusals a command on an existing hold can get; any other is a broken rule. */
function liveOr(answer: Answer): Live {
  switch (answer.outcome) {
    case "applied":
    case "unknown-hold":
    case "hold-over":
    case "unavailable":
      return answer;
    default:
      throw new Error(`a command on a hold was refused as ${answer.outcome}`);
  }
}
