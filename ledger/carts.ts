import { randomUUID } from "node:crypto";
import { cartAllowance } from "../inventory/hold.ts";
import { availableToSell } from "../inventory/stock.ts";
import type { ShortLine } from "./basket-contract.ts";
import type {
  CartExtended,
  CartFollowed,
  CartHolding,
  CartRequest,
  Carts,
  CartTerms,
} from "./cart-contract.ts";
import { type CartRecord, type CartStore, cartStore } from "./cart-store.ts";
import type { LedgerClient } from "./client.ts";
import type { Answer, Command, Unavailable } from "./contract.ts";

export type * from "./cart-contract.ts";

/** Extending moves an end by at least so much: a shopper who scrolls makes no history. */
const EXTEND_BY_MS = 30_000;

/** The hold of a cart on an item. */
export function cartHold(cart: string, item: string): string {
  return `${cart}.${item}`;
}

/**
 * Carts of a storefront: each has one hold per item, and they follow the cart. Built on the same
 * ledger commands as everything else; the cart's own record keeps its revisions in order.
 */
export function createCarts(ledger: LedgerClient, now: () => number = Date.now): Carts {
  const store = cartStore(ledger, now);
  return {
    follow: (request) => follow(ledger, store, request, now),
    extend: (shop, cart, terms) => extend(ledger, store, { shop, cart, terms }, now),
    async status(shop, cart) {
      const record = await store.load(shop, cart);
      if (record && "outcome" in record) return record;
      return standing(record, now());
    },
    ordered: (shop, cart, sold) => ordered(ledger, store, shop, cart, sold),
  };
}

/** A revision in the ledger: undoing comes after what it undoes, and before the next one. */
const told = (revision: number) => 2 * revision;
const undone = (revision: number) => 2 * revision + 1;

async function follow(
  ledger: LedgerClient,
  store: CartStore,
  request: CartRequest,
  now: () => number,
): Promise<CartFollowed> {
  const { shop, cart, terms } = request;
  const wanted = new Map<string, number>();
  for (const { item, quantity } of request.lines) {
    wanted.set(item, (wanted.get(item) ?? 0) + quantity);
  }
  const begun = await store.begin({
    ...{ shop, cart, revision: request.revision, items: [...wanted.keys()] },
    ...{ source: request.source, longestMs: terms.longestMs, pauseMs: terms.ttlMs },
  });
  if ("outcome" in begun) return begun;
  const { record } = begun;
  switch (begun.state) {
    case "ordered":
    case "known":
      return { outcome: begun.state };
    case "stale":
      return held(record, now());
    case "too-long":
      return { outcome: "held-too-long", againAt: record.until + terms.ttlMs };
    case "begun":
      return new Change(ledger, store, request, record, wanted, now()).run();
  }
}

/** One revision of a cart on its way into the ledger. */
class Change {
  readonly #ledger: LedgerClient;
  readonly #store: CartStore;
  readonly #request: CartRequest;
  readonly #record: CartRecord;
  readonly #wanted: ReadonlyMap<string, number>;
  readonly #ttlMs: number;
  /** What the cart holds, as it becomes. */
  readonly #lines: Record<string, number>;
  #until: number;

  constructor(
    ledger: LedgerClient,
    store: CartStore,
    request: CartRequest,
    record: CartRecord,
    wanted: ReadonlyMap<string, number>,
    now: number,
  ) {
    [this.#ledger, this.#store, this.#request] = [ledger, store, request];
    [this.#record, this.#wanted] = [record, wanted];
    const { ttlMs, longestMs } = request.terms;
    this.#ttlMs = Math.max(1, Math.min(ttlMs, record.since + longestMs - now));
    this.#lines = record.until > now ? { ...record.lines } : {};
    this.#until = Number.POSITIVE_INFINITY;
  }

  async run(): Promise<CartFollowed> {
    const before = { ...this.#lines };
    const revision = told(this.#record.revision);
    // In item order, so that two carts which want the same items meet at the first of them.
    const items = Object.keys(this.#record.items).sort();
    const grows = (item: string) => this.#target(item) > (before[item] ?? 0);
    const shrinking = items.filter((item) => !grows(item));
    // Also what is not known to be held: an older word of it may still be on its way.
    const given = await Promise.all(
      shrinking.map((item) => this.#set(item, this.#target(item), revision)),
    );
    for (const [index, answer] of given.entries()) {
      // Its hold had ended without our knowing, and cannot be had again.
      const short = answer.outcome === "insufficient";
      if (short) return this.#refuse(answer, shrinking.slice(index), 0, before);
      if (answer.outcome === "unavailable") return answer;
    }
    const growing = items.filter(grows);
    for (const [index, item] of growing.entries()) {
      const answer = await this.#set(item, this.#target(item), revision);
      if (answer.outcome === "applied") continue;
      return this.#refuse(answer, growing, index, before);
    }
    return (await this.#done()) ?? held({ lines: this.#lines, until: this.#end() }, 0);
  }

  #target(item: string): number {
    return this.#wanted.get(item) ?? 0;
  }

  async #set(item: string, quantity: number, revision: number): Promise<Answer> {
    const { shop, cart, channel, actor, reason, terms } = this.#request;
    const hold = cartHold(cart, item);
    const command: Command = {
      ...{ type: "set-hold", shop, item, hold, quantity, revision, ttlMs: this.#ttlMs },
      ...{ activity: `${hold}/${revision}`, channel, actor, reason },
      ...(terms.share ? { share: terms.share } : {}),
    };
    const answer = await this.#ledger.apply(command);
    if (answer.outcome !== "applied" || answer.hold === undefined) return answer;
    const live = answer.hold.state === "live";
    this.#lines[item] = live ? answer.hold.quantity : 0;
    if (live) this.#until = Math.min(this.#until, answer.hold.expiresAt);
    return answer;
  }

  /** Gives back what grew, and says everything that is short. */
  async #refuse(
    why: Exclude<Answer, { outcome: "applied" }>,
    growing: readonly string[],
    refused: number,
    before: Record<string, number>,
  ): Promise<CartFollowed> {
    const doubtful = why.outcome === "unavailable" ? refused + 1 : refused;
    for (const item of growing.slice(0, doubtful)) {
      await this.#set(item, before[item] ?? 0, undone(this.#record.revision));
    }
    const away = await this.#done();
    switch (why.outcome) {
      case "unavailable":
        return why;
      case "hold-over":
        return { outcome: "ordered" };
      case "insufficient":
        return away ?? this.#short(growing.slice(refused), before, why);
      default:
        throw new Error(`a cart's hold was refused as ${why.outcome}`);
    }
  }

  async #short(
    items: readonly string[],
    before: Record<string, number>,
    first: Extract<Answer, { outcome: "insufficient" }>,
  ): Promise<CartFollowed> {
    const { shop, channel, terms } = this.#request;
    const lines: (ShortLine & { share?: true })[] = [];
    for (const [index, item] of items.entries()) {
      const requested = this.#target(item);
      if (index === 0) {
        const { available, share } = first;
        lines.push({ item, requested, available, ...(share ? { share } : {}) });
        continue;
      }
      const stock = await this.#ledger.stock(shop, item);
      if ("outcome" in stock) return stock;
      const free = availableToSell(stock, channel);
      const own = before[item] ?? 0;
      const allowed = Math.max(0, own + cartAllowance(free, stock.held, terms.share));
      if (allowed >= requested) continue;
      const share = own + free >= requested;
      lines.push({ item, requested, available: allowed, ...(share ? { share } : {}) });
    }
    return { outcome: "insufficient", lines };
  }

  /** When the first of its holds ends; it has just ended when there is none. */
  #end(): number {
    return Number.isFinite(this.#until) ? this.#until : this.#record.until;
  }

  #done(): Promise<Unavailable | undefined> {
    const { shop, cart } = this.#request;
    return this.#store.done(shop, cart, this.#record.revision, this.#lines, this.#end());
  }
}

async function extend(
  ledger: LedgerClient,
  store: CartStore,
  { shop, cart, terms }: { shop: string; cart: string; terms: CartTerms },
  now: () => number,
): Promise<CartExtended> {
  const record = await store.load(shop, cart);
  if (record && "outcome" in record) return record;
  const before = standing(record, now());
  if (before.outcome !== "held" || !record) return before;
  const ttlMs = Math.min(terms.ttlMs, record.since + terms.longestMs - now());
  if (now() + ttlMs < record.until + EXTEND_BY_MS) return before;
  let until = Number.POSITIVE_INFINITY;
  for (const { item } of before.lines) {
    const hold = cartHold(cart, item);
    const activity = `${hold}/extend/${randomUUID()}`;
    const answer = await ledger.apply({ type: "extend", shop, item, hold, activity, ttlMs });
    if (answer.outcome === "unavailable") return answer;
    if (answer.outcome !== "applied") return { outcome: "over" };
    until = Math.min(until, answer.hold?.expiresAt ?? until);
  }
  const away = await store.extended(shop, cart, record.revision, until);
  return away ?? held({ lines: record.lines, until }, now());
}

async function ordered(
  ledger: LedgerClient,
  store: CartStore,
  shop: string,
  cart: string,
  sold: readonly string[],
): Promise<"noted" | Unavailable> {
  const record = await store.ordered(shop, cart);
  if ("outcome" in record) return record;
  for (const item of Object.keys(record.items)) {
    if (sold.includes(item)) continue;
    const answer = await ledger.apply(closing(shop, cart, item));
    if (answer.outcome === "unavailable") return answer;
  }
  return "noted";
}

/** Ends a cart's hold on an item for good. */
export function closing(shop: string, cart: string, item: string): Command {
  const hold = cartHold(cart, item);
  return { type: "close-hold", shop, item, hold, activity: `${hold}/closed` };
}

function standing(record: CartRecord | undefined, now: number): CartExtended {
  if (record?.ordered) return { outcome: "ordered" };
  if (!record) return { outcome: "over" };
  const holding = held(record, now);
  return holding.lines.length === 0 ? { outcome: "over" } : holding;
}

function held({ lines, until }: Pick<CartRecord, "lines" | "until">, now: number): CartHolding {
  const live = until > now ? Object.entries(lines).filter(([, quantity]) => quantity > 0) : [];
  const told = live.map(([item, quantity]) => ({ item, quantity }));
  return { outcome: "held", expiresAt: told.length === 0 ? 0 : until, lines: told };
}
