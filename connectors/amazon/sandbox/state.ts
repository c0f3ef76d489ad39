import type { Moment } from "../../sandbox/definition.ts";
import { emptyMarket, type Market } from "../../sandbox/market.ts";

/** The Amazon sandbox's memory: plain data. */
export interface AmazonState {
  market: Market;
  /** Access tokens handed out, and when each expires. */
  tokens: Record<string, number>;
  /** Messages read from the queue and not yet deleted, by receipt handle. */
  receipts: Record<string, string>;
}

export type AmazonMoment = Moment<AmazonState>;

export function emptyAmazon(seed: number): AmazonState {
  return { market: emptyMarket(seed, 0), tokens: {}, receipts: {} };
}
