import type { SandboxAccount } from "../../sandbox/account.ts";
import type { House } from "../../sandbox/shop-floor.ts";

/** When the sandbox merchant agreed, and until when that holds: eBay's 18 months, as it were. */
const REFRESH_ENDS = Date.UTC(2099, 0, 1);

const APP = {
  clientId: "Ballast-Sandbox-SBX-000000000",
  clientSecret: "SBX-sandbox-cert-id",
  ruName: "Ballast-Ballast-Sandbo-sandbox",
  verificationToken: "sandbox-verification-token-of-at-least-32-letters",
  alertEmail: "alerts@sandbox.example",
};

/**
 * Where the sandbox's RuName leads after consent, on the product's own address. The real one is
 * kept in eBay's developer portal, which the sandbox does not have.
 */
export const ACCEPT_PATH = "/connect/ebay/callback";

/** The one seller of the eBay sandbox. The "secrets" open nothing outside it. */
export const EBAY_SANDBOX: SandboxAccount = {
  account: "sandboxSellerId01",
  settings: {
    userId: "sandboxSellerId01",
    username: "ballast-demo-merchant",
    marketplaceId: "EBAY_US",
  },
  app: APP,
  secrets: {
    ...APP,
    refreshToken: "v^1.1#i^1#r^1#sandbox-demo-merchant",
    refreshTokenExpiresAt: String(REFRESH_ENDS),
  },
};

/**
 * eBay cancels whole orders only; and whether a cancelled unit goes back on sale is the seller's
 * choice at that moment, so here only a push puts it back.
 */
export const EBAY_HOUSE: House = {
  orderId: (n) => {
    const digits = String(n).padStart(10, "0");
    return `27-${digits.slice(0, 5)}-${digits.slice(5)}`;
  },
  lineId: (n) => String(10_000_000_000_000 + n),
  restocksCancelled: false,
  partialCancel: false,
};
