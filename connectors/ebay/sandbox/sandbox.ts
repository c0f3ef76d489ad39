import type { SandboxDefinition } from "../../sandbox/definition.ts";
import { EBAY_HOUSE, EBAY_SANDBOX } from "./account.ts";
import { inventoryHandlers } from "./inventory.ts";
import { notificationHeaders, notificationsOf } from "./notification.ts";
import { orderHandlers } from "./orders.ts";
import { returnHandlers } from "./returns.ts";
import { externalIdOf } from "./shelf.ts";
import { type EbayState, emptyEbay } from "./state.ts";
import { subscriptionHandlers } from "./subscriptions.ts";
import { tokenHandlers } from "./tokens.ts";
import { tradingHandlers } from "./trading.ts";

/** An imitation of one eBay seller: the Sell APIs, Trading calls, and signed notifications. */
export const ebaySandbox: SandboxDefinition<EbayState> = {
  channel: "ebay",
  account: EBAY_SANDBOX,
  house: EBAY_HOUSE,
  realisticLag: { minMs: 5_000, maxMs: 60_000 },
  empty: emptyEbay,
  handlers: (moment) => [
    ...tokenHandlers(moment),
    ...inventoryHandlers(moment),
    ...tradingHandlers(moment),
    ...orderHandlers(moment),
    ...returnHandlers(moment),
    ...subscriptionHandlers(moment),
  ],
  newDay(state) {
    state.revisions = {};
  },
  externalId: externalIdOf,
  message: notificationsOf,
  doorHeaders: notificationHeaders,
};
