import type { ShelfListing } from "../../sandbox/market.ts";
import { SHIP_NODE } from "./account.ts";
import type { WalmartState } from "./state.ts";

const each = (amount: number) => ({ unit: "EACH", amount });

/**
 * The three numbers of one SKU at the seller's node. What is displayed follows what was set after
 * a while, so the number that was set is told as far as it has arrived.
 */
export function nodesOf(state: WalmartState, listing: ShelfListing) {
  const reserved = reservedOf(state, listing.sku);
  return [
    {
      shipNode: SHIP_NODE,
      inputQty: each(Math.max(0, listing.displayed + reserved)),
      availToSellQty: each(Math.max(0, listing.displayed)),
      reservedQty: each(reserved),
    },
  ];
}

/**
 * Units sold and neither shipped nor cancelled: what was set and has arrived, less what buyers see.
 */
export function reservedOf({ market }: WalmartState, sku: string): number {
  const listing = market.listings[sku];
  if (!listing) return 0;
  const underWay = market.landings
    .filter((landing) => landing.sku === sku)
    .reduce((sum, landing) => sum + landing.quantity, 0);
  return listing.recorded - underWay - listing.displayed;
}

/** In the order in which they were made: keys that look like numbers come first by themselves. */
export const listingsOf = ({ market }: WalmartState, merchantFulfilled: boolean) =>
  Object.values(market.listings)
    .filter((listing) => listing.merchantFulfilled === merchantFulfilled)
    .sort((a, b) => a.id - b.id);
