import type { Moment } from "../../sandbox/definition.ts";
import { emptyMarket, type Market } from "../../sandbox/market.ts";
import { DEMO_SHOP } from "./account.ts";

export interface SandboxShop {
  id: string;
  cipher: string;
  name: string;
  region: string;
}

/** The TikTok Shop sandbox's memory: plain data. */
export interface TikTokState {
  market: Market;
  /** What the seller lets our app into. */
  shops: SandboxShop[];
  /** Codes of the consent page, and when each ends. */
  codes: Record<string, number>;
  /** Refresh tokens that were traded in: none works twice. */
  spent: Record<string, true>;
  /** Access tokens that ended before their time. */
  ended: Record<string, true>;
  /** Kinds of events that were asked for. */
  events: Record<string, true>;
}

export type TikTokMoment = Moment<TikTokState>;

export function emptyTikTok(seed: number): TikTokState {
  return {
    market: emptyMarket(seed, 0),
    shops: [DEMO_SHOP],
    codes: {},
    spent: {},
    ended: {},
    events: {},
  };
}
