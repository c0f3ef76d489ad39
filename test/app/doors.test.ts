import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createShopify } from "../../app/access/shopify.server.ts";
import { embeddedGate } from "../../app/gate.ts";
import { createLog } from "../../jobs/log.ts";
import { connectAccount, markDisconnected } from "../../prisma/connecting.ts";
import { ensureConnection, findConnection, openConnection } from "../../prisma/connections.ts";
import { ensureItems, findItemBySku } from "../../prisma/items.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { createToken } from "../../prisma/tokens.ts";
import { RING, startWorld, type World } from "./world.ts";

const APP = { apiKey: "key", apiSecret: "app-secret", appUrl: "https://app.example" };
const SHOP = "north.myshopify.com";
const SECRET = "shop-secret";

let world: World;
let connection: string;

beforeAll(async () => {
  world = await startWorld({
    gate: ({ db, now }) =>
      embeddedGate(db, createShopify(APP, createLog("silent", "test")), {
        ...{ apiKey: APP.apiKey, secrets: [APP.apiSecret, "secret-before"], now },
        whoIs: async () => ({ outcome: "refused", error: "not asked here" }),
      }),
  });
  const row = await ensureConnection(world.services.db, RING, world.shop.id, {
    ...{ channel: "shopify", name: "North", account: SHOP, settings: { shop: SHOP } },
    secrets: { clientSecret: SECRET },
  });
  connection = row.id;
});

afterAll(() => world.stop());

const ORDER = {
  id: 1001,
  admin_graphql_api_id: "gid://shopify/Order/1001",
  created_at: "2026-11-24T10:00:00Z",
  updated_at: "2026-11-24T10:00:00Z",
  cancelled_at: null,
  test: false,
  email: "buyer@example.com",
  customer: { first_name: "Bo" },
  line_items: [
    {
      id: 1,
      variant_id: 7,
      sku: "JACKET",
      quantity: 2,
      current_quantity: 2,
      fulfillable_quantity: 2,
    },
  ],
  fulfillments: [],
};

interface Delivery {
  body?: string;
  topic?: string;
  secret?: string;
  id?: string;
  shop?: string;
  triggeredAt?: string;
}

/** Sends a message as Shopify does: signed over the very bytes of its body. */
function deliver(path: string, delivery: Delivery = {}): Promise<Response> {
  const { body = JSON.stringify(ORDER), topic = "orders/create", secret = SECRET } = delivery;
  return fetch(world.url + path, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Shopify-Topic": topic,
      "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(body).digest("base64"),
      "X-Shopify-Shop-Domain": delivery.shop ?? SHOP,
      "X-Shopify-Webhook-Id": delivery.id ?? randomUUID(),
      "X-Shopify-API-Version": "2026-10",
      ...(delivery.triggeredAt ? { "X-Shopify-Triggered-At": delivery.triggeredAt } : {}),
    },
    body,
  });
}

const door = () => `/webhooks/shopify/${connection}`;
const stored = () =>
  world.services.db.inboxMessage.findMany({ where: { connectionId: connection } });

test("a signed message is stored before it is answered, without the person behind it", async () => {
  const id = randomUUID();
  expect((await deliver(door(), { id })).status).toBe(200);
  const rows = (await stored()).filter(({ externalId }) => externalId === id);
  expect(rows).toMatchObject([
    { shopId: world.shop.id, topic: "orders/create", state: "received" },
  ]);
  expect(JSON.stringify(rows[0]?.payload)).not.toMatch(/buyer@example|Bo/);
});

test("D8: a message that is delivered ten times at once is stored once", async () => {
  const id = randomUUID();
  const replies = await Promise.all(Array.from({ length: 10 }, () => deliver(door(), { id })));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await stored()).filter(({ externalId }) => externalId === id)).toHaveLength(1);
});

test.each<[string, Delivery, number]>([
  ["signed with another secret", { secret: "guessed" }, 401],
  ["signed for another shop", { shop: "south.myshopify.com" }, 401],
  ["about nothing we use", { topic: "products/update" }, 200],
  ["not an order", { body: '{"id":1}' }, 400],
  ["not JSON", { body: "<xml/>" }, 400],
])("a message %s leaves nothing behind", async (_name, delivery, status) => {
  const before = (await stored()).length;
  expect((await deliver(door(), delivery)).status).toBe(status);
  expect((await stored()).length).toBe(before);
});

test("a connection that does not exist answers like a forged message", async () => {
  expect((await deliver("/webhooks/shopify/nobody")).status).toBe(401);
  expect((await deliver(`/webhooks/amazon/${connection}`)).status).not.toBe(200);
  expect((await deliver(`/webhooks/bazaar/${connection}`)).status).toBe(404);
});

test("D7: a message to a connection that does not exist has us call no marketplace", async () => {
  const { services } = world;
  let calls = 0;
  const marketplace = createServer((_request, response) => {
    calls += 1;
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await once(marketplace, "listening");
  const { port } = marketplace.address() as AddressInfo;
  services.sandboxUrl = `http://127.0.0.1:${port}`;
  const signature = Buffer.from(JSON.stringify({ kid: randomUUID(), signature: "eA==" }));
  const answered = await fetch(`${world.url}/webhooks/ebay/${randomUUID()}`, {
    method: "POST",
    headers: { "X-EBAY-SIGNATURE": signature.toString("base64") },
    body: "{}",
  });
  services.sandboxUrl = undefined;
  marketplace.close();
  expect(answered.status).toBe(401);
  expect(calls).toBe(0);
});

test("a message larger than any order is not read", async () => {
  expect((await deliver(door(), { body: "x".repeat(3_000_000) })).status).toBe(413);
});

describe("G: the app is taken out of a shop", () => {
  let north: string;
  let token: string;
  const connect = async (channel: string, account: string) => {
    const agreed = { account, name: account, settings: {}, secrets: { token: "a-secret" } };
    const terms = { ...agreed, reconnectBy: null };
    const { db, now } = world.services;
    return (await connectAccount(db, RING, north, channel, terms, new Date(now()))).connection.id;
  };
  const told = (topic: string, at?: number) =>
    deliver("/webhooks/app", {
      ...{ topic, secret: APP.apiSecret, body: "{}" },
      ...(at === undefined ? {} : { triggeredAt: new Date(at).toISOString() }),
    });
  const disconnected = async (id: string) =>
    (await findConnection(world.services.db, north, id))?.disconnected;
  const asks = async () => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await fetch(`${world.url}/api/v1/locations`, { headers })).status;
  };
  let [own, amazon] = ["", ""];
  let connectorOf: World["services"]["connectorOf"];

  afterAll(() => {
    world.services.connectorOf = connectorOf;
  });

  beforeAll(async () => {
    const { db } = world.services;
    ({ connectorOf } = world.services);
    // Nobody is asked to send nothing more: Amazon is far away.
    world.services.connectorOf = (name) => (name === "amazon" ? null : connectorOf(name));
    north = (await ensureShop(db, SHOP, "North")).id;
    token = await createToken(db, north, "warehouse");
    [own, amazon] = [await connect("shopify", SHOP), await connect("amazon", "A1")];
  });

  test("an old message, of before it was installed again, ends nothing", async () => {
    expect((await told("app/uninstalled", Date.now() - 3_600_000)).status).toBe(200);
    expect((await told("shop/redact", Date.now() - 3_600_000)).status).toBe(200);
    expect([await disconnected(own), await disconnected(amazon)]).toEqual([false, false]);
  });

  test("nothing is called, pushed or let in any more, and the history stays", async () => {
    const { db, keyring } = world.services;
    await ensureItems(db, north, [{ sku: "KEPT", title: "Kept" }]);
    expect((await told("app/uninstalled", Date.now())).status).toBe(200);
    expect((await told("app/uninstalled")).status).toBe(200);
    expect([await disconnected(own), await disconnected(amazon)]).toEqual([true, true]);
    const open = await openConnection(db, keyring, north, amazon);
    expect(open?.credentials.secrets).toEqual({});
    expect(await asks()).toBe(401);
    expect(await findItemBySku(db, north, "KEPT")).not.toBeNull();
  });

  test("after it was redacted, the same shop may be connected anew", async () => {
    const { db } = world.services;
    await db.person.create({
      data: { shopId: north, name: "Ada", shopifyUser: "7", role: "owner" },
    });
    expect((await told("shop/redact")).status).toBe(200);
    expect(await db.person.count({ where: { shopId: north } })).toBe(0);
    expect(await db.apiToken.count({ where: { shopId: north } })).toBe(0);
    expect(await connect("shopify", SHOP)).toBe(own);
    expect(await disconnected(own)).toBe(false);
    const back = await findConnection(db, north, own);
    expect(back).toMatchObject({ liveAt: null, shutOut: null, trouble: null });
    expect(await findItemBySku(db, north, "KEPT")).not.toBeNull();
  });
});

describe("F: a disconnected connection's door", () => {
  const away = async () => {
    const { db, keyring } = world.services;
    const row = await ensureConnection(db, keyring, world.shop.id, {
      ...{ channel: "shopify", name: "Away", account: "away.myshopify.com", secrets: {} },
      settings: { shop: SHOP },
    });
    await markDisconnected(db, world.shop.id, row.id, new Date());
    return `/webhooks/shopify/${row.id}`;
  };

  test("acknowledges everything, stores nothing, and says why", async () => {
    const before = (await stored()).length;
    const response = await deliver(await away());
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("disconnected: not stored\n");
    expect((await stored()).length).toBe(before);
  });
});

test("a marketplace that asks before it sends is answered by its connector, at its own door", async () => {
  const { services } = world;
  const { connectorOf } = services;
  const asking = {
    greet: (query: Record<string, string | undefined>, _: unknown, door: string) =>
      query.challenge === undefined ? null : { status: 200, body: { door, ...query } },
  };
  services.connectorOf = (channel) => {
    const known = connectorOf(channel);
    return channel === "shopify" && known ? { ...known, ...asking } : known;
  };
  const ask = async (path: string) => fetch(world.url + path);
  const asked = await ask(`${door()}?challenge=abc`);
  expect(await asked.json()).toEqual({ challenge: "abc", door: world.url + door() });
  expect((await ask(door())).status).toBe(404);
  expect((await ask("/webhooks/shopify/nobody?challenge=abc")).status).toBe(404);
  services.connectorOf = connectorOf;
  expect((await ask(`${door()}?challenge=abc`)).status).toBe(404);
});

test("a message that takes our access back shuts the connection out", async () => {
  const { services } = world;
  const { connectorOf } = services;
  services.connectorOf = (channel) => {
    const known = connectorOf(channel);
    const verify = () => ({ outcome: "deauthorized", why: "the seller removed us" }) as const;
    return known && { ...known, verify };
  };
  expect((await deliver(door())).status).toBe(200);
  services.connectorOf = connectorOf;
  const row = await findConnection(services.db, world.shop.id, connection);
  expect(row).toMatchObject({ shutOut: "revoked", trouble: "Access: the seller removed us" });
});

test.each(["customers/data_request", "customers/redact", "shop/redact"])(
  "G: %s is answered when Shopify signed it, and refused when not",
  async (topic) => {
    const body = JSON.stringify({ shop_domain: SHOP, customer: { id: 1 } });
    const signed = await deliver("/webhooks/app", { topic, body, secret: APP.apiSecret });
    expect(signed.status).toBe(200);
    const rotated = await deliver("/webhooks/app", { topic, body, secret: "secret-before" });
    expect(rotated.status).toBe(200);
    const forged = await deliver("/webhooks/app", { topic, body, secret: "guessed" });
    expect(forged.status).toBe(401);
    expect((await fetch(`${world.url}/webhooks/app`, { method: "POST" })).status).toBe(401);
  },
);
