import { createHmac, randomUUID } from "node:crypto";

/** What a run asks for, again and again. */
export type Kind = "empty-json" | "empty-raw" | "holds" | "webhook";

export interface Target {
  host: string;
  port: number;
  token: string;
  skus: number;
  /** Path of the door, and what signs at it. */
  door: string;
  shop: string;
  secret: string;
}

export const skuOf = (n: number) => `SKU-${n}`;

/** The bytes of request number `n` of a kind: each hold has a key, each message an id of its own. */
export function requestBytes(kind: Kind, n: number, target: Target, sku?: string): Buffer {
  switch (kind) {
    case "empty-json":
    case "holds": {
      const headers = {
        Authorization: `Bearer ${target.token}`,
        "Idempotency-Key": randomUUID(),
        "Content-Type": "application/json",
      };
      const lines = [{ sku: sku ?? skuOf(n % target.skus), quantity: 1 }];
      const path = kind === "holds" ? "/api/v1/holds" : "/empty/json";
      return http("POST", path, target, headers, JSON.stringify({ lines }));
    }
    case "empty-raw":
    case "webhook": {
      const body = order(n);
      const path = kind === "webhook" ? target.door : "/empty/raw";
      return http("POST", path, target, signed(body, target), body);
    }
  }
}

function signed(body: string, { secret, shop }: Target): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "X-Shopify-Topic": "orders/create",
    "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(body).digest("base64"),
    "X-Shopify-Shop-Domain": shop,
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": randomUUID(),
  };
}

/** An order as Shopify tells it, of the usual size: some KB, most of which is not kept. */
function order(n: number): string {
  const at = "2026-11-25T10:00:00Z";
  const address = { name: "Ada Buyer", address1: "12 Sample Street", city: "Sampletown", zip: "1" };
  return JSON.stringify({
    ...{ id: 5_000_000_000 + n, test: false, created_at: at, updated_at: at, cancelled_at: null },
    ...{ cart_token: randomUUID(), email: "ada.buyer@example.com", shipping_address: address },
    note: "x".repeat(1_500),
    line_items: [1, 2].map((line) => ({
      ...{ id: n * 10 + line, variant_id: 44_000_000_000 + line, sku: skuOf(line), quantity: 1 },
      ...{ current_quantity: 1, fulfillable_quantity: 1, title: "A thing that is sold" },
    })),
    fulfillments: [],
  });
}

function http(
  method: string,
  path: string,
  { host, port }: Target,
  headers: Record<string, string>,
  body: string,
): Buffer {
  const length = Buffer.byteLength(body);
  const all = {
    Host: `${host}:${port}`,
    ...headers,
    ...(length ? { "Content-Length": length } : {}),
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head.join("")}\r\n${body}`);
}
