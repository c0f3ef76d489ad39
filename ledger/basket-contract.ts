import type { HoldState } from "../inventory/hold.ts";
import type { Stock } from "../inventory/stock.ts";
import type { BasketLine, Context, Unavailable } from "./contract.ts";

export interface BasketRequest {
  shop: string;
  lines: readonly BasketLine[];
  channel?: string;
  ttlMs: number;
  /** The caller's idempotency key: the same key and lines are one basket. */
  key?: string;
  actor?: string;
  /**
   * Looks at the lines once all are held, and names those that may not be after all. Then all are
   * given back. For what the ledger does not know: it counts units of an item, wherever they are.
   */
  check?(lines: readonly CheckedLine[]): Promise<ShortLine[] | Unavailable>;
}

/** A line with the stock right after it was held: what was taken before it is in there, too. */
export interface CheckedLine extends BasketLine {
  stock: Stock;
}

/** A basket as its owner sees it. */
export interface Basket {
  outcome: "held";
  id: string;
  /** When the first of its holds ends, ms since the epoch. */
  expiresAt: number;
  lines: readonly BasketLine[];
  /** It was there already. */
  repeated: boolean;
}

/** A line that cannot be held, and what could be. */
export interface ShortLine {
  item: string;
  requested: number;
  available: number;
}

export type BasketHeld =
  | Basket
  | { outcome: "insufficient"; lines: ShortLine[] }
  /** The key stands for a basket with other lines. */
  | { outcome: "reused-key" }
  | Over
  | Unavailable;

/** A hold of it is over already. */
export type Over = { outcome: "hold-over"; state: Exclude<HoldState, "live"> };

export type BasketChanged =
  | { outcome: "extended"; expiresAt: number }
  | { outcome: "unknown-hold" }
  | Over
  | Unavailable;

export type BasketCommitted =
  | { outcome: "committed"; lines: readonly BasketLine[] }
  | { outcome: "unknown-hold" }
  | Over
  | Unavailable;

export type BasketReleased =
  | { outcome: "released" }
  | { outcome: "unknown-hold" }
  | Over
  | Unavailable;

/** Who gives a basket back that is not his, and why. */
export type ReleasedBy = Required<Pick<Context, "actor" | "reason">>;

export interface BasketOrder {
  order: string;
  connection: string;
  channel?: string;
}

export interface Baskets {
  /** Holds all lines or none. Lines of one item are added up. */
  hold(request: BasketRequest): Promise<BasketHeld>;
  extend(shop: string, id: string, ttlMs: number): Promise<BasketChanged>;
  /** All of it becomes committed stock of the order. Twice for one order is the same as once. */
  commit(shop: string, id: string, order: BasketOrder): Promise<BasketCommitted>;
  /** Gives all of it back. Twice is the same as once. The history says who did, when it is `by` another. */
  release(shop: string, id: string, by?: ReleasedBy): Promise<BasketReleased>;
}
