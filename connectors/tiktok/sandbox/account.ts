import type { SandboxAccount } from "../../sandbox/account.ts";
import type { ShelfListing } from "../../sandbox/market.ts";
import type { House } from "../../sandbox/shop-floor.ts";
import type { SandboxShop } from "./state.ts";

export const TIKTOK_APP = {
  serviceId: "7300000000000000001",
  appKey: "sandboxappkey",
  appSecret: "sandbox-secret-of-the-demo-app",
};

export const DEMO_SHOP: SandboxShop = {
  id: "7495540735365777507",
  cipher: "ROW_sandbox-cipher-demo",
  name: "Demo shop",
  region: "GB",
};

export const SELLER_ID = "7498123456789012345";
export const OPEN_ID = "sandbox-open-id-of-the-demo-seller";

/** The pair that the demo's connection starts with lasts as long as any demo: to the year 2100. */
export const FIRST_PAIR = {
  accessToken: "ROW_sandbox-access",
  refreshToken: "ROW_sandbox-refresh",
  endsAt: Date.UTC(2100, 0, 1),
};

/** The one seller of the TikTok Shop sandbox. The "secrets" open nothing outside it. */
export const TIKTOK_SANDBOX: SandboxAccount = {
  account: DEMO_SHOP.id,
  settings: {
    shopId: DEMO_SHOP.id,
    cipher: DEMO_SHOP.cipher,
    region: DEMO_SHOP.region,
    grant: OPEN_ID,
  },
  app: TIKTOK_APP,
  secrets: {
    ...TIKTOK_APP,
    accessToken: FIRST_PAIR.accessToken,
    accessTokenExpiresAt: String(FIRST_PAIR.endsAt),
    refreshToken: FIRST_PAIR.refreshToken,
    refreshTokenExpiresAt: String(FIRST_PAIR.endsAt),
  },
};

/** TikTok takes cancelled units back by itself, and cancels single units of an order. */
export const TIKTOK_HOUSE: House = {
  orderId: (n) => `5766${String(n).padStart(15, "0")}`,
  // Three more digits name the unit: a line is one unit there.
  lineId: (n) => `5767${String(n).padStart(12, "0")}`,
  restocksCancelled: true,
  partialCancel: true,
  placeId: (n) => `7054${String(n).padStart(15, "0")}`,
};

export const OWN_WAREHOUSE = "7054915283043174149";
export const RETURN_WAREHOUSE = "7054915283043174150";
export const FBT_WAREHOUSE = "7054915283043174151";

export const skuId = (listing: ShelfListing) => `1729${String(listing.id).padStart(15, "0")}`;

/** A product is named after the first of its listings. */
export const productId = (first: ShelfListing) => `1731${String(first.id).padStart(15, "0")}`;

/** A listing's warehouses, and the units that buyers see of each. */
export function warehousesOf(listing: ShelfListing): { id: string; units: number }[] {
  const shown = Math.max(0, listing.displayed);
  if (!listing.merchantFulfilled) return [{ id: FBT_WAREHOUSE, units: shown }];
  const others = Object.entries(listing.elsewhere ?? {}).map(([id, units]) => ({ id, units }));
  const elsewhere = others.reduce((sum, { units }) => sum + units, 0);
  return [{ id: OWN_WAREHOUSE, units: Math.max(0, shown - elsewhere) }, ...others];
}

/** What the sandbox's record calls a warehouse: its first one has no name there. */
export const placeOf = (warehouse: string | undefined) =>
  warehouse === undefined || warehouse === OWN_WAREHOUSE ? null : warehouse;
