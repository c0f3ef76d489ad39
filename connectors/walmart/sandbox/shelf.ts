import type { ShelfListing } from "../../sandbox/market.ts";
import { SHIP_NODE } from "./account.ts";
import type { WalmartState } from "./state.ts";

const each = (amount: number) => ({ unit: "EACH", amount });

/**
 * The three numbers of one SKU at each of the seller's nodes. What is displayed follows what was set
 * after a while, so the number that was set is told as far as it has arrived. What is sold and not
 * yet shipped is reserved at the node that has the most.
 */
export function nodesOf(state: WalmartState, listing: ShelfListing) {
  const reserved = reservedOf(state, listing.sku);
  const arrived = listing.displayed + reserved;
  const others = Object.entries(listing.elsewhere ?? {});
  const first = arrived - others.reduce((sum, [, units]) => sum + units, 0);
  const nodes: [node: string, units: number][] = [[SHIP_NODE, first], ...others];
  const [fullest] = nodes.reduce((best, node) => (node[1] > best[1] ? node : best));
  return nodes.map(([shipNode, units]) => {
    const kept = shipNode === fullest ? reserved : 0;
    return {
      shipNode,
      inputQty: each(Math.max(0, units)),
      availToSellQty: each(Math.max(0, units - kept)),
      reservedQty: each(kept),
    };
  });
}

/** What the sandbox's record calls a node: its first one has no name there. */
export const placeOf = (node: string) => (node === SHIP_NODE ? null : node);

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
