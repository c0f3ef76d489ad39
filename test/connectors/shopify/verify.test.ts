import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { Account } from "../../../connectors/connector.ts";
import { verifyWebhook } from "../../../connectors/shopify/verify.ts";

const account: Account = {
  connection: "c",
  settings: { shop: "one.myshopify.com" },
  secrets: { clientSecret: "new-secret", previousClientSecret: "old-secret" },
};

const order = {
  id: 1,
  created_at: "2026-11-24T12:00:00Z",
  updated_at: "2026-11-24T12:00:00Z",
  email: "ada.buyer@example.com",
  line_items: [{ id: 11, variant_id: 5, sku: "S", quantity: 1, fulfillable_quantity: 1 }],
};

const negative = { id: 11, variant_id: 5, sku: "S", quantity: -1, fulfillable_quantity: 0 };

interface Sent {
  secret?: string;
  topic?: string;
  shop?: string;
  id?: string | undefined;
  body?: string;
  casing?: (name: string) => string;
}

function webhook(sent: Sent) {
  const { secret = "new-secret", topic = "orders/create", shop = "one.myshopify.com" } = sent;
  const body = Buffer.from(sent.body ?? JSON.stringify(order));
  const casing = sent.casing ?? ((name: string) => name);
  const headers = {
    "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(body).digest("base64"),
    "X-Shopify-Topic": topic,
    "X-Shopify-Shop-Domain": shop,
    "X-Shopify-Webhook-Id": "id" in sent ? sent.id : "w-1",
  };
  const cased = Object.entries(headers).map(([name, value]) => [casing(name), value] as const);
  return { headers: Object.fromEntries(cased), body };
}

const rows: [title: string, sent: Sent, outcome: string][] = [
  ["a signed order", {}, "verified"],
  ["header names in lower case", { casing: (name) => name.toLowerCase() }, "verified"],
  ["header names in upper case", { casing: (name) => name.toUpperCase() }, "verified"],
  ["signed with the secret before the rotation", { secret: "old-secret" }, "verified"],
  ["signed with another secret", { secret: "guess" }, "forged"],
  ["signed for another shop of the same app", { shop: "two.myshopify.com" }, "forged"],
  ["a topic the product does not use", { topic: "products/update" }, "ignored"],
  ["no webhook id", { id: undefined }, "malformed"],
  ["not JSON", { body: "ada.buyer@example.com" }, "malformed"],
  ["not an order", { body: "{}" }, "malformed"],
  ["no moment", { body: JSON.stringify({ ...order, created_at: "ada" }) }, "malformed"],
  [
    "less than nothing sold",
    { body: JSON.stringify({ ...order, line_items: [negative] }) },
    "malformed",
  ],
];

test.each(rows)("G: %s", (_title, sent, outcome) => {
  const result = verifyWebhook(webhook(sent), account);
  expect(result.outcome).toBe(outcome);
  expect(JSON.stringify(result), "nothing personal, not even in a reason").not.toContain("ada");
});

test("G: the signature is over the raw bytes, to the last one", () => {
  const { headers, body } = webhook({});
  expect(
    verifyWebhook({ headers, body: Buffer.concat([body, Buffer.from(" ")]) }, account),
  ).toEqual({ outcome: "forged", why: "the signature does not match the body" });
});

test("D8: the id is the webhook's own, and all that is kept is ids, times and units", () => {
  expect(verifyWebhook(webhook({}), account)).toEqual({
    outcome: "verified",
    message: {
      externalId: "w-1",
      topic: "orders/create",
      payload: {
        id: "1",
        test: false,
        createdAt: "2026-11-24T12:00:00Z",
        updatedAt: "2026-11-24T12:00:00Z",
        cancelledAt: null,
        cart: null,
        lines: [
          {
            variant: "5",
            sku: "S",
            quantity: 1,
            open: 1,
            shipped: 0,
            unrestocked: 0,
            unshipped: 0,
          },
        ],
      },
    },
  });
});
