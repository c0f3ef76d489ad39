import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DEFAULT_HOLD_TERMS } from "../../inventory/hold-terms.ts";
import { availableToSell } from "../../inventory/stock.ts";
import { applyMessage } from "../../jobs/handlers/inbox-apply.ts";
import { ensureConnection } from "../../prisma/connections.ts";
import { saveHoldTerms } from "../../prisma/hold-settings.ts";
import { client, RING, startWorld, type World } from "./world.ts";

const SHOP = "north.myshopify.com";
const SECRET = "shop-secret";
const VARIANT = 7;
const FULL = 100;

let world: World;
let connection: string;
let item: string;

beforeAll(async () => {
  world = await startWorld();
  const { db } = world.services;
  const row = await ensureConnection(db, RING, world.shop.id, {
    ...{ channel: "shopify", name: "North", account: SHOP, settings: { shop: SHOP } },
    secrets: { clientSecret: SECRET, accessToken: "t" },
  });
  connection = row.id;
  item = await world.item("JACKET");
  await world.stock("JACKET", FULL);
  await db.listing.create({
    data: {
      ...{ shopId: world.shop.id, connectionId: connection, itemId: item },
      ...{ externalId: String(VARIANT), sku: "JACKET", title: "Jacket" },
    },
  });
  await saveHoldTerms(db, world.shop.id, { ...DEFAULT_HOLD_TERMS, webhookCarts: true });
});

afterAll(() => world.stop());

/** Sends a message as Shopify does, signed over its bytes, and lets the worker's handler have it. */
async function tell(topic: string, body: unknown): Promise<void> {
  const bytes = JSON.stringify(body);
  const id = randomUUID();
  const { db, carts, log, now, connectorOf } = world.services;
  const response = await fetch(`${world.url}/webhooks/shopify/${connection}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Shopify-Topic": topic,
      "X-Shopify-Hmac-Sha256": createHmac("sha256", SECRET).update(bytes).digest("base64"),
      ...{ "X-Shopify-Shop-Domain": SHOP, "X-Shopify-Webhook-Id": id },
      "X-Shopify-API-Version": "2026-10",
    },
    body: bytes,
  });
  expect(response.status).toBe(200);
  const stored = await db.inboxMessage.findFirstOrThrow({
    where: { connectionId: connection, externalId: id },
  });
  const applied = await applyMessage(
    {
      ...{ db, ledger: world.ledger, carts, now, log },
      connectorOf: (channel) => connectorOf(channel) ?? undefined,
      pointing: { handOver: () => Promise.reject(new Error("nothing points here")) },
    },
    String(stored.id),
  );
  expect(applied).toMatchObject({ outcome: "applied" });
}

const cartOf = (token: string, at: string, quantity: number) => ({
  ...{ id: token, token, updated_at: at, created_at: "2026-11-24T10:00:00Z" },
  line_items: [{ variant_id: VARIANT, sku: "JACKET", quantity }],
});

const orderOf = (token: string, id: number, quantity: number) => ({
  ...{ id, admin_graphql_api_id: `gid://shopify/Order/${id}`, cart_token: token },
  ...{ created_at: "2026-11-24T10:05:00Z", updated_at: "2026-11-24T10:05:00Z" },
  ...{ cancelled_at: null, test: false, fulfillments: [] },
  line_items: [
    {
      ...{ id: id * 10, variant_id: VARIANT, sku: "JACKET", quantity },
      ...{ current_quantity: quantity, fulfillable_quantity: quantity },
    },
  ],
});

async function stock() {
  const found = await world.ledger.stock(world.shop.id, item);
  if ("outcome" in found) throw new Error(found.why);
  return { held: found.held, committed: found.committed, ats: availableToSell(found) };
}

test("C1: a cart that a webhook tells of holds, is in the stock that the API tells, and is committed by its order", async () => {
  await tell("carts/create", cartOf("cart-token-a", "2026-11-24T10:00:00Z", 2));
  expect(await stock()).toEqual({ held: 2, committed: 0, ats: FULL - 2 });
  const told = await client(world.url, world.token)("GET", "/stock/JACKET");
  expect(told.body).toMatchObject({ ats: FULL - 2 });
  expect(told.body.balances).toContainEqual({ bucket: "held", quantity: 2 });
  await tell("carts/update", cartOf("cart-token-a", "2026-11-24T10:01:00Z", 3));
  expect((await stock()).held).toBe(3);
  await tell("orders/create", orderOf("cart-token-a", 1, 3));
  expect(await stock()).toEqual({ held: 0, committed: 3, ats: FULL - 3 });
  await expect
    .poll(() => world.services.db.hold.findMany({ select: { state: true, actor: true } }))
    .toEqual([{ state: "committed", actor: "webhook" }]);
});

test("C1 D8: an order that comes before its cart is sold once, and the cart holds nothing after it", async () => {
  await tell("orders/create", orderOf("cart-token-b?key=abc", 2, 4));
  const sold = { held: 0, committed: 7, ats: FULL - 7 };
  expect(await stock()).toEqual(sold);
  await tell("carts/update", cartOf("cart-token-b", "2026-11-24T10:04:00Z", 4));
  await tell("carts/create", cartOf("cart-token-b", "2026-11-24T10:00:00Z", 1));
  expect(await stock()).toEqual(sold);
});

test("C1 D8: an older word of a cart that comes late changes nothing, an emptied cart gives back", async () => {
  await tell("carts/update", cartOf("cart-token-c", "2026-11-24T10:02:00Z", 5));
  await tell("carts/create", cartOf("cart-token-c", "2026-11-24T10:00:00Z", 1));
  expect((await stock()).held).toBe(5);
  const empty = { ...cartOf("cart-token-c", "2026-11-24T10:03:00Z", 0), line_items: [] };
  await tell("carts/update", empty);
  expect((await stock()).held).toBe(0);
});

test("C1: a cart that nobody speaks of again expires by itself, and its late order is a plain sale", async () => {
  const { db } = world.services;
  await tell("carts/create", cartOf("cart-token-d", "2026-11-24T10:00:00Z", 6));
  const hold = await vi.waitUntil(() =>
    db.hold.findFirst({ where: { shopId: world.shop.id, state: "live", quantity: 6 } }),
  );
  const left = hold.expiresAt.getTime() - Date.now();
  expect(left).toBeGreaterThan(9 * 60_000);
  expect(left).toBeLessThanOrEqual(10 * 60_000);
  // The same hold, given a moment instead of ten minutes.
  await world.apply({
    ...{ type: "extend", shop: world.shop.id, item, hold: hold.id, ttlMs: 1 },
    activity: "let-it-end",
  });
  await expect.poll(async () => (await stock()).held).toBe(0);
  await expect
    .poll(async () => (await db.hold.findFirst({ where: { id: hold.id } }))?.state)
    .toBe("expired");
  const before = await stock();
  await tell("orders/create", orderOf("cart-token-d", 3, 6));
  const after = { held: 0, committed: before.committed + 6, ats: before.ats - 6 };
  expect(await stock()).toEqual(after);
});
