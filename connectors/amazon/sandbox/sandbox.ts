import type { SandboxDefinition } from "../../sandbox/definition.ts";
import { uuid } from "../../sandbox/random.ts";
import { AMAZON_HOUSE, AMAZON_SANDBOX } from "./account.ts";
import { consentHandlers } from "./consent.ts";
import { documentHandlers } from "./documents.ts";
import { editEcho } from "./echoes.ts";
import { feedHandlers } from "./feeds.ts";
import { listingHandlers } from "./listings.ts";
import { orderChange } from "./notification.ts";
import { notificationHandlers } from "./notifications.ts";
import { orderHandlers } from "./orders.ts";
import { queueHandlers } from "./queue.ts";
import { reportHandlers } from "./reports.ts";
import { sellerHandlers } from "./seller.ts";
import { type AmazonState, emptyAmazon } from "./state.ts";
import { tokenHandlers } from "./tokens.ts";

/** An imitation of one Amazon seller, the Selling Partner API and the seller's SQS queue. */
export const amazonSandbox: SandboxDefinition<AmazonState> = {
  channel: "amazon",
  account: AMAZON_SANDBOX,
  house: AMAZON_HOUSE,
  realisticLag: { minMs: 60_000, maxMs: 300_000 },
  empty: emptyAmazon,
  handlers: (moment) => [
    ...consentHandlers(moment),
    ...tokenHandlers(moment),
    ...sellerHandlers(moment),
    ...listingHandlers(moment),
    ...feedHandlers(moment),
    ...documentHandlers(moment),
    ...reportHandlers(moment),
    ...orderHandlers(moment),
    ...notificationHandlers(moment),
    ...queueHandlers(moment),
  ],
  externalId: (listing) => listing.sku,
  editMessage: (state, { sku, displayed }, _before, now) => editEcho(state, sku, displayed, now),
  message: (state, order, news, now) => {
    const id = uuid(state.market);
    return { id, topic: "ORDER_CHANGE", body: orderChange(state, order, news, id, now) };
  },
};
