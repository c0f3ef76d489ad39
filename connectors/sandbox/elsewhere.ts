import { type Market, nextId, type OpenedPlace, type ShelfListing } from "./market.ts";
import type { House } from "./shop-floor.ts";

/*
 * Stock at several places. What buyers see is the sum; the record knows what is where. The first
 * place is the one that every marketplace has by itself, whatever its name: it is `null` here.
 */

/** Units recorded at a place; null = the listing is not stocked there. */
export function recordedAt(listing: ShelfListing, place: string | null): number | null {
  const others = listing.elsewhere ?? {};
  if (place !== null) return others[place] ?? null;
  return listing.recorded - Object.values(others).reduce((sum, units) => sum + units, 0);
}

/** Sets what is recorded at a place, and answers by how much all of it has changed. */
export function setRecorded(listing: ShelfListing, place: string | null, units: number): number {
  const difference = units - (recordedAt(listing, place) ?? 0);
  listing.recorded += difference;
  if (place !== null) listing.elsewhere = { ...listing.elsewhere, [place]: units };
  return difference;
}

/** A sale takes its units from where they are, and gives them back to where the most are. */
export function moveRecorded(listing: ShelfListing, units: number): void {
  const fullest = [null, ...Object.keys(listing.elsewhere ?? {})].reduce((best, place) =>
    (recordedAt(listing, place) ?? 0) > (recordedAt(listing, best) ?? 0) ? place : best,
  );
  setRecorded(listing, fullest, (recordedAt(listing, fullest) ?? 0) + units);
}

/** Opens a place. What the merchant ships is stocked there from now on, with nothing in it. */
export function openPlace(market: Market, { placeId }: House, name: string): OpenedPlace | null {
  if (!placeId) return null;
  const place = { id: placeId(nextId(market)), name };
  market.places = [...(market.places ?? []), place];
  for (const listing of Object.values(market.listings)) {
    if (listing.merchantFulfilled) setRecorded(listing, place.id, 0);
  }
  return place;
}

/** Whether a place was opened here. */
export const isOpened = (market: Market, id: string) =>
  (market.places ?? []).some((place) => place.id === id);
