import type { SandboxDefinition } from "../../sandbox/definition.ts";
import { uuid } from "../../sandbox/random.ts";
import { AMAZON_HOUSE, AMAZON_SANDBOX } from "./account.ts";
import { listingHandlers } from "./listings.ts";
import { orderChange } from "./notification.ts";
import { orderHandlers } from "./orders.ts";
import { queueHandlers } from "./queue.ts";
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
    ...tokenHandlers(moment),
    ...listingHandlers(moment),
    ...orderHandlers(moment),
    ...queueHandlers(moment),
  ],
  externalId: (listing) => listing.sku,
  message: (state, order, _news, now) => {
    const id = uuid(state.market);
    return { id, topic: "ORDER_CHANGE", body: orderChange(state, order, id, now) };
  },
};
