import type { PhysicalBucket } from "../inventory/bucket.ts";
import type { HoldShare, HoldState } from "../inventory/hold.ts";
import type { Leg, MovementType } from "../inventory/movement.ts";
import type { OrderLine } from "../inventory/order-line.ts";
import type { Stock } from "../inventory/stock.ts";

/** Where a command comes from and what the history should say about it. */
export interface Context {
  shop: string;
  item: string;
  /** Id of the business fact. The same id has one effect and one answer, for ever. */
  activity: string;
  /** When it happened in the world, ms since the epoch. The ledger stamps its own time beside it. */
  occurredAt?: number;
  channel?: string;
  connection?: string;
  /** Who, in the words of the history page: "api:warehouse", "shopify", "person:" and an id. */
  actor?: string;
  reason?: string;
  reference?: string;
  /** Id of the batch it belongs to: see prisma/batches.ts. */
  batch?: string;
}

/** What may be asked of the ledger, about one item. Quantities are whole units. */
export type Command = Context &
  (
    | { type: "hold"; hold: string; quantity: number; ttlMs: number }
    | { type: "extend"; hold: string; ttlMs: number }
    /**
     * Sets a cart's hold to so many units, 0 gives them back: see ledger/script/carts.lua. Of
     * several revisions the highest stands, in whatever order they come.
     */
    | {
        type: "set-hold";
        hold: string;
        quantity: number;
        ttlMs: number;
        revision: number;
        share?: HoldShare;
      }
    /** Ends a cart's hold for good: its cart became an order. */
    | { type: "close-hold"; hold: string }
    /** Turns a live hold into committed stock of `order`. */
    | { type: "commit"; hold: string; order: string; connection: string }
    | { type: "release"; hold: string }
    /** `quantity` is cumulative over the order: see inventory/order-line.ts. */
    | {
        type: "sell" | "cancel";
        order: string;
        connection: string;
        quantity: number;
        known?: OrderLine;
        /** Only for sell: the hold of the cart it came from, which ends in the same movement. */
        hold?: string;
      }
    | {
        type: "ship" | "unship";
        order: string;
        connection: string;
        quantity: number;
        location: string;
        known?: OrderLine;
      }
    | { type: "receive"; location: string; quantity: number; expectedVersion?: number }
    /** Signed correction of one physical bucket. May go below zero: a count is a fact. */
    | {
        type: "adjust";
        bucket: PhysicalBucket;
        location: string;
        delta: number;
        expectedVersion?: number;
      }
    /** Moves units of one physical bucket to another location: never more than are there. */
    | {
        type: "transfer";
        bucket: PhysicalBucket;
        from: string;
        to: string;
        quantity: number;
        expectedVersion?: number;
      }
    /** Carves `quantity` units out for `channel`; negative gives them back to the pool. */
    | { type: "allocate"; channel: string; quantity: number; expectedVersion?: number }
  );

/** A hold as it is after a movement. */
export interface HoldNow {
  id: string;
  state: HoldState;
  quantity: number;
  /** ms since the epoch */
  expiresAt: number;
}

/** The ledger took it (now, or earlier under the same activity id: `repeated`). */
export interface Applied {
  outcome: "applied";
  /** The answer was given before; nothing moved now. */
  repeated: boolean;
  partition: number;
  /** Number of the movement. Several movements may share a command: the last one. */
  seq: number;
  stock: Stock;
  /** Units by which this very movement oversold. 0 for most. */
  oversold: number;
  /** Only for commands on holds. */
  hold?: HoldNow;
}

/** Why nothing moved. Every one is expected, none is an exception. */
export type Refusal =
  /** `share`: more is free, but carts hold their share of a scarce item. */
  | { outcome: "insufficient"; available: number; share?: true }
  | { outcome: "version-conflict"; stock: Stock }
  /** The hold is not known (any more): never taken, or forgotten long ago. */
  | { outcome: "unknown-hold" }
  | { outcome: "hold-over"; state: Exclude<HoldState, "live"> }
  /** The activity id was used for something else before. */
  | { outcome: "reused-activity" }
  | Unavailable;

/** Refused because nothing can be promised now. Retry later; nothing was guessed. */
export interface Unavailable {
  outcome: "unavailable";
  /** away: no connection; unverified: Redis restarted and is being checked; timeout: no answer in
   *  time, so the command may have been taken: retry under the same activity id. */
  why: "away" | "unverified" | "timeout";
}

export type Answer = Applied | Refusal;

/** What the ledger's stream tells: one immutable change, numbered without gaps per partition. */
export interface StockEvent extends Context {
  partition: number;
  seq: number;
  type: MovementType;
  /** Redis' time of the movement, ms since the epoch. */
  at: number;
  /** Empty when a fact changed no balance (a cancellation before its order). */
  legs: Leg[];
  /** All of the item's balances after it. */
  stock: Stock;
  oversold: number;
  /** The order line after it, for sell, cancel, ship and commit. */
  line?: OrderLine & { connection: string; order: string };
  hold?: HoldNow;
}

/** One line of a basket: an item and how many. */
export interface BasketLine {
  item: string;
  quantity: number;
}

export interface Ledger {
  /** Applies one command. Never throws for an expected outcome. */
  apply(command: Command): Promise<Answer>;
  /** The item's balances now. Due holds are expired first, so that the answer is true. */
  stock(shop: string, item: string): Promise<Stock | Unavailable>;
  /**
   * Sweeps holds that are due, which frees their units and writes their events.
   * @returns how many were expired, or unavailable.
   */
  expireDue(): Promise<number | Unavailable>;
  /** State of every partition, for /readyz and recovery. */
  health(): Promise<LedgerHealth>;
  close(): Promise<void>;
}

export interface LedgerHealth {
  connected: boolean;
  /** run_id of the server this client talks to; undefined while away. */
  epoch: string | undefined;
  partitions: { partition: number; seq: number; verified: boolean }[];
}
