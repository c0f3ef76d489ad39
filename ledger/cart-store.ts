import { readFileSync } from "node:fs";
import { join } from "node:path";
import { orAway } from "./basket-store.ts";
import type { Unavailable } from "./contract.ts";
import { REMEMBER_MS } from "./script.ts";
import type { Access } from "./stream.ts";

/** Who tells of a cart. */
export type CartSource = "storefront" | "webhook" | "person";

/** What is known of a cart as a whole: ledger/script/cart-record.lua, which writes it. */
export interface CartRecord {
  revision: number;
  /** When it began to hold, ms since the epoch. */
  since: number;
  /** When its holds end, or ended. */
  until: number;
  items: Record<string, true>;
  /** Units by item, as the newest revision that is done left them. */
  lines: Record<string, number>;
  ordered?: true;
}

export interface Beginning {
  shop: string;
  cart: string;
  /** 0: whatever comes next. */
  revision: number;
  items: readonly string[];
  source: CartSource;
  /** A cart holds no longer than this in one go, ms, and then not for `pauseMs`. */
  longestMs: number;
  pauseMs: number;
}

export type Begun = {
  state: "begun" | "stale" | "ordered" | "known" | "too-long";
  record: CartRecord;
};

/** Carts in Redis, each change one step. Every method answers "unavailable" while Redis is away. */
export interface CartStore {
  begin(beginning: Beginning): Promise<Begun | Unavailable>;
  /** Notes what a revision came to, unless a newer one has begun. */
  done(
    shop: string,
    cart: string,
    revision: number,
    lines: Record<string, number>,
    until: number,
  ): Promise<Unavailable | undefined>;
  /** The holds of a revision end later now. */
  extended(
    shop: string,
    cart: string,
    revision: number,
    until: number,
  ): Promise<Unavailable | undefined>;
  ordered(shop: string, cart: string): Promise<CartRecord | Unavailable>;
  load(shop: string, cart: string): Promise<CartRecord | undefined | Unavailable>;
}

const SCRIPT = readFileSync(join(import.meta.dirname, "script/cart-record.lua"), "utf8");

export function cartStore({ keys, connection }: Access, now: () => number): CartStore {
  const run = async (shop: string, cart: string, what: string, ...more: (string | number)[]) => {
    const key = keys.cart(shop, cart);
    const args = [what, now(), REMEMBER_MS, ...more];
    const reply = await connection.ask((redis) => redis.eval(SCRIPT, 1, key, ...args));
    return reply as [state: string, record: string];
  };
  return {
    begin: (b) =>
      orAway(async () => {
        const items = JSON.stringify(b.items);
        const told = [b.revision, items, b.source, b.longestMs, b.pauseMs];
        const [state, record] = await run(b.shop, b.cart, "begin", ...told);
        return { state: state as Begun["state"], record: JSON.parse(record) };
      }),
    done: (shop, cart, revision, lines, until) =>
      orAway(async () => {
        await run(shop, cart, "done", revision, JSON.stringify(lines), until);
        return undefined;
      }),
    extended: (shop, cart, revision, until) =>
      orAway(async () => {
        await run(shop, cart, "extended", revision, until);
        return undefined;
      }),
    ordered: (shop, cart) =>
      orAway(async () => {
        const [, record] = await run(shop, cart, "ordered");
        return JSON.parse(record) as CartRecord;
      }),
    load: (shop, cart) =>
      orAway(async () => {
        const text = await connection.ask((redis) => redis.get(keys.cart(shop, cart)));
        return text === null ? undefined : (JSON.parse(text) as CartRecord);
      }),
  };
}
