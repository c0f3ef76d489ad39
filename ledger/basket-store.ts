import type { BasketLine, Unavailable } from "./contract.ts";
import { REMEMBER_MS } from "./script.ts";
import type { Access } from "./stream.ts";

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
  /** The caller's idempotency key. */
  key: string | undefined;
  lines: HeldLine[];
  expiresAt: number;
  /** How it ended, when we ended it. */
  over?: "committed" | "released";
}

/** Baskets in Redis. Every method answers "unavailable" instead of throwing while Redis is away. */
export interface BasketStore {
  /** The id that the caller's key stands for: `proposed`, or the one from before. */
  name(
    request: { shop: string; key?: string; ttlMs: number },
    proposed: string,
    wish: string,
  ): Promise<{ id: string } | { outcome: "reused-key" } | Unavailable>;
  load(shop: string, id: string): Promise<StoredBasket | undefined | Unavailable>;
  /** Keeps it for its life and a day after. @returns undefined when it is kept. */
  save(basket: StoredBasket, ttlMs: number): Promise<Unavailable | undefined>;
  /** Lets the caller's key stand for a new basket. @returns undefined when it is forgotten. */
  forget(basket: StoredBasket): Promise<Unavailable | undefined>;
}

export function basketStore({ keys, connection }: Access): BasketStore {
  const keyOf = ({ shop, key }: { shop: string; key?: string }) => keys.basketKey(shop, key ?? "");
  return {
    name: (request, proposed, wish) =>
      orAway(async () => {
        if (request.key === undefined) return { id: proposed };
        const value = JSON.stringify({ id: proposed, wish });
        const name = keyOf(request);
        const life = request.ttlMs + REMEMBER_MS;
        const before = await connection.ask((redis) =>
          redis.set(name, value, "PX", life, "NX", "GET"),
        );
        if (before === null) return { id: proposed };
        const kept: { id: string; wish: string } = JSON.parse(before);
        return kept.wish === wish ? { id: kept.id } : { outcome: "reused-key" as const };
      }),
    load: (shop, id) =>
      orAway(async () => {
        const text = await connection.ask((redis) => redis.get(keys.basket(shop, id)));
        return text === null ? undefined : (JSON.parse(text) as StoredBasket);
      }),
    save: (basket, ttlMs) =>
      orAway(async () => {
        const life = ttlMs + REMEMBER_MS;
        const key = keys.basket(basket.shop, basket.id);
        const text = JSON.stringify(basket);
        await connection.ask((redis) => redis.set(key, text, "PX", life));
        return undefined;
      }),
    forget: (basket) =>
      orAway(async () => {
        if (basket.key === undefined) return undefined;
        const name = keyOf({ shop: basket.shop, key: basket.key });
        await connection.ask((redis) => redis.del(name));
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
