import type { Connector } from "../connector.ts";
import { createClient } from "./client.ts";
import { shopifyConsent } from "./consent.ts";
import { SHOPIFY_LIMITS } from "./limits.ts";
import { listings, readBack } from "./listings.ts";
import { ordersSince } from "./orders.ts";
import { pushQuantities } from "./push.ts";
import { translateOrder } from "./translate.ts";
import { verifyWebhook } from "./verify.ts";

/**
 * Shopify, through the Admin GraphQL API 2026-10.
 *
 * Account: settings `shop` (x.myshopify.com) and `locationId` (the gid of the location whose
 * stock is set); secrets `accessToken` and `clientSecret` (which signs webhooks), and for an hour
 * after a rotation `previousClientSecret`.
 */
export const shopify: Connector = {
  channel: "shopify",
  title: "Shopify",
  limits: SHOPIFY_LIMITS,
  abilities: { compareAndSet: true, inbound: "door" },
  consent: shopifyConsent,
  verify: verifyWebhook,
  translate: translateOrder,
  connect(account, world) {
    const client = createClient(account, world);
    const { locationId = "" } = account.settings;
    return {
      listings: (cursor) => listings(client, locationId, cursor),
      push: (batch) => pushQuantities(client, locationId, batch),
      readBack: (lines) => readBack(client, locationId, lines),
      ordersSince: (since, cursor) => ordersSince(client, since, cursor),
      async health() {
        const page = await listings(client, locationId, null);
        return page.outcome === "page" || page.outcome === "preparing"
          ? { outcome: "healthy", reconnectBy: null }
          : page;
      },
    };
  },
};
