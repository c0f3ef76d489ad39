import type { ShelfListing } from "../../sandbox/market.ts";
import { itemGid, SERVICE_LOCATION, SHOPIFY_SANDBOX, variantGid } from "./account.ts";
import { type PageArgs, page } from "./page.ts";

const OURS = SHOPIFY_SANDBOX.settings.locationId ?? "";

/** The shop's own location, and a fulfilment service's: what Shopify answers of each. */
export const LOCATIONS = [
  { id: OURS, isPrimary: true, fulfillsOnlineOrders: true, isFulfillmentService: false },
  {
    id: SERVICE_LOCATION,
    isPrimary: false,
    fulfillsOnlineOrders: true,
    isFulfillmentService: true,
  },
].map((location) => ({ ...location, isActive: true }));

export function variant(listing: ShelfListing) {
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
    inventoryItem: inventoryItem(listing),
  };
}

/** What the shop does not ship itself is at the fulfilment service's location alone. */
export function inventoryItem(listing: ShelfListing) {
  const at = LOCATIONS.find((one) => one.isFulfillmentService !== listing.merchantFulfilled);
  const level = {
    id: `gid://shopify/InventoryLevel/${listing.id}`,
    isActive: true,
    location: at,
    quantities: ({ names }: { names: string[] }) =>
      names.map((name) => ({ name, quantity: name === "available" ? listing.recorded : 0 })),
  };
  return {
    __typename: "InventoryItem",
    id: itemGid(listing),
    tracked: true,
    inventoryLevel: (args: { locationId: string }) => (args.locationId === at?.id ? level : null),
    inventoryLevels: (args: PageArgs) => page([level], args),
  };
}
