import type { Connector } from "../connector.ts";
import { createClient } from "./client.ts";
import { amazonConsent } from "./consent.ts";
import { AMAZON_LIMITS } from "./limits.ts";
import { listings, readBack } from "./listings.ts";
import { ordersSince } from "./orders.ts";
import { pushQuantities } from "./push.ts";
import { notificationQueue } from "./queue.ts";
import { translateOrder } from "./translate.ts";

/**
 * Amazon, through the Selling Partner API: Listings Items 2021-08-01, Orders 2026-01-01, and
 * ORDER_CHANGE notifications from the seller's SQS queue.
 *
 * Account: settings `sellerId`, `region` (na, eu, fe), `marketplaceIds` (comma-separated) and
 * `queueUrl`; secrets `clientId`, `clientSecret`, `refreshToken`, `awsAccessKeyId`,
 * `awsSecretAccessKey`, and while they last `accessToken` and `accessTokenExpiresAt` (ms).
 */
export const amazon: Connector = {
  channel: "amazon",
  title: "Amazon",
  limits: AMAZON_LIMITS,
  abilities: { compareAndSet: false, inbound: "queue" },
  consent: amazonConsent,
  // Nothing that comes to the door is Amazon's: it would not be signed.
  verify: () => ({ outcome: "forged", why: "Amazon's messages come from its queue" }),
  translate: translateOrder,
  connect(account, world) {
    const client = createClient(account, world);
    const queue = notificationQueue(account, world);
    return {
      listings: (cursor) => listings(client, account, cursor),
      push: (batch) => pushQuantities(client, account, batch),
      readBack: (lines) => readBack(client, account, lines),
      ordersSince: (since, cursor) => ordersSince(client, account, since, cursor),
      async health() {
        const page = await listings(client, account, null);
        return page.outcome === "page" || page.outcome === "preparing"
          ? { outcome: "healthy", reconnectBy: null }
          : page;
      },
      receive: (waitMs, signal) => queue.receive(waitMs, signal),
    };
  },
};
