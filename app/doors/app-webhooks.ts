import express, { type Router } from "express";
import { exhaustive } from "../../inventory/assert.ts";
import { listConnections, shutOut } from "../../prisma/connections.ts";
import { findShopByDomain } from "../../prisma/shops.ts";
import { handler } from "../api/http.ts";
import type { Services } from "../services.ts";
import type { Shopify } from "../shopify.server.ts";

const BODY_LIMIT = "1mb";

/** What Shopify tells the app itself, as shopify.app.toml subscribes to it. */
const TOPICS = ["APP_UNINSTALLED", "CUSTOMERS_DATA_REQUEST", "CUSTOMERS_REDACT", "SHOP_REDACT"];
type Topic = "APP_UNINSTALLED" | "CUSTOMERS_DATA_REQUEST" | "CUSTOMERS_REDACT" | "SHOP_REDACT";

/**
 * POST /webhooks/app: uninstalling, and the three topics of privacy law, which every app must
 * answer. https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
 */
export function appWebhooks(router: Router, { db, log }: Services, shopify: Shopify): void {
  router.post(
    "/webhooks/app",
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    handler(async (request, response) => {
      // A forged message ends inside, with a Response of status 401 that is thrown.
      const authenticated = await verified(shopify, asWebRequest(request));
      if (authenticated instanceof Response) {
        response.status(authenticated.status).end();
        return;
      }
      const { topic, shop } = authenticated;
      if (isTopic(topic)) await handle(topic, shop, db);
      else log.warn({ topic, shop }, "a topic nobody subscribed to");
      response.status(200).end();
    }),
  );
}

async function handle(topic: Topic, shop: string, db: Services["db"]): Promise<void> {
  switch (topic) {
    case "APP_UNINSTALLED":
      // It may be told more than once. Stock history stays: a merchant who comes back finds it.
      return shutOutShop(db, shop);
    case "SHOP_REDACT":
      // Comes 48 hours after uninstalling. What is left of a shop is numbers about goods.
      return shutOutShop(db, shop);
    case "CUSTOMERS_DATA_REQUEST":
    case "CUSTOMERS_REDACT":
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

async function verified(shopify: Shopify, request: Request) {
  try {
    return await shopify.authenticate.webhook(request);
  } catch (thrown) {
    if (thrown instanceof Response) return thrown;
    throw thrown;
  }
}

/** The library speaks the web's Request; the signature is over the body's bytes as they came. */
function asWebRequest(request: express.Request): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  const url = `http://app.invalid${request.originalUrl}`;
  return new Request(url, { method: "POST", headers, body: new Uint8Array(request.body) });
}

function isTopic(topic: string): topic is Topic {
  return TOPICS.includes(topic);
}
