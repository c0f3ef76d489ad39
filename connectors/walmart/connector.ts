import type { Connector } from "../connector.ts";
import { fileResult, submitFile } from "./bulk.ts";
import { createClient } from "./client.ts";
import { walmartConsent } from "./consent.ts";
import { health } from "./health.ts";
import { WALMART_LIMITS } from "./limits.ts";
import { listings, readBack } from "./listings.ts";
import { listNodes } from "./nodes.ts";
import { ordersNow, ordersSince } from "./orders.ts";
import { pushQuantities } from "./push.ts";
import { returnsSince } from "./returns.ts";
import { createShelf } from "./shelf.ts";
import { subscribe, unsubscribe } from "./subscriptions.ts";
import { hintOf, translateMessage } from "./translate.ts";
import { verifyEvent } from "./verify.ts";

/**
 * Walmart's US marketplace, through its Marketplace API v3 and event subscriptions.
 *
 * Account: settings `sellerId`, and `shipNode` where the merchant's stock is not at Walmart's
 * default node for him (see `placeChoice`, too); secrets `clientId`, `clientSecret` and `channelType` (the app's),
 * `refreshToken` and `refreshTokenExpiresAt` (ms), and while they last `accessToken` and
 * `accessTokenExpiresAt` (ms).
 */
export const walmart: Connector = {
  channel: "walmart",
  title: "Walmart",
  limits: WALMART_LIMITS,
  abilities: {
    ...{ compareAndSet: false, inbound: "door", countsOpenUnits: true },
    places: { one: "ship node", many: "ship nodes" },
  },
  consent: walmartConsent,
  verify: verifyEvent,
  translate: translateMessage,
  hint: hintOf,
  connect(account, world) {
    const client = createClient(account, world);
    const shelf = createShelf(client, account);
    return {
      listings: (cursor) => listings(client, shelf, cursor),
      push: (batch) => pushQuantities(client, account, batch),
      bulk: {
        submit: (lines) => submitFile(client, account, lines),
        result: (file, lines) => fileResult(client, file, lines),
      },
      readBack: (lines) => readBack(client, account, lines),
      places: () => listNodes(client, account),
      ordersSince: (since, cursor) => ordersSince(client, since, cursor),
      orders: (ids) => ordersNow(client, ids),
      returnsSince: (since, cursor) => returnsSince(client, since, cursor),
      health: () => health(client, account),
      subscribe: (doorUrl) => subscribe(client, account, doorUrl),
      unsubscribe: (doorUrl) => unsubscribe(client, doorUrl),
    };
  },
};
