import type { Connector } from "../connector.ts";
import { feedResult, submitFeed } from "./bulk.ts";
import { createCatalogue } from "./catalogue.ts";
import { createClient } from "./client.ts";
import { amazonConsent } from "./consent.ts";
import { health } from "./health.ts";
import { AMAZON_LIMITS } from "./limits.ts";
import { ordersSince } from "./orders.ts";
import { pushQuantities } from "./push.ts";
import { notificationQueue } from "./queue.ts";
import { createReader } from "./read-back.ts";
import { RETURN_TOPIC, translateReturn } from "./return.ts";
import { returnsSince } from "./returns.ts";
import { subscribe, unsubscribe } from "./subscribe.ts";
import { translateOrder } from "./translate.ts";

/**
 * Amazon, through the Selling Partner API: Listings Items 2021-08-01, Orders 2026-01-01, feeds and
 * reports 2021-06-30, and notifications from an SQS queue.
 *
 * Account: settings `sellerId`, `region` (na, eu, fe), `marketplaceIds` (comma-separated, the home
 * one first), `authorizedUntil` (ms) and, where it is not the app's one, `queueUrl`; secrets
 * `refreshToken`, and while they last `accessToken` and `accessTokenExpiresAt` (ms); the app's keys
 * `clientId`, `clientSecret`, `awsAccessKeyId`, `awsSecretAccessKey` and `queueUrl` among them.
 */
export const amazon: Connector = {
  channel: "amazon",
  title: "Amazon",
  limits: AMAZON_LIMITS,
  abilities: { compareAndSet: false, inbound: "queue" },
  consent: amazonConsent,
  // Nothing that comes to the door is Amazon's: it would not be signed.
  verify: () => ({ outcome: "forged", why: "Amazon's messages come from its queue" }),
  translate: (message) =>
    message.topic === RETURN_TOPIC ? translateReturn(message) : translateOrder(message),
  connect(account, world) {
    const client = createClient(account, world);
    const queue = notificationQueue(account, world);
    const catalogue = createCatalogue(client, account, world);
    return {
      listings: (cursor) => catalogue.page(cursor),
      push: (batch) => pushQuantities(client, account, batch),
      bulk: {
        submit: (lines) => submitFeed(client, account, world, lines),
        result: (file, lines) => feedResult(client, world, file, lines),
      },
      readBack: createReader(client, account),
      // One number for each seller and region, wherever he ships from.
      places: async () => ({ outcome: "none" }),
      ordersSince: (since, cursor) => ordersSince(client, account, since, cursor),
      returnsSince: (since) => returnsSince(client, account, world, since),
      health: () => health(client, account),
      queue: queue.name,
      receive: (waitMs, signal) => queue.receive(waitMs, signal),
      subscribe: () => subscribe(client, account),
      unsubscribe: () => unsubscribe(client),
    };
  },
};
