import { z } from "zod";
import type { Account, RawRequest, Verification } from "../connector.ts";
import { CART_TOPICS, keepCart } from "./cart.ts";
import { HINT_TOPICS, keepHint } from "./hint.ts";
import { levelOf } from "./level.ts";
import { locationsOf } from "./locations.ts";
import { keepRestOrder } from "./order.ts";
import { signedWithOneOf } from "./signature.ts";

/** Each carries the whole order as it then is, so they all translate alike. */
const ORDER_TOPICS = [
  "orders/create",
  "orders/updated",
  "orders/cancelled",
  "orders/fulfilled",
  "orders/partially_fulfilled",
];

const LEVEL_TOPIC = "inventory_levels/update";
const GONE_TOPIC = "app/uninstalled";

/** Every topic that the product listens to at every shop. */
export const TOPICS: readonly string[] = [...ORDER_TOPICS, ...HINT_TOPICS, LEVEL_TOPIC, GONE_TOPIC];

/** Topics of a shop: those of carts only where the merchant holds stock for them. */
export function topicsOf({ settings }: Pick<Account, "settings">): readonly string[] {
  return settings.carts === "1" ? [...TOPICS, ...CART_TOPICS] : TOPICS;
}

/**
 * Base64 HMAC-SHA256 of the raw body with the app's client secret, which signs for every shop
 * that has the app: so the shop is checked too.
 * https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 */
export function verifyWebhook(request: RawRequest, account: Account): Verification {
  const headers = lowerCased(request.headers);
  const signature = headers.get("x-shopify-hmac-sha256");
  if (!signature) return { outcome: "forged", why: "no signature" };
  if (!signedWithOneOf(request.body, signature, secretsOf(account))) {
    return { outcome: "forged", why: "the signature does not match the body" };
  }
  if (headers.get("x-shopify-shop-domain") !== account.settings.shop) {
    return { outcome: "forged", why: "signed for another shop" };
  }
  const topic = headers.get("x-shopify-topic") ?? "";
  if (!topicsOf(account).includes(topic)) return { outcome: "ignored", why: `topic ${topic}` };
  if (topic === GONE_TOPIC) {
    return { outcome: "deauthorized", why: "the merchant removed the app from the shop" };
  }
  const externalId = headers.get("x-shopify-webhook-id");
  if (!externalId) return { outcome: "malformed", why: "no X-Shopify-Webhook-Id" };
  try {
    const body: unknown = JSON.parse(request.body.toString("utf8"));
    if (topic === LEVEL_TOPIC) return levelOf(body, locationsOf(account).told);
    return { outcome: "verified", message: { externalId, topic, payload: keep(topic, body) } };
  } catch (error) {
    // A parser's message quotes the body, which holds personal data; zod's names paths only.
    const why = error instanceof z.ZodError ? z.prettifyError(error) : "the body is not JSON";
    return { outcome: "malformed", why };
  }
}

function keep(topic: string, body: unknown): unknown {
  if (ORDER_TOPICS.includes(topic)) return keepRestOrder(body);
  return CART_TOPICS.includes(topic) ? keepCart(body) : keepHint(topic, body);
}

/** After a rotation, webhooks may be signed with the old secret for up to an hour. */
function secretsOf(account: Account): string[] {
  const { clientSecret, previousClientSecret } = account.secrets;
  return [clientSecret, previousClientSecret].filter((secret) => secret !== undefined);
}

/** Header names mean the same in any case. */
function lowerCased(headers: RawRequest["headers"]): Map<string, string> {
  const named = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) named.set(name.toLowerCase(), value);
  }
  return named;
}
