import type { SandboxAccount } from "../../sandbox/account.ts";
import type { House } from "../../sandbox/shop-floor.ts";

/** The seller's only ship node. */
export const SHIP_NODE = "721407632";

/** Where Walmart keeps what it ships itself. */
export const WFS_NODE = "721407999";

const APP = {
  clientId: "walmart-sandbox-app",
  clientSecret: "walmart-sandbox-secret",
  channelType: "walmart-sandbox-channel",
};

/** The one seller of the Walmart sandbox. The "secrets" open nothing outside it. */
export const WALMART_SANDBOX: SandboxAccount = {
  account: "10001234567",
  settings: { sellerId: "10001234567" },
  app: APP,
  secrets: { ...APP, refreshToken: "walmart-sandbox-refresh-token" },
};

/** Ids of purchase orders have 13 digits, those of customers' orders too. */
export const WALMART_HOUSE: House = {
  orderId: (n) => `2796${String(n).padStart(9, "0")}`,
  lineId: (n) => String(n),
  restocksCancelled: true,
  partialCancel: true,
  countsOpenUnits: true,
  placeId: (n) => `7214${String(n).padStart(5, "0")}`,
};
