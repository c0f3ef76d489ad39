import { createHash } from "node:crypto";
import type { Market, ShelfListing } from "../../sandbox/market.ts";
import { listingId } from "../listing-id.ts";
import type { EbayState } from "./state.ts";

/** A SKU on the sandbox's shelf that begins with this is listed at eBay without any SKU. */
export const NO_SKU = "~";

const itemIds = new Map<string, string>();

/** eBay's id of a listing: the same for all variations of a product. */
export function itemIdOf({ product }: ShelfListing): string {
  const known = itemIds.get(product);
  if (known !== undefined) return known;
  const digest = createHash("sha256").update(product).digest();
  const id = String(110_000_000_000 + (digest.readUIntBE(0, 6) % 880_000_000_000));
  itemIds.set(product, id);
  return id;
}

/**
 * One product in five was listed in Seller Hub, so that both worlds are there; so was everything
 * without a SKU, which the Inventory model does not allow.
 */
export function isLegacy(listing: ShelfListing): boolean {
  return listing.sku.startsWith(NO_SKU) || Number(itemIdOf(listing)) % 5 === 4;
}

/** The SKU as eBay has it. */
export const skuOf = ({ sku }: ShelfListing) => (sku.startsWith(NO_SKU) ? "" : sku);

export const offerIdOf = ({ id }: ShelfListing) => String(8_000_000_000 + id);

export const variationIdOf = ({ id }: ShelfListing) => String(500_000_000_000 + id);

/** A product's listings are variations of one, told apart by their title. */
export function variationsOf(market: Market, listing: ShelfListing): ShelfListing[] {
  return Object.values(market.listings).filter((one) => one.product === listing.product);
}

/** Known by its product alone: a listing that nobody calls a variation has none. */
const isVariation = (listing: ShelfListing) => listing.product !== listing.sku;

export function hasVariations(market: Market, listing: ShelfListing): boolean {
  return isVariation(listing) || variationsOf(market, listing).length > 1;
}

export const aspectsOf = ({ title }: ShelfListing) => [{ name: "Style", value: title }];

/** The connector's id of it. */
export function externalIdOf(listing: ShelfListing): string {
  const aspects = isVariation(listing) ? aspectsOf(listing) : [];
  return listingId({ item: itemIdOf(listing), sku: skuOf(listing), aspects });
}

export function listingsOf(state: EbayState): ShelfListing[] {
  return Object.values(state.market.listings)
    .filter(({ sku }) => !state.ended.includes(sku))
    .sort((a, b) => a.id - b.id);
}

/** What buyers see. */
export const shown = (listing: ShelfListing) => Math.max(0, listing.displayed);

/** The live listing of this SKU, or null. */
export function listingOf({ market, ended }: EbayState, sku: string): ShelfListing | null {
  const found = Object.hasOwn(market.listings, sku) ? market.listings[sku] : undefined;
  return found && !ended.includes(sku) ? found : null;
}
