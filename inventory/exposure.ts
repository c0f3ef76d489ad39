import { allocatedElsewhere, availableToSell, type Stock } from "./stock.ts";

/** What one listing may still sell, as far as anyone knows. Row B9. */
export interface ListingRight {
  channel?: string;
  /** What a buyer was last seen to be able to buy; null = never read. */
  shown: number | null;
  /** What the marketplace last took from us; null = never pushed. */
  accepted: number | null;
  unitsPerSale: number;
  /** False for what the marketplace ships from its own warehouse: it sells nothing of ours. */
  merchantFulfilled: boolean;
}

/**
 * Units an item would be short of if every listing sold all it may still show: the worst case
 * right now, 0 when there is none. A listing counts with the larger of what was read back and what
 * it accepted, because an accepted push is not proof that shoppers see it. Carved-out units count
 * as available, for the channel that owns them shows them; so do units that a channel's own carts
 * hold. What a push that overwrites gives back
 * is not in these numbers.
 */
export function exposure(stock: Stock, listings: readonly ListingRight[]): number {
  const rights = listings.reduce((sum, listing) => sum + rightOf(listing), 0);
  const channels = new Set(listings.map(({ channel }) => channel));
  const inOwnCarts = Object.entries(stock.heldFor ?? {}).reduce(
    (sum, [channel, units]) => (channels.has(channel) ? sum + units : sum),
    0,
  );
  const available = availableToSell(stock) + allocatedElsewhere(stock) + inOwnCarts;
  return Math.max(0, rights - available);
}

function rightOf({ shown, accepted, unitsPerSale, merchantFulfilled }: ListingRight): number {
  if (!merchantFulfilled) return 0;
  return Math.max(shown ?? 0, accepted ?? 0) * unitsPerSale;
}
