import type { Moment } from "../../sandbox/definition.ts";
import { emptyMarket, type Market } from "../../sandbox/market.ts";

/** The eBay sandbox's memory: plain data. */
export interface EbayState {
  market: Market;
  tokens: Record<string, HandedOut>;
  /** Codes of the consent page that were not traded yet, and when each ends. */
  codes: Record<string, number>;
  /** Ship-to-home quantities of inventory items that were set apart from their offers. */
  itemQuantities: Record<string, number>;
  /** Revisions by listing id, of its latest day. */
  revisions: Record<string, { day: string; count: number }>;
  /** SKUs of listings that eBay ended at 0. */
  ended: string[];
  outOfStockControl: boolean;
  alertEmail: string | null;
  destinations: Destination[];
  subscriptions: Subscription[];
}

export interface HandedOut {
  expires: number;
  scopes: string[];
  app: boolean;
}

export interface Destination {
  destinationId: string;
  name: string;
  status: string;
  deliveryConfig: { endpoint: string; verificationToken: string };
}

export interface Subscription {
  subscriptionId: string;
  topicId: string;
  status: string;
  destinationId: string;
  creationDate: string;
  payload: { format: string; schemaVersion: string; deliveryProtocol: string };
  /** Made with the app's own token. */
  app: boolean;
}

export type EbayMoment = Moment<EbayState>;

export function emptyEbay(seed: number): EbayState {
  return {
    market: emptyMarket(seed, 0),
    tokens: {},
    codes: {},
    itemQuantities: {},
    revisions: {},
    ended: [],
    outOfStockControl: true,
    alertEmail: null,
    destinations: [],
    subscriptions: [],
  };
}
