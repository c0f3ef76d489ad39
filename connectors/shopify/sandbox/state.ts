import type { Moment } from "../../sandbox/definition.ts";
import { emptyMarket, type Market } from "../../sandbox/market.ts";
import { FIRST_ID } from "./account.ts";

/** The Shopify sandbox's memory: plain data. */
export interface ShopifyState {
  market: Market;
  /** What was answered under each idempotency key. */
  replays: Record<string, { fingerprint: string; payload: unknown }>;
}

export type ShopifyMoment = Moment<ShopifyState>;

export function emptyShopify(seed: number): ShopifyState {
  return { market: emptyMarket(seed, FIRST_ID), replays: {} };
}
