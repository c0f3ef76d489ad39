import type { HoldShare } from "./hold.ts";

/** A shop's rules for carts that hold stock. Row C1. */
export interface HoldTerms {
  /** A hold ends after so long unless the shopper is there. */
  ttlMinutes: number;
  /** And after so long however active the shopper is. */
  longestMinutes: number;
  /** Also hold for carts that only Shopify's messages tell of: shops without the theme extension. */
  webhookCarts: boolean;
  /** Those say neither when a shopper has gone nor that he is there: they end sooner. */
  webhookMinutes: number;
  /** Units of one line, and of all lines, that a cart may hold. */
  unitsPerLine: number;
  unitsPerCart: number;
  /** Carts that may hold at once from one network address. */
  cartsPerAddress: number;
  share: HoldShare;
}

export const DEFAULT_HOLD_TERMS: HoldTerms = {
  ttlMinutes: 15,
  longestMinutes: 60,
  webhookCarts: false,
  webhookMinutes: 10,
  unitsPerLine: 10,
  unitsPerCart: 50,
  cartsPerAddress: 20,
  share: { percent: 60, below: 20 },
};

/** What each number may be. */
export const HOLD_BOUNDS = {
  ttlMinutes: { min: 1, max: 60 },
  longestMinutes: { min: 1, max: 24 * 60 },
  webhookMinutes: { min: 1, max: 60 },
  unitsPerLine: { min: 1, max: 10_000 },
  unitsPerCart: { min: 1, max: 100_000 },
  cartsPerAddress: { min: 1, max: 10_000 },
  sharePercent: { min: 1, max: 100 },
  shareBelow: { min: 0, max: 100_000 },
} as const;

export type CartLimit =
  | { limit: "units-per-line"; most: number; lines: { item: string; requested: number }[] }
  | { limit: "units-per-cart"; most: number; requested: number };

/** What a cart asks for beyond what one cart may hold; null when it asks for nothing too much. */
export function cartLimit(
  lines: readonly { item: string; quantity: number }[],
  { unitsPerLine, unitsPerCart }: Pick<HoldTerms, "unitsPerLine" | "unitsPerCart">,
): CartLimit | null {
  const long = lines.filter((line) => line.quantity > unitsPerLine);
  if (long.length > 0) {
    const told = long.map(({ item, quantity: requested }) => ({ item, requested }));
    return { limit: "units-per-line", most: unitsPerLine, lines: told };
  }
  const requested = lines.reduce((sum, line) => sum + line.quantity, 0);
  if (requested <= unitsPerCart) return null;
  return { limit: "units-per-cart", most: unitsPerCart, requested };
}
