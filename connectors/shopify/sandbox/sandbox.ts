import type { OrderNews, SandboxDefinition } from "../../sandbox/definition.ts";
import type { MarketOrder } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { SHOPIFY_HOUSE, SHOPIFY_SANDBOX } from "./account.ts";
import { shopifyHandlers } from "./handlers.ts";
import { emptyShopify, type ShopifyState } from "./state.ts";
import {
  levelMessage,
  type OrderTopic,
  orderBody,
  returnMessage,
  shippedPart,
  webhookHeaders,
} from "./webhook.ts";

/** An imitation of one Shopify shop, its Admin API and its webhooks. */
export const shopifySandbox: SandboxDefinition<ShopifyState> = {
  channel: "shopify",
  account: SHOPIFY_SANDBOX,
  house: SHOPIFY_HOUSE,
  realisticLag: { minMs: 2_000, maxMs: 30_000 },
  empty: emptyShopify,
  handlers: shopifyHandlers,
  externalId: (listing) => String(listing.id),
  message: (state, order, news, now) => [
    { id: uuid(state.market), topic: topicOf(order, news), body: orderBody(state, order) },
    ...(news === "shipped" ? [] : changedLevels(state, order, now)),
  ],
  returnMessage,
  doorHeaders: webhookHeaders,
};

/** A sale changes its numbers, and so does its undoing: each is told of, too. */
function changedLevels(state: ShopifyState, order: MarketOrder, now: number) {
  const skus = [...new Set(order.lines.map((line) => line.sku))];
  return skus.flatMap((sku) => {
    const listing = state.market.listings[sku];
    return listing?.merchantFulfilled ? [levelMessage(state, listing, now)] : [];
  });
}

function topicOf(order: MarketOrder, news: OrderNews): OrderTopic {
  switch (news) {
    case "created":
      return "orders/create";
    case "changed":
      return "orders/updated";
    case "cancelled":
      // Only a whole order is "cancelled" at Shopify; a part of it is an edit.
      return order.cancelledAt === null ? "orders/updated" : "orders/cancelled";
    case "shipped":
      return shippedPart(order) === "all" ? "orders/fulfilled" : "orders/partially_fulfilled";
  }
}
