import { z } from "zod";
import type { Connector } from "../connector.ts";
import { createClient } from "./client.ts";
import { ebayConsent } from "./consent.ts";
import { EBAY_LIMITS } from "./limits.ts";
import { listings } from "./listings.ts";
import { answerChallenge, verifyForApp, verifyNotification } from "./notification.ts";
import { ordersById, ordersSince } from "./orders.ts";
import { pushQuantities } from "./push.ts";
import { readBack } from "./read-back.ts";
import { returnsSince } from "./returns.ts";
import { subscribe, unsubscribe } from "./subscribe.ts";
import { hint, translate } from "./translate.ts";

const countSchema = z.object({ total: z.number() });

/**
 * eBay, in both of its worlds: listings of the Inventory model through the Sell APIs, and those of
 * Seller Hub through Trading calls. Orders by the Fulfillment API; its notifications only point at
 * them; nothing is told of cancellations and returns, which the sweeps find.
 *
 * Account: settings `userId`, `username`, `marketplaceId` (EBAY_US ...), and `rowsPerCall` where a
 * bulk call shall carry fewer than 25; secrets `clientId`, `clientSecret`, `verificationToken` (the
 * app's), `refreshToken`, `refreshTokenExpiresAt` (ms), and while they last `accessToken` and
 * `accessTokenExpiresAt` (ms).
 */
export const ebay: Connector = {
  channel: "ebay",
  title: "eBay",
  limits: EBAY_LIMITS,
  abilities: { compareAndSet: false, inbound: "door" },
  consent: ebayConsent,
  verify: verifyNotification,
  greet: answerChallenge,
  app: {
    verify: verifyForApp,
    greet: (query, keys, doorUrl) =>
      answerChallenge(query, { connection: "", settings: {}, secrets: { ...keys } }, doorUrl),
  },
  translate,
  hint,
  connect(account, world) {
    const client = createClient(account, world);
    return {
      listings: (cursor) => listings(client, cursor),
      push: (batch) => pushQuantities(client, account, batch),
      readBack: (lines) => readBack(client, lines),
      // A listing names the place it ships from, and has one number all the same.
      places: async () => ({ outcome: "none" }),
      ordersSince: (since, cursor) => ordersSince(client, since, cursor),
      orders: (ids) => ordersById(client, ids),
      returnsSince: (since, cursor) => returnsSince(client, since, cursor),
      async health() {
        const answer = await client.rest({ kind: "read", schema: countSchema }, (api) =>
          api.sell.inventory.getInventoryItems({ limit: 1, offset: 0 }),
        );
        if (answer.outcome !== "answered") return answer;
        const end = Number(account.secrets.refreshTokenExpiresAt ?? Number.NaN);
        return { outcome: "healthy", reconnectBy: Number.isNaN(end) ? null : end };
      },
      subscribe: (doorUrl) => subscribe(client, account, doorUrl),
      unsubscribe: (doorUrl) => unsubscribe(client, doorUrl),
    };
  },
};
