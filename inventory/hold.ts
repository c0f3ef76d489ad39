/** A hold lives this long when nobody says otherwise. Row C1. */
export const DEFAULT_HOLD_SECONDS = 15 * 60;
/** A hold shorter than this would expire before its answer is read. */
export const MIN_HOLD_SECONDS = 1;
/** A hold longer than this hides stock from every channel; take an order instead. */
export const MAX_HOLD_SECONDS = 24 * 60 * 60;

/** While an item is scarce, carts together may hold only a share of it. Row C1. */
export interface HoldShare {
  /** Percent of what could be promised, rounded up: the last unit can always be held. */
  percent: number;
  /** Scarce means: so many units, or fewer, could be promised if there were no holds. */
  below: number;
}

/** Units that carts may still take of an item of which `available` are free and `held` are held. */
export function cartAllowance(available: number, held: number, share?: HoldShare): number {
  const pool = available + held;
  if (!share || pool > share.below) return available;
  return Math.min(available, Math.ceil((pool * share.percent) / 100) - held);
}

/** The basket of a hold: its holds are named after it, up to the first full stop. */
export function basketOfHold(hold: string): string {
  return hold.split(".", 1)[0] ?? hold;
}

/** A hold's life: it is live until exactly one of the other three happens. */
export const HOLD_STATES = ["live", "committed", "released", "expired"] as const;
export type HoldState = (typeof HOLD_STATES)[number];

/** Who takes holds: a shopper's cart, a cart that only the marketplace tells of, a program. */
export const HOLD_SOURCES = ["storefront", "webhook", "api"] as const;
export type HoldSource = (typeof HOLD_SOURCES)[number];

/** A cart's name begins like this: holds of carts are told from others by it. */
export const CART_PREFIX = "cart_";
