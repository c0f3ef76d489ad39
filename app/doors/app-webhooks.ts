import express, { type Router } from "express";
import { signedWithOneOf } from "../../connectors/shopify/signature.ts";
import { exhaustive } from "../../inventory/assert.ts";
import { handler } from "../api/http.ts";
import type { Services } from "../services.ts";
import { doorTurns } from "../turns.ts";
import { shopRedacted, shopUninstalled } from "./shop-leaves.ts";

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
export function appWebhooks(router: Router, services: Services, secrets: readonly string[]): void {
  router.post(
    "/webhooks/app",
    doorTurns(), // before the body: anybody may send one
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
      const triggered = Date.parse(request.get("X-Shopify-Triggered-At") ?? "");
      const at = Number.isNaN(triggered) ? null : new Date(triggered);
      if (isTopic(topic)) await handle(services, topic, shop, at);
      else services.log.warn({ topic, shop }, "a topic nobody subscribed to");
      response.status(200).end();
    }),
  );
}

async function handle(
  services: Services,
  topic: Topic,
  shop: string,
  at: Date | null,
): Promise<void> {
  switch (topic) {
    case "app/uninstalled":
      return shopUninstalled(services, shop, at);
    case "shop/redact":
      return shopRedacted(services, shop, at);
    case "customers/data_request":
    case "customers/redact":
      // No customer is kept anywhere: connectors drop names and addresses before the inbox, so
      // there is nothing to hand out and nothing to erase.
      return;
    default:
      return exhaustive(topic);
  }
}

function isTopic(topic: string): topic is Topic {
  return APP_TOPICS.some((one) => one === topic);
}
