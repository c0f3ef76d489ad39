import type { Moment } from "../../sandbox/definition.ts";
import { emptyMarket, type Market } from "../../sandbox/market.ts";
import { AMAZON_SANDBOX } from "./account.ts";

/** A file outside the API, behind a presigned address. */
export interface SandboxDocument {
  /** What it was announced as, for one to be uploaded. */
  contentType: string;
  /** Null until it was uploaded. */
  text: string | null;
}

/** A feed or a report: work that takes its time. */
export interface SandboxJob {
  type: string;
  createdAt: number;
  doneAt: number;
  /** What it is found to be once it is done. */
  ending: "DONE" | "CANCELLED" | "FATAL";
  /** The document that is its result. */
  document: string | null;
  marketplaceIds: string[];
  window: { start: number; end: number };
}

export interface SandboxDestination {
  destinationId: string;
  name: string;
  resource: Record<string, unknown>;
}

export interface SandboxSubscription {
  subscriptionId: string;
  destinationId: string;
  payloadVersion: string;
}

/** The Amazon sandbox's memory: plain data. */
export interface AmazonState {
  market: Market;
  /** Access tokens handed out, and when each expires. */
  tokens: Record<string, number>;
  /** The app's own tokens, which no seller granted, likewise. */
  appTokens: Record<string, number>;
  refreshTokens: string[];
  /** Codes of sellers who agreed, and when each is too old. */
  codes: Record<string, number>;
  /** Messages read from the queue and not yet deleted, by receipt handle. */
  receipts: Record<string, string>;
  documents: Record<string, SandboxDocument>;
  feeds: Record<string, SandboxJob>;
  reports: Record<string, SandboxJob>;
  destinations: SandboxDestination[];
  /** By type of notification. */
  subscriptions: Record<string, SandboxSubscription>;
  /** Quantities that will be told of once buyers see them. */
  echoes: { sku: string; quantity: number; due: number }[];
}

export type AmazonMoment = Moment<AmazonState>;

export function emptyAmazon(seed: number): AmazonState {
  return {
    market: emptyMarket(seed, 0),
    tokens: {},
    appTokens: {},
    refreshTokens: [AMAZON_SANDBOX.secrets.refreshToken ?? ""],
    codes: {},
    receipts: {},
    documents: {},
    feeds: {},
    reports: {},
    destinations: [],
    subscriptions: {},
    echoes: [],
  };
}
