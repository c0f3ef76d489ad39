import type { OrderActivity } from "../inventory/activity.ts";

/**
 * The contract every marketplace keeps. A connector knows its marketplace and nothing else: it
 * touches neither the ledger nor a database, reads no environment and no clock of its own.
 */
export interface Connector {
  channel: string;
  /** What the marketplace is called on a page. */
  title: string;
  limits: ConnectorLimits;
  abilities: ConnectorAbilities;
  /**
   * Verifies a message that was sent to our door, on its raw bytes and in constant time, and
   * keeps only what the product needs of it: no names, no addresses.
   */
  verify(request: RawRequest, account: Account): Verification;
  /** Turns a stored message into what happened, in our words. Pure; throws on what is not ours. */
  translate(message: Message): OrderActivity[];
  /** Opens a connection for I/O. Opens no socket by itself. */
  connect(account: Account, world: World): Session;
}

export interface ConnectorAbilities {
  /** Compares before it sets, so that a push cannot overwrite a sale it has not seen. */
  compareAndSet: boolean;
  /** Hands us messages at our door, or in a queue that we read. */
  inbound: "door" | "queue";
}

/** Limits as data: what one call may carry and how often it may be made. */
export interface ConnectorLimits {
  /** Listings in one push call. */
  pushBatch: number;
  /** Listings in one read-back call. */
  readBackBatch: number;
  /** Calls of one kind: `perSecond` sustained, `burst` at once. Per connection. */
  calls: Record<"push" | "readBack" | "orders" | "listings", { perSecond: number; burst: number }>;
  /** A sweep asks for orders changed since its watermark minus this, because clocks differ. */
  sweepOverlapMs: number;
  /** How often the sweep runs: what a lost message costs at most. */
  sweepEveryMs: number;
}

/** A merchant's account on a marketplace: ids and secrets, decrypted. */
export interface Account {
  connection: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
}

/** What a connector may use of the outside: the product's one fetch, base URLs, and time. */
export interface World {
  /** Where the marketplace answers. Undefined = the real one. Sandboxes give their own. */
  baseUrl?: string;
  now(): number;
  /** Called when the marketplace handed out a new access token, so that it can be kept. */
  onToken?(token: { accessToken: string; expiresAt: number }): void | Promise<void>;
}

export interface RawRequest {
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** What goes into the inbox: verified, without personal data, named by the marketplace. */
export interface Message {
  /** Unique within the connection; a redelivery has the same. */
  externalId: string;
  topic: string;
  payload: unknown;
}

export type Verification =
  | { outcome: "verified"; message: Message }
  /** Not signed by the marketplace: 401, nothing is stored. */
  | { outcome: "forged"; why: string }
  /** Signed, but about nothing the product uses: acknowledged and forgotten. */
  | { outcome: "ignored"; why: string }
  | { outcome: "malformed"; why: string };

/** One listing as the marketplace has it. */
export interface ListingRecord {
  externalId: string;
  sku: string;
  title: string;
  /** What a buyer could buy now. Null when the marketplace does not say. */
  quantity: number | null;
  /** False for what the marketplace ships from its own warehouse: counted, never pushed. */
  merchantFulfilled: boolean;
  /** What the connector needs to push to it: opaque to everyone else. */
  handle: Record<string, string>;
}

export interface PushLine {
  externalId: string;
  handle: Record<string, string>;
  quantity: number;
  /** What the marketplace was last known to have, for compare-and-set. Null = not known. */
  expected: number | null;
  /** Names this attempt: the same key is sent again only while its outcome is unknown. */
  key: string;
}

/** One per line of the batch, in its order. */
export type PushResult =
  /**
   * The marketplace has the number now. `unheard` is how many units it was found to have sold
   * beyond `expected`: what it has is so much less than `quantity`, but not less than 0.
   */
  | { outcome: "accepted"; unheard?: number }
  /** Compare-and-set found another number: plan again from `current` (null when not told). */
  | { outcome: "stale"; current: number | null }
  /** The marketplace will never take it as it is. */
  | { outcome: "rejected"; why: string }
  | CallFailure;

/** Why a call did not do its work. The same for every kind of call. */
export type CallFailure =
  | { outcome: "throttled"; retryAt: number; why: string }
  | { outcome: "unavailable"; why: string }
  | { outcome: "unauthorized"; why: string }
  /** Sent, but nobody knows whether it counted: read back before the next write. */
  | { outcome: "unknown"; why: string }
  | { outcome: "not-supported"; why: string };

export type ReadBack = { externalId: string; quantity: number | null } | null;

export type Page<T> = { outcome: "page"; rows: T[]; next: string | null } | CallFailure;

/** Orders changed in a window, as messages, and the time up to which they are complete. */
export type Sweep =
  | { outcome: "swept"; messages: Message[]; knownTo: number; next: string | null }
  | CallFailure;

/** Messages read from a marketplace's queue; `done` removes them once they are stored. */
export type Received =
  | { outcome: "received"; deliveries: { verification: Verification; done(): Promise<void> }[] }
  | CallFailure;

export interface Session {
  listings(cursor: string | null): Promise<Page<ListingRecord>>;
  push(batch: readonly PushLine[]): Promise<PushResult[]>;
  /** The live number of each listing, in the order asked; null where it is not there. */
  readBack(
    lines: readonly Pick<PushLine, "externalId" | "handle">[],
  ): Promise<{ outcome: "read"; rows: ReadBack[] } | CallFailure>;
  /** Orders changed since `since` (ms), one page at a time. */
  ordersSince(since: number, cursor: string | null): Promise<Sweep>;
  /** Only where `abilities.inbound` is "queue": waits up to `waitMs` for messages. */
  receive?(waitMs: number, signal: AbortSignal): Promise<Received>;
}
