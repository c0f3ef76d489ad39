import type { Moment } from "../../sandbox/definition.ts";
import { emptyMarket, type Market } from "../../sandbox/market.ts";

/** The Walmart sandbox's memory: plain data. */
export interface WalmartState {
  market: Market;
  /** Access tokens handed out, and when each expires. */
  tokens: Record<string, number>;
  /** Codes of the consent page, not yet traded. */
  codes: Record<string, { returnUrl: string; until: number }>;
  /** Refresh tokens that consents gave, and when each expires. */
  refreshTokens: Record<string, number>;
  subscriptions: Subscription[];
  /** Somebody has subscribed before: from then on only what is subscribed to is sent. */
  subscribed: boolean;
  feeds: Record<string, Feed>;
  /** Cursors of the catalogue: how far each has been read, and when it was used last. */
  scrolls: Record<string, { at: number; usedAt: number }>;
  /** The one cursor of /v3/inventories that may be used next. */
  levelsCursor: string | null;
  /** SKUs whose items are not for sale, with their lifecycle status. */
  lifecycles: Record<string, string>;
  /** Ship nodes at which writes fail, although the answer is 200. */
  brokenNodes: string[];
}

export interface Subscription {
  subscriptionId: string;
  eventType: string;
  eventVersion: string;
  resourceName: string;
  eventUrl: string;
  status: string;
  authDetails: {
    authMethod: "BASIC_AUTH" | "HMAC" | "OAUTH";
    authHeaderName?: string | undefined;
    userName?: string | undefined;
    password?: string | undefined;
    clientSecret?: string | undefined;
  };
}

export interface Feed {
  submittedAt: number;
  doneAt: number;
  rows: { sku: string; status: "SUCCESS" | "DATA_ERROR" | "SYSTEM_ERROR"; error: string | null }[];
}

export type WalmartMoment = Moment<WalmartState>;

export function emptyWalmart(seed: number): WalmartState {
  return {
    market: emptyMarket(seed, 0),
    tokens: {},
    codes: {},
    refreshTokens: {},
    subscriptions: [],
    subscribed: false,
    feeds: {},
    scrolls: {},
    levelsCursor: null,
    lifecycles: {},
    brokenNodes: [],
  };
}
