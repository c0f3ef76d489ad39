import type { SandboxAccount } from "../../sandbox/account.ts";
import type { ShelfListing } from "../../sandbox/market.ts";
import type { House } from "../../sandbox/shop-floor.ts";

/** The pair that the demo's connection starts with lasts as long as any demo: to the year 2100. */
const DEMO_ENDS = String(Date.UTC(2100, 0, 1));

/** The one shop of the Shopify sandbox. The "secrets" open nothing outside it. */
export const SHOPIFY_SANDBOX: SandboxAccount = {
  account: "demo-merchant.myshopify.com",
  settings: {
    shop: "demo-merchant.myshopify.com",
    locationId: "gid://shopify/Location/71234567890",
  },
  app: { clientId: "sandbox-demo-app", clientSecret: "sandbox-client-secret-of-the-demo-app" },
  secrets: {
    accessToken: "shpat_sandbox_demo_merchant",
    accessTokenExpiresAt: DEMO_ENDS,
    refreshToken: "shprt_sandbox_demo_merchant",
    refreshTokenExpiresAt: DEMO_ENDS,
    clientId: "sandbox-demo-app",
    clientSecret: "sandbox-client-secret-of-the-demo-app",
  },
};

/** Shopify takes cancelled units back onto the shelf, and lets an order be edited line by line. */
export const SHOPIFY_HOUSE: House = {
  orderId: (n) => String(n),
  lineId: (n) => String(n),
  restocksCancelled: true,
  takesShipmentsBack: true,
  partialCancel: true,
  placeId: (n) => `gid://shopify/Location/${n}`,
};

/** Where the shop keeps what a fulfilment service ships for it. */
export const SERVICE_LOCATION = "gid://shopify/Location/71234567999";

export const FIRST_ID = 44_000_000_000;
const ITEM_OFFSET = 500_000_000;

export const variantGid = (listing: ShelfListing) => `gid://shopify/ProductVariant/${listing.id}`;

export const itemGid = (listing: ShelfListing) =>
  `gid://shopify/InventoryItem/${listing.id + ITEM_OFFSET}`;

/** The listing a variant's or an inventory item's gid names. */
export function listingIdOf(gid: string): number {
  const [kind, id] = gid.split("/").slice(-2);
  return kind === "InventoryItem" ? Number(id) - ITEM_OFFSET : Number(id);
}
