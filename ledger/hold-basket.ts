import { hash, randomUUID } from "node:crypto";
import { assert } from "../inventory/assert.ts";
import { availableToSell } from "../inventory/stock.ts";
import { giveBack, holdCommand } from "./basket-commands.ts";
import type {
  Basket,
  BasketHeld,
  BasketRequest,
  CheckedLine,
  ShortLine,
} from "./basket-contract.ts";
import type { BasketStore, HeldLine, StoredBasket } from "./basket-store.ts";
import type { LedgerClient } from "./client.ts";
import type { Applied, BasketLine, Refusal, Unavailable } from "./contract.ts";

/** Holds all lines or none; see `Baskets`. */
export async function holdBasket(
  ledger: LedgerClient,
  store: BasketStore,
  request: BasketRequest,
): Promise<BasketHeld> {
  const basket = basketOf(request);
  const [line] = basket.lines;
  assert(line !== undefined, "a basket has lines");
  if (isOneWay(request)) return holdOne(ledger, store, basket, line, request.ttlMs);
  const before = await store.name(basket, request.ttlMs);
  if (before && "outcome" in before) return before;
  if (before && !sameWish(before, basket)) return { outcome: "reused-key" };
  if (before?.told) return heldBefore(before);
  return take(ledger, store, before ?? basket, request);
}

/** One item, and nothing to look at afterwards: such a hold is never undone. */
function isOneWay({ lines, check }: BasketRequest): boolean {
  return check === undefined && merged(lines).length === 1;
}

/**
 * A key's basket has the key's own id, so whoever repeats a request asks for the same claim. The
 * holds of several items have ids that no other try has, because a try may be undone. All begin
 * with the basket's: `basketOfHold`.
 */
function basketOf(request: BasketRequest): StoredBasket {
  const { shop, lines, channel, actor, key, ttlMs } = request;
  const wish = merged(lines);
  const id = key === undefined ? randomId() : idOf(shop, key);
  const prefix = isOneWay(request) ? id : `${id}.${randomId().slice(-8)}`;
  const held = wish.map((line, index) => ({ ...line, hold: `${prefix}.${index}` }));
  return { shop, id, channel, actor, lines: held, expiresAt: Date.now() + ttlMs, told: false };
}

function randomId(): string {
  return `b_${randomUUID().replaceAll("-", "")}`;
}

function idOf(shop: string, key: string): string {
  return `b_${hash("sha256", `${shop}/${key}`).slice(0, 32)}`;
}

function merged(lines: readonly BasketLine[]): BasketLine[] {
  const units = new Map<string, number>();
  for (const { item, quantity } of lines) units.set(item, (units.get(item) ?? 0) + quantity);
  // In item order, so that two baskets which want the same items meet at the first of them.
  const items = [...units.keys()].sort();
  return items.map((item) => ({ item, quantity: units.get(item) ?? 0 }));
}

function sameWish(one: StoredBasket, other: StoredBasket): boolean {
  const wish = ({ lines }: StoredBasket) => lines.map(({ item, quantity }) => [item, quantity]);
  return JSON.stringify(wish(one)) === JSON.stringify(wish(other));
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

/**
 * Most carts ask for one item at a time: they are named and held in one way to Redis. What was
 * taken under another cart's key is given back; what is in doubt stays for the retry, which finds
 * it under its key, or expires.
 */
async function holdOne(
  ledger: LedgerClient,
  store: BasketStore,
  basket: StoredBasket,
  line: HeldLine,
  ttlMs: number,
): Promise<BasketHeld> {
  const [before, answer] = await Promise.all([
    store.name(basket, ttlMs),
    ledger.apply(holdCommand(basket, line, ttlMs)),
  ]);
  const fresh = answer.outcome === "applied" && !answer.repeated;
  if (before && "outcome" in before) return fresh ? IN_DOUBT : before;
  if (before && !sameWish(before, basket)) {
    if (fresh) await giveBack(ledger, basket, line);
    return { outcome: "reused-key" };
  }
  switch (answer.outcome) {
    case "applied":
      return heldAs(store, basket, before, answer, ttlMs);
    case "insufficient": {
      // A refusal is not remembered: the key may ask for something else.
      const kept = before ? undefined : await store.forget(basket);
      const { item, quantity: requested } = line;
      const short = { item, requested, available: answer.available };
      return kept ?? { outcome: "insufficient", lines: [short] };
    }
    case "unavailable":
      if (!before && answer.why !== "timeout") await store.forget(basket);
      return answer;
    case "hold-over":
      return answer;
    case "reused-activity":
      return { outcome: "reused-key" };
    default:
      throw new Error(`a hold was refused as ${answer.outcome}`);
  }
}

/** Taken or not, nobody knows: the same key tells. */
const IN_DOUBT: Unavailable = { outcome: "unavailable", why: "timeout" };

async function heldAs(
  store: BasketStore,
  basket: StoredBasket,
  before: StoredBasket | undefined,
  { hold, repeated }: Applied,
  ttlMs: number,
): Promise<BasketHeld> {
  assert(hold !== undefined, "a hold's answer tells of the hold");
  if (before?.told) return heldBefore(before);
  const told = { ...basket, expiresAt: hold.expiresAt, told: true };
  if (repeated) return heldBefore({ ...told, ...(before?.over && { over: before.over }) });
  // Whoever named it before us was refused, and may be about to take the name back.
  const unsaved = before && (await store.save(told, ttlMs));
  return unsaved ? IN_DOUBT : heldOf(told, false);
}

async function take(
  ledger: LedgerClient,
  store: BasketStore,
  basket: StoredBasket,
  { ttlMs, check }: BasketRequest,
): Promise<BasketHeld> {
  const taken: Applied[] = [];
  for (const line of basket.lines) {
    const answer = await ledger.apply(holdCommand(basket, line, ttlMs));
    if (answer.outcome !== "applied") return undo(ledger, store, basket, taken.length, answer);
    taken.push(answer);
  }
  const short = (await check?.(checked(basket, taken))) ?? [];
  if ("outcome" in short) return undo(ledger, store, basket, taken.length, short);
  if (short.length > 0) {
    const unknown = await giveAllBack(ledger, store, basket, taken.length);
    return unknown ?? { outcome: "insufficient", lines: short };
  }
  const expiresAt = Math.min(...taken.map(({ hold }) => hold?.expiresAt ?? 0));
  const complete = { ...basket, expiresAt, told: true };
  const saved = await store.save(complete, ttlMs);
  if (saved) return undo(ledger, store, basket, taken.length, saved);
  return heldOf(
    complete,
    taken.every((answer) => answer.repeated),
  );
}

function checked({ lines }: StoredBasket, taken: readonly Applied[]): CheckedLine[] {
  return lines.flatMap(({ item, quantity }, at) => {
    const answer = taken[at];
    return answer ? [{ item, quantity, stock: answer.stock }] : [];
  });
}

/** Gives back the first `taken` holds and says why. */
async function undo(
  ledger: LedgerClient,
  store: BasketStore,
  basket: StoredBasket,
  taken: number,
  why: Refusal,
): Promise<BasketHeld> {
  // A hold that was answered with a time-out may have been taken: it is given back as well.
  const doubtful = why.outcome === "unavailable" ? taken + 1 : taken;
  const unknown = await giveAllBack(ledger, store, basket, doubtful);
  if (unknown) return unknown;
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

/**
 * Gives back the first `taken` holds. The key is forgotten first: while it still led to these
 * holds, a retry would be answered with claims that are gone. When that fails, the retry finds them
 * as they are, or they expire by themselves.
 */
async function giveAllBack(
  ledger: LedgerClient,
  store: BasketStore,
  basket: StoredBasket,
  taken: number,
): Promise<Unavailable | undefined> {
  const forgotten = await store.forget(basket);
  if (forgotten) return forgotten;
  for (const line of basket.lines.slice(0, taken)) await giveBack(ledger, basket, line);
  return undefined;
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
