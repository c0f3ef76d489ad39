import type { Moment } from "../../sandbox/definition.ts";
import { emptyMarket, type Market } from "../../sandbox/market.ts";
import { FIRST_ID } from "./account.ts";

/** The Shopify sandbox's memory: plain data. */
export interface ShopifyState {
  market: Market;
  /** What was answered under each idempotency key. */
  replays: Record<string, { fingerprint: string; payload: unknown }>;
  tokens: TokenBook;
  /** Files in the making, and made, by the operation's number. */
  bulk: Record<string, BulkFile>;
  /** Topics this shop's app has asked for, and where to. */
  subscriptions: { id: string; topic: string; uri: string }[];
  /** Units by variant, by the cart's token. */
  carts: Record<string, Record<string, number>>;
  storefront: StorefrontSettings;
}

export interface StorefrontSettings {
  /** The merchant has turned the theme extension on. */
  embed: boolean;
  /** Its one setting. */
  unsure: "sell" | "refuse";
  /** Bad luck: the app cannot be reached. */
  appAway: boolean;
}

/** What opens the shop, besides the demo's fixed token. Times in ms. */
export interface TokenBook {
  /** Codes of the consent page, and until when each is good. */
  codes: Record<string, number>;
  /** Access tokens, and until when each is good. */
  access: Record<string, number>;
  refresh: Record<string, { until: number; successor: string | null; spent: boolean }>;
}

export interface BulkFile {
  query: string;
  /** When the file is there. */
  readyAt: number;
  /** Null until somebody asks for it after that. */
  lines: string | null;
  objects: number;
}

export type ShopifyMoment = Moment<ShopifyState>;

export function emptyShopify(seed: number): ShopifyState {
  return { market: emptyMarket(seed, FIRST_ID), replays: {}, ...emptyBooks() };
}

const emptyBooks = (): Omit<ShopifyState, "market" | "replays"> => ({
  tokens: { codes: {}, access: {}, refresh: {} },
  bulk: {},
  subscriptions: [],
  carts: {},
  storefront: { embed: true, unsure: "sell", appAway: false },
});
