import { rowFault } from "../../sandbox/faults.ts";
import { land, type ShelfListing } from "../../sandbox/market.ts";
import { revisionDay } from "../revision-day.ts";
import { isLegacy, itemIdOf, variationsOf } from "./shelf.ts";
import type { EbayMoment } from "./state.ts";

const REVISIONS_MAX = 250;

/** Counts a revision of this listing; false = the day's are used up, by whatever means. */
export function countRevision({ state, now }: EbayMoment, listing: ShelfListing): boolean {
  const id = itemIdOf(listing);
  const day = revisionDay(now);
  const known = state.revisions[id];
  const count = known?.day === day ? known.count : 0;
  if (count >= REVISIONS_MAX) return false;
  state.revisions[id] = { day, count: count + 1 };
  return true;
}

export const REVISED_TOO_OFTEN = `You have reached the limit of ${REVISIONS_MAX} revisions for this listing today.`;

/** What a listing shows is overwritten, with whatever was sold since the number was made. */
export function show(moment: EbayMoment, listing: ShelfListing, quantity: number): void {
  const { state, lag, now } = moment;
  if (rowFault(state.market.faults, listing.sku) === "ignore") return;
  listing.recorded = quantity;
  land(state.market, { sku: listing.sku, kind: "set", quantity }, quantity, lag, now);
  if (!isLegacy(listing) || state.outOfStockControl) return;
  // Nothing of it is left, so the listing ends; a push does not bring it back.
  const all = variationsOf(state.market, listing);
  if (all.every((one) => one.recorded <= 0)) state.ended.push(...all.map((one) => one.sku));
}
