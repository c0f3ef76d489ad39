import { recordedAt } from "../../sandbox/elsewhere.ts";
import type { Market, ShelfListing } from "../../sandbox/market.ts";
import { itemGid, SERVICE_LOCATION, SHOPIFY_SANDBOX, variantGid } from "./account.ts";
import { type PageArgs, page } from "./page.ts";

const OURS = SHOPIFY_SANDBOX.settings.locationId ?? "";

const COMMON = { isActive: true, fulfillsOnlineOrders: true };

export const MAIN = {
  ...{ id: OURS, name: "Shop location", isPrimary: true, isFulfillmentService: false },
  ...COMMON,
};

const SERVICE = {
  ...{ id: SERVICE_LOCATION, name: "Parcel service", isPrimary: false, isFulfillmentService: true },
  ...COMMON,
};

/** The shop's own locations, and a fulfilment service's: what Shopify answers of each. */
export function locationsOf({ places = [] }: Market) {
  const opened = places.map((place) => ({ ...MAIN, ...place, isPrimary: false }));
  return [MAIN, SERVICE, ...opened];
}

/** What the sandbox's record calls a location: its first one has no name there. */
export const placeOf = (location: string) => (location === OURS ? null : location);

export function variant(market: Market, listing: ShelfListing) {
  return {
    __typename: "ProductVariant",
    id: variantGid(listing),
    legacyResourceId: String(listing.id),
    sku: listing.sku,
    barcode: listing.barcode,
    displayName: listing.title,
    inventoryPolicy: "DENY",
    requiresComponents: false,
    sellableOnlineQuantity: Math.max(0, listing.displayed),
    inventoryItem: inventoryItem(market, listing),
  };
}

/** What the shop does not ship itself is at the fulfilment service's location alone. */
export function inventoryItem(market: Market, listing: ShelfListing) {
  const levels = locationsOf(market).flatMap((location, at) => {
    const units = unitsAt(listing, location);
    if (units === null) return [];
    return {
      id: `gid://shopify/InventoryLevel/${listing.id}${at === 0 ? "" : at}`,
      isActive: true,
      location,
      quantities: ({ names }: { names: string[] }) =>
        names.map((name) => ({ name, quantity: name === "available" ? units : 0 })),
    };
  });
  return {
    __typename: "InventoryItem",
    id: itemGid(listing),
    tracked: true,
    inventoryLevel: (args: { locationId: string }) =>
      levels.find(({ location }) => location.id === args.locationId) ?? null,
    inventoryLevels: (args: PageArgs) => page(levels, args),
  };
}

/** Null = it is not stocked there. */
function unitsAt(listing: ShelfListing, location: typeof MAIN | typeof SERVICE): number | null {
  if (location.isFulfillmentService === listing.merchantFulfilled) return null;
  return location.isFulfillmentService
    ? listing.recorded
    : recordedAt(listing, placeOf(location.id));
}
