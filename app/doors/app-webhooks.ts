import express, { type Router } from "express";
import { signedWithOneOf } from "../../connectors/shopify/signature.ts";
import { exhaustive } from "../../inventory/assert.ts";
import { listConnections, shutOut } from "../../prisma/connections.ts";
import { forgetShopifyPeople } from "../../prisma/shopify-people.ts";
import { findShopByDomain } from "../../prisma/shops.ts";
import { handler } from "../api/http.ts";
import type { Services } from "../services.ts";

const BODY_LIMIT = "1mb";

/** What Shopify tells the app itself, as shopify.app.toml subscribes to it. */
export const APP_TOPICS = [
  "app/uninstalled",
  "customers/data_request",
  "customers/redact",
  "shop/redact",
] as const;
type Topic = (typeof APP_TOPICS)[number];

/**
 * POST /webhooks/app: uninstalling, and the three topics of privacy law, which every app must
 * answer. https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
 *
 * The signature is checked here and not by Shopify's library, which fails for a shop that has just
 * been uninstalled: https://github.com/Shopify/shopify-app-js/issues/3360
 * @param secrets what Shopify signs with, the app's own.
 */
export function appWebhooks(
  router: Router,
  { db, log }: Services,
  secrets: readonly string[],
): void {
  router.post(
    "/webhooks/app",
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    handler(async (request, response) => {
      const signature = request.get("X-Shopify-Hmac-Sha256") ?? "";
      const body: unknown = request.body;
      if (!Buffer.isBuffer(body) || !signedWithOneOf(body, signature, secrets)) {
        response.status(401).end();
        return;
      }
      const topic = request.get("X-Shopify-Topic") ?? "";
      const shop = request.get("X-Shopify-Shop-Domain") ?? "";
      if (isTopic(topic)) await handle(topic, shop, db);
      else log.warn({ topic, shop }, "a topic nobody subscribed to");
      response.status(200).end();
    }),
  );
}

async function handle(topic: Topic, shop: string, db: Services["db"]): Promise<void> {
  switch (topic) {
    case "app/uninstalled":
      // It may be told more than once. Stock history stays: a merchant who comes back finds it.
      return shutOutShop(db, shop);
    case "shop/redact":
      // Comes 48 hours after uninstalling. What is left of a shop is numbers about goods.
      await shutOutShop(db, shop);
      return forgetShopifyPeople(db, shop);
    case "customers/data_request":
    case "customers/redact":
      // No customer is kept anywhere: connectors drop names and addresses before the inbox, so
      // there is nothing to hand out and nothing to erase.
      return;
    default:
      return exhaustive(topic);
  }
}

/** Uninstalling ends the tokens of the shop's own connection. */
async function shutOutShop(db: Services["db"], domain: string): Promise<void> {
  const shop = await findShopByDomain(db, domain);
  if (!shop) return;
  const connections = await listConnections(db, shop.id);
  for (const { id, channel, account } of connections) {
    if (channel !== "shopify" || account !== domain) continue;
    await shutOut(db, shop.id, id, "revoked", "the app was uninstalled");
  }
}

function isTopic(topic: string): topic is Topic {
  return APP_TOPICS.some((one) => one === topic);
}
