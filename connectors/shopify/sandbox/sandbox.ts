import type { SandboxDefinition } from "../../sandbox/definition.ts";
import { SHOPIFY_HOUSE, SHOPIFY_SANDBOX } from "./account.ts";
import { shopifyHandlers } from "./handlers.ts";
import { emptyShopify, type ShopifyState } from "./state.ts";
import { levelMessage, orderMessages, returnMessage, webhookHeaders } from "./webhook.ts";

/** Whoever edits a number by hand does it where the shop's stock is. */
const OURS = SHOPIFY_SANDBOX.settings.locationId ?? "";

/** An imitation of one Shopify shop, its Admin API and its webhooks. */
export const shopifySandbox: SandboxDefinition<ShopifyState> = {
  channel: "shopify",
  account: SHOPIFY_SANDBOX,
  house: SHOPIFY_HOUSE,
  realisticLag: { minMs: 2_000, maxMs: 30_000 },
  empty: emptyShopify,
  handlers: shopifyHandlers,
  externalId: (listing) => String(listing.id),
  message: orderMessages,
  returnMessage,
  editMessage: (state, listing, _before, now) => levelMessage(state, listing, OURS, now),
  doorHeaders: webhookHeaders,
};
