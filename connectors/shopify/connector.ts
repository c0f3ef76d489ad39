import { z } from "zod";
import type { Connector } from "../connector.ts";
import { createClient } from "./client.ts";
import { shopifyConsent } from "./consent.ts";
import { WHOAMI } from "./documents.ts";
import { hintOf } from "./hint.ts";
import { SHOPIFY_LIMITS } from "./limits.ts";
import { listings, readBack } from "./listings.ts";
import { listLocations, locationsOf } from "./locations.ts";
import { ordersById, ordersSince } from "./orders.ts";
import { pushQuantities } from "./push.ts";
import { subscribe, unsubscribe } from "./subscriptions.ts";
import { translateMessage } from "./translate.ts";
import { topicsOf, verifyWebhook } from "./verify.ts";

const shopSchema = z.object({ shop: z.object({ id: z.string() }) });

/**
 * Shopify, through the Admin GraphQL API 2026-10.
 *
 * Account: settings `shop` (x.myshopify.com), `locationId` (the gid of the location whose stock is
 * set unless the merchant chose another, see `placeChoice`) and, where there are several,
 * `locationIds`. Secrets `accessToken`, with
 * `accessTokenExpiresAt` and `refreshToken` unless it has no end; the app's `clientId` and
 * `clientSecret` (which signs webhooks), and for an hour after a rotation `previousClientSecret`.
 */
export const shopify: Connector = {
  channel: "shopify",
  title: "Shopify",
  limits: SHOPIFY_LIMITS,
  abilities: {
    compareAndSet: true,
    inbound: "door",
    places: { one: "location", many: "locations" },
  },
  consent: shopifyConsent,
  verify: verifyWebhook,
  translate: translateMessage,
  hint: hintOf,
  connect(account, world) {
    const client = createClient(account, world);
    const { told, emptied } = locationsOf(account);
    return {
      listings: (cursor) => listings(client, told, cursor),
      push: (batch) => pushQuantities(client, { told, emptied }, batch),
      readBack: (lines) => readBack(client, told, lines),
      places: () => listLocations(client, account),
      // Returns change their order, so a sweep of orders finds them: there is no other one.
      ordersSince: (since, cursor) => ordersSince(client, since, cursor),
      orders: (ids) => ordersById(client, ids),
      async health() {
        const answer = await client.query(shopSchema, WHOAMI, {});
        if (answer.outcome !== "answered") return answer;
        const token = await client.token();
        if (token.outcome !== "token") return token;
        return { outcome: "healthy", reconnectBy: token.reconnectBy ?? null };
      },
      subscribe: (doorUrl) => subscribe(client, doorUrl, topicsOf(account)),
      unsubscribe: (doorUrl) => unsubscribe(client, doorUrl),
    };
  },
};
