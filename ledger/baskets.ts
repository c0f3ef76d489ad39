import { randomUUID } from "node:crypto";
import { assert } from "../inventory/assert.ts";
import { availableToSell } from "../inventory/stock.ts";
import type {
  Basket,
  BasketChanged,
  BasketCommitted,
  BasketHeld,
  BasketOrder,
  BasketReleased,
  BasketRequest,
  Baskets,
  Over,
  ShortLine,
} from "./basket-contract.ts";
import { type BasketStore, basketStore, type HeldLine, type StoredBasket } from "./basket-store.ts";
import type { LedgerClient } from "./client.ts";
import type { Answer, Applied, BasketLine, Command, Refusal, Unavailable } from "./contract.ts";

export type * from "./basket-contract.ts";

/** A basket with less left than this is extended before it is committed, so no line expires midway. */
const COMMIT_MARGIN_MS = 30_000;

/**
 * Holds on several items at once. Items live in different partitions, so a basket is a sequence of
 * holds in item order, undone when one is refused. Ids cannot be guessed: whoever has one may use it.
 */
export function createBaskets(ledger: LedgerClient): Baskets {
  const store = basketStore(ledger);
  return {
    hold: (request) => hold(ledger, store, request),
    extend: (shop, id, ttlMs) =>
      withBasket(store, shop, id, (b) => extend(ledger, store, b, ttlMs)),
    commit: (shop, id, order) =>
      withBasket(store, shop, id, (b) => commit(ledger, store, b, order)),
    release: (shop, id) => withBasket(store, shop, id, (b) => release(ledger, store, b)),
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

async function hold(
  ledger: LedgerClient,
  store: BasketStore,
  request: BasketRequest,
): Promise<BasketHeld> {
  const lines = merged(request.lines);
  const wish = lines.map(({ item, quantity }) => `${quantity} ${item}`).join("\n");
  const proposed = `b_${randomUUID().replaceAll("-", "")}`;
  const named = await store.name(request, proposed, wish);
  if ("outcome" in named) return named;
  const before = named.id === proposed ? undefined : await store.load(request.shop, named.id);
  if (before && "outcome" in before) return before;
  if (before) return heldBefore(before);
  return take(ledger, store, request, basketOf(request, named.id, lines));
}

function merged(lines: readonly BasketLine[]): BasketLine[] {
  assert(lines.length > 0, "a basket has lines");
  const units = new Map<string, number>();
  for (const { item, quantity } of lines) units.set(item, (units.get(item) ?? 0) + quantity);
  // In item order, so that two baskets which want the same items meet at the first of them.
  const items = [...units.keys()].sort();
  return items.map((item) => ({ item, quantity: units.get(item) ?? 0 }));
}

function basketOf({ shop, channel, actor, key }: BasketRequest, id: string, lines: BasketLine[]) {
  const held = lines.map((line, index) => ({ ...line, hold: `${id}.${index}` }));
  return { shop, id, channel, actor, key, lines: held, expiresAt: Number.POSITIVE_INFINITY };
}

/** The key was used before and its basket is complete: what has become of it? */
function heldBefore(basket: StoredBasket): BasketHeld {
  if (basket.over) return { outcome: "hold-over", state: basket.over };
  // Only a hint for the answer; whether it is live is decided by the ledger's clock.
  if (basket.expiresAt <= Date.now()) return { outcome: "hold-over", state: "expired" };
  return heldOf(basket, true);
}

function heldOf({ id, expiresAt, lines }: StoredBasket, repeated: boolean): Basket {
  const plain = lines.map(({ item, quantity }) => ({ item, quantity }));
  return { outcome: "held", id, expiresAt, lines: plain, repeated };
}

async function take(
  ledger: LedgerClient,
  store: BasketStore,
  request: BasketRequest,
  basket: StoredBasket,
): Promise<BasketHeld> {
  let repeated = true;
  let { expiresAt } = basket;
  for (const [index, line] of basket.lines.entries()) {
    const answer = await ledger.apply(holdCommand(basket, line, request.ttlMs));
    if (answer.outcome !== "applied") return undo(ledger, store, basket, index, answer);
    assert(answer.hold !== undefined, "a hold's answer tells of the hold");
    repeated &&= answer.repeated;
    expiresAt = Math.min(expiresAt, answer.hold.expiresAt);
  }
  const complete = { ...basket, expiresAt };
  const saved = await store.save(complete, request.ttlMs);
  if (saved) return undo(ledger, store, basket, basket.lines.length, saved);
  return heldOf(complete, repeated);
}

/**
 * Gives back the first `taken` holds and says why. The key is forgotten first: while it still led
 * to these holds, a retry would be answered with claims that are gone. When that fails, the retry
 * finds them as they are, or they expire by themselves.
 */
async function undo(
  ledger: LedgerClient,
  store: BasketStore,
  basket: StoredBasket,
  taken: number,
  why: Refusal,
): Promise<BasketHeld> {
  const forgotten = await store.forget(basket);
  if (forgotten) return forgotten;
  // A hold that was answered with a time-out may have been taken: it is given back as well.
  const doubtful = why.outcome === "unavailable" ? taken + 1 : taken;
  for (const line of basket.lines.slice(0, doubtful)) await giveBack(ledger, basket, line);
  switch (why.outcome) {
    case "insufficient":
      return shortLines(ledger, basket, taken, why.available);
    case "unavailable":
    case "hold-over":
      return why;
    default:
      throw new Error(`a new hold was refused as ${why.outcome}`);
  }
}

/** All short lines: the refused one, and what of those behind it could not have been held. */
async function shortLines(
  ledger: LedgerClient,
  { shop, channel, lines }: StoredBasket,
  refused: number,
  available: number,
): Promise<BasketHeld> {
  const short: ShortLine[] = [];
  for (const [index, { item, quantity }] of lines.entries()) {
    if (index < refused) continue;
    const stock = index === refused ? undefined : await ledger.stock(shop, item);
    if (stock && "outcome" in stock) return stock;
    const left = stock ? Math.max(0, availableToSell(stock, channel)) : available;
    if (left < quantity) short.push({ item, requested: quantity, available: left });
  }
  return { outcome: "insufficient", lines: short };
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
  const unsaved = await store.save({ ...basket, expiresAt }, ttlMs);
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
): Promise<BasketReleased> {
  let over: Over | undefined;
  for (const line of basket.lines) {
    const live = liveOr(await giveBack(ledger, basket, line));
    if (live.outcome === "unavailable" || live.outcome === "unknown-hold") return live;
    if (live.outcome === "hold-over" && live.state !== "released") over ??= live;
  }
  if (!over) await store.save({ ...basket, over: "released" }, 0);
  return over ?? { outcome: "released" };
}

function giveBack(ledger: LedgerClient, basket: StoredBasket, line: HeldLine): Promise<Answer> {
  const context = about(basket, line, `release/${line.hold}`);
  return ledger.apply({ ...context, type: "release", hold: line.hold });
}

function holdCommand(basket: StoredBasket, line: HeldLine, ttlMs: number): Command {
  const { hold, quantity } = line;
  return { ...about(basket, line, `hold/${hold}`), type: "hold", hold, quantity, ttlMs };
}

function about({ shop, channel, actor }: StoredBasket, { item }: HeldLine, activity: string) {
  return { shop, item, activity, channel, actor };
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
