import type { HoldShare } from "../inventory/hold.ts";
import type { ShortLine } from "./basket-contract.ts";
import type { CartSource } from "./cart-store.ts";
import type { BasketLine, Unavailable } from "./contract.ts";

/** How long a cart may hold, and how much. All times in ms. */
export interface CartTerms {
  ttlMs: number;
  /** Extending ends here, however active the shopper is. */
  longestMs: number;
  share?: HoldShare;
}

export interface CartRequest {
  shop: string;
  cart: string;
  /** Grows with the cart's changes, e.g. the time of the change in ms. 0: whatever comes next. */
  revision: number;
  /** All of the cart, not what has changed of it. None: the cart is empty. */
  lines: readonly BasketLine[];
  channel?: string;
  source: CartSource;
  actor?: string;
  reason?: string;
  terms: CartTerms;
}

/** What a cart holds now. */
export interface CartHolding {
  outcome: "held";
  /** When it ends unless it is extended, ms since the epoch. 0 when nothing is held. */
  expiresAt: number;
  lines: readonly BasketLine[];
}

export type CartFollowed =
  | CartHolding
  /** What grew is not held; what shrank is given back. */
  | { outcome: "insufficient"; lines: (ShortLine & { share?: true })[] }
  /** The cart became an order: it claims no more. */
  | { outcome: "ordered" }
  /** The storefront itself tells of this cart, and is believed. */
  | { outcome: "known" }
  /** It has held for its longest time: others have their turn until `againAt`. */
  | { outcome: "held-too-long"; againAt: number }
  | Unavailable;

export type CartExtended = CartHolding | { outcome: "ordered" } | { outcome: "over" } | Unavailable;

export interface Carts {
  /**
   * Makes the cart's holds what the cart is. What shrank is given back first, which cannot fail;
   * of what grew, all is held or nothing. A revision that is not the newest changes nothing.
   */
  follow(request: CartRequest): Promise<CartFollowed>;
  /** The shopper is there: what is held is held longer, up to the longest. */
  extend(shop: string, cart: string, terms: CartTerms): Promise<CartExtended>;
  status(shop: string, cart: string): Promise<CartExtended>;
  /**
   * The cart became an order, for ever: what it holds besides `sold` is given back, and no later
   * word of it counts. The order's own sales end its holds on `sold`.
   */
  ordered(shop: string, cart: string, sold: readonly string[]): Promise<"noted" | Unavailable>;
}
