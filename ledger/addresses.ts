import { readFileSync } from "node:fs";
import { join } from "node:path";
import { orAway } from "./basket-store.ts";
import type { LedgerClient } from "./client.ts";
import type { Unavailable } from "./contract.ts";

/** How many carts hold from one network address. What is kept is a digest, for minutes. */
export interface Addresses {
  /** Takes one of the address's `most` places for the cart, until its holds end. */
  take(claim: {
    shop: string;
    /** A keyed digest of the address. */
    address: string;
    cart: string;
    most: number;
    untilMs: number;
  }): Promise<"taken" | "full" | Unavailable>;
  /** The cart holds nothing any more. */
  leave(shop: string, address: string, cart: string): Promise<Unavailable | undefined>;
}

const SCRIPT = readFileSync(join(import.meta.dirname, "script/address.lua"), "utf8");

export function createAddresses(
  { keys, connection }: LedgerClient,
  now: () => number = Date.now,
): Addresses {
  return {
    take: ({ shop, address, cart, most, untilMs }) =>
      orAway(async () => {
        const key = keys.address(shop, address);
        const args = [cart, now(), untilMs, most];
        const got = await connection.ask((redis) => redis.eval(SCRIPT, 1, key, ...args));
        return got === 1 ? ("taken" as const) : ("full" as const);
      }),
    leave: (shop, address, cart) =>
      orAway(async () => {
        await connection.ask((redis) => redis.zrem(keys.address(shop, address), cart));
        return undefined;
      }),
  };
}
