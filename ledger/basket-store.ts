import type { LedgerClient } from "./client.ts";
import type { BasketLine, Unavailable } from "./contract.ts";
import { REMEMBER_MS } from "./script.ts";

export interface HeldLine extends BasketLine {
  /** Id of its hold in the ledger. */
  hold: string;
}

/** Which holds make up a basket, so that any process can act on it by its id. */
export interface StoredBasket {
  shop: string;
  id: string;
  channel: string | undefined;
  actor: string | undefined;
  lines: HeldLine[];
  /** As the ledger told it; by our own clock before it did. */
  expiresAt: number;
  /** Whether the ledger told it: all lines were held then. */
  told: boolean;
  /** How it ended, when we ended it. */
  over?: "committed" | "released";
}

/** Baskets in Redis. Every method answers "unavailable" instead of throwing while Redis is away. */
export interface BasketStore {
  /** Names a basket by its id. @returns the one that had the id before, if any. */
  name(basket: StoredBasket, ttlMs: number): Promise<StoredBasket | undefined | Unavailable>;
  /** Takes back what was named, unless it has changed since. @returns undefined when it is gone. */
  forget(basket: StoredBasket): Promise<Unavailable | undefined>;
  load(shop: string, id: string): Promise<StoredBasket | undefined | Unavailable>;
  /** Keeps it for its life and a week after. @returns undefined when it is kept. */
  save(basket: StoredBasket, ttlMs: number): Promise<Unavailable | undefined>;
}

export function basketStore(ledger: LedgerClient): BasketStore {
  const { keys, connection } = ledger;
  return {
    async name(basket, ttlMs) {
      const { shop, id } = basket;
      const before = await ledger.name(shop, id, JSON.stringify(basket), ttlMs + REMEMBER_MS);
      if (typeof before !== "string") return before;
      return before === "" ? undefined : (JSON.parse(before) as StoredBasket);
    },
    async forget(basket) {
      const forgotten = await ledger.forget(basket.shop, basket.id, JSON.stringify(basket));
      return typeof forgotten === "string" ? undefined : forgotten;
    },
    load: (shop, id) =>
      orAway(async () => {
        const text = await connection.ask((redis) => redis.get(keys.basket(shop, id)));
        return text ? (JSON.parse(text) as StoredBasket) : undefined;
      }),
    save: (basket, ttlMs) =>
      orAway(async () => {
        const life = ttlMs + REMEMBER_MS;
        const key = keys.basket(basket.shop, basket.id);
        const text = JSON.stringify(basket);
        await connection.ask((redis) => redis.set(key, text, "PX", life));
        return undefined;
      }),
  };
}

/** A Redis that does not answer is an expected outcome here as everywhere in the ledger. */
export async function orAway<T>(work: () => Promise<T>): Promise<T | Unavailable> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof SyntaxError) throw error;
    return { outcome: "unavailable", why: "away" };
  }
}
