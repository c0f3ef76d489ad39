import { afterAll, beforeAll, expect, test } from "vitest";
import { addLocation } from "../../prisma/locations.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { createToken } from "../../prisma/tokens.ts";
import { client, startWorld, type World } from "./world.ts";

let world: World;
let ask: ReturnType<typeof client>;

beforeAll(async () => {
  world = await startWorld();
  ask = client(world.url, world.token);
});

afterAll(() => world.stop());

const hold = (sku: string, quantity: number, more: object = {}) => ({
  lines: [{ sku, quantity }],
  ...more,
});

test("C1: a hold is taken, counted, extended, and given back", async () => {
  await world.stock("CART", 10);
  const taken = await ask("POST", "/holds", hold("CART", 3, { channel: "web", ttlSeconds: 60 }));
  expect(taken).toMatchObject({ status: 201, body: { lines: [{ sku: "CART", quantity: 3 }] } });
  const { id, expiresAt } = taken.body;
  expect((await ask("GET", "/stock/CART")).body).toMatchObject({ ats: 7, onHand: 10 });
  const extended = await ask("PATCH", `/holds/${id}`, { ttlSeconds: 600 });
  expect(extended.status).toBe(200);
  expect(Date.parse(extended.body.expiresAt)).toBeGreaterThan(Date.parse(expiresAt));
  expect(await ask("DELETE", `/holds/${id}`)).toMatchObject({ status: 204 });
  expect(await ask("DELETE", `/holds/${id}`)).toMatchObject({ status: 204 });
  expect((await ask("GET", "/stock/CART")).body.ats).toBe(10);
});

test("C1: a hold becomes committed stock of an order, once however often it is told", async () => {
  await world.stock("ORDERED", 5);
  const { body } = await ask("POST", "/holds", hold("ORDERED", 2));
  const commit = () => ask("POST", `/holds/${body.id}/commit`, { orderId: "1001" });
  const first = await commit();
  expect(first).toMatchObject({ status: 200, body: { lines: [{ sku: "ORDERED", quantity: 2 }] } });
  expect(await commit()).toMatchObject({ status: 200, body: first.body });
  const stock = await ask("GET", "/stock/ORDERED");
  expect(stock.body).toMatchObject({ ats: 3, onHand: 5 });
  expect(stock.body.balances).toContainEqual({ bucket: "committed", quantity: 2 });
  expect(await ask("PATCH", `/holds/${body.id}`, { ttlSeconds: 60 })).toMatchObject({
    status: 410,
    body: { type: "/problems/hold-over", state: "committed" },
  });
});

test("D1: of 200 simultaneous holds for the last unit one wins, 199 are refused, none errs", async () => {
  await world.stock("LAST", 1);
  const replies = await Promise.all(
    Array.from({ length: 200 }, () => ask("POST", "/holds", hold("LAST", 1))),
  );
  const won = replies.filter(({ status }) => status === 201);
  const refused = replies.filter(({ status }) => status === 409);
  expect([won.length, refused.length]).toEqual([1, 199]);
  for (const { body } of refused) {
    expect(body).toMatchObject({
      type: "/problems/insufficient-stock",
      lines: [{ sku: "LAST", requested: 1, available: 0 }],
    });
  }
});

test("B8, D1: a hold for a channel takes only what the locations that serve it can ship", async () => {
  const shop = await ensureShop(world.services.db, "places.example", "Places");
  const { db } = world.services;
  const place = { priority: 0, active: true };
  await addLocation(db, shop.id, { ...place, code: "MAIN", name: "Main", serves: null });
  await addLocation(db, shop.id, { ...place, code: "OWN", name: "Own", serves: ["web"] });
  await addLocation(db, shop.id, { ...place, code: "WALK", name: "Walk-in", serves: ["pos"] });
  const token = await createToken(db, shop.id, "front");
  const front = client(world.url, token);
  const item = await world.item("PLACED", shop);
  const about = (activity: string) => ({ shop: shop.id, item, activity });
  const receive = (location: string, quantity: number, activity: string) =>
    world.apply({ ...about(activity), type: "receive", location, quantity });
  await receive("OWN", 3, "r1");
  await receive("WALK", 40, "r2");
  const order = { type: "sell", connection: "c", order: "1", quantity: 10 } as const;
  await world.apply({ ...about("s1"), ...order, channel: "pos" });
  const crowd = await Promise.all(
    Array.from({ length: 20 }, () =>
      front("POST", "/holds", hold("PLACED", 1, { channel: "web" })),
    ),
  );
  const won = crowd.filter(({ status }) => status === 201);
  expect(won, "three stand where they can be shipped for web").toHaveLength(3);
  const refused = crowd.find(({ status }) => status === 409);
  const line = { sku: "PLACED", requested: 1, available: 0 };
  expect(refused?.body).toMatchObject({ type: "/problems/insufficient-stock", lines: [line] });
  expect((await front("GET", "/stock/PLACED")).body, "nothing else stays held").toMatchObject({
    ats: 30,
  });
  const key = { "Idempotency-Key": "the-last" };
  const wish = hold("PLACED", 2, { channel: "web" });
  expect(await front("POST", "/holds", wish, key)).toMatchObject({ status: 409 });
  await receive("OWN", 2, "r3");
  const taken = await front("POST", "/holds", wish, key);
  expect(taken, "a refusal is not remembered").toMatchObject({ status: 201 });
  expect((await front("POST", "/holds", wish, key)).body).toEqual(taken.body);
  expect(await front("POST", "/holds", hold("PLACED", 30)), "for no channel").toMatchObject({
    status: 201,
  });
});

test("a basket holds all of its lines or none, and every short line is told at once", async () => {
  await world.stock("HAVE", 5);
  await world.stock("SHORT", 1);
  await world.item("NONE");
  const lines = [
    { sku: "HAVE", quantity: 5 },
    { sku: "SHORT", quantity: 2 },
    { sku: "NONE", quantity: 1 },
  ];
  const refused = await ask("POST", "/holds", { lines });
  expect(refused.status).toBe(409);
  expect(refused.body.lines).toHaveLength(2);
  expect(refused.body.lines).toEqual(
    expect.arrayContaining([
      { sku: "SHORT", requested: 2, available: 1 },
      { sku: "NONE", requested: 1, available: 0 },
    ]),
  );
  expect((await ask("GET", "/stock/HAVE")).body.ats).toBe(5);
});

test("the same Idempotency-Key is one hold, and another body under it is refused", async () => {
  await world.stock("AGAIN", 10);
  const key = { "Idempotency-Key": "order-77" };
  const first = await ask("POST", "/holds", hold("AGAIN", 2), key);
  const again = await ask("POST", "/holds", hold("AGAIN", 2), key);
  expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
  expect((await ask("GET", "/stock/AGAIN")).body.ats).toBe(8);
  expect(await ask("POST", "/holds", hold("AGAIN", 3), key)).toMatchObject({
    status: 422,
    body: { type: "/problems/idempotency-key-reused" },
  });
});

test("a refusal is not remembered: the same key succeeds once there is stock", async () => {
  await world.item("LATER");
  const key = { "Idempotency-Key": "patient" };
  expect((await ask("POST", "/holds", hold("LATER", 1), key)).status).toBe(409);
  await world.stock("LATER", 1);
  expect((await ask("POST", "/holds", hold("LATER", 1), key)).status).toBe(201);
});

test("every mistake of a request is told at once, with a pointer to each", async () => {
  const lines = [
    { sku: "A", quantity: 0 },
    { sku: "", quantity: 1.5 },
    { sku: "A", quantity: 1 },
  ];
  const { status, body } = await ask("POST", "/holds", { lines, ttlSeconds: 0, hurry: true });
  expect(status).toBe(422);
  const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer).sort();
  expect(pointers).toEqual(
    expect.arrayContaining([
      "#",
      "#/lines/0/quantity",
      "#/lines/1/quantity",
      "#/lines/1/sku",
      "#/ttlSeconds",
    ]),
  );
});

test("SKUs nobody has are named, each with its line", async () => {
  await world.item("KNOWN");
  const lines = ["KNOWN", "GHOST", "SPOOK"].map((sku) => ({ sku, quantity: 1 }));
  expect(await ask("POST", "/holds", { lines })).toMatchObject({
    status: 422,
    body: {
      errors: [
        { pointer: "#/lines/1/sku", sku: "GHOST" },
        { pointer: "#/lines/2/sku", sku: "SPOOK" },
      ],
    },
  });
});

test.each([
  ["no token", { Authorization: "" }, 401, "unauthorized"],
  ["a made-up token", { Authorization: "Bearer ballast_guess" }, 401, "unauthorized"],
  ["no Idempotency-Key", { "Idempotency-Key": "" }, 400, "idempotency-key-missing"],
  ["a body of another type", { "Content-Type": "text/csv" }, 415, "not-json"],
])("%s is refused", async (_name, headers, status, problem) => {
  const reply = await ask("POST", "/holds", hold("KNOWN", 1), headers);
  expect(reply).toMatchObject({ status, body: { type: `/problems/${problem}`, status } });
  expect(reply.headers.get("Content-Type")).toContain("application/problem+json");
});

test("what is not JSON, too large, or unknown is named as such", async () => {
  const post = (body: string) =>
    fetch(`${world.url}/api/v1/holds`, {
      method: "POST",
      headers: { Authorization: `Bearer ${world.token}`, "Content-Type": "application/json" },
      body,
    });
  expect((await post("{")).status).toBe(400);
  expect((await post(JSON.stringify({ text: "x".repeat(300_000) }))).status).toBe(413);
  expect(await ask("GET", "/nothing")).toMatchObject({ status: 404 });
  const page = await fetch(`${world.url}/problems/insufficient-stock`);
  expect(await page.text()).toContain("409");
});

test("another tenant's hold, SKU and token are not there", async () => {
  const other = await ensureShop(world.services.db, "south.myshopify.com", "South");
  const stranger = client(world.url, await createToken(world.services.db, other.id, "theirs"));
  await world.stock("MINE", 3);
  const { body } = await ask("POST", "/holds", hold("MINE", 1));
  expect((await stranger("GET", "/stock/MINE")).status).toBe(404);
  expect((await stranger("GET", "/movements?sku=MINE")).status).toBe(404);
  expect((await stranger("POST", "/holds", hold("MINE", 1))).status).toBe(422);
  expect((await stranger("PATCH", `/holds/${body.id}`, { ttlSeconds: 9 })).status).toBe(404);
  expect((await stranger("DELETE", `/holds/${body.id}`)).status).toBe(404);
  const commit = await stranger("POST", `/holds/${body.id}/commit`, { orderId: "1" });
  expect(commit.status).toBe(404);
});
