import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureConnection } from "../../prisma/connections.ts";
import { ensureLocation } from "../../prisma/locations.ts";
import { client, RING, startWorld, type World } from "./world.ts";

let world: World;
let ask: ReturnType<typeof client>;

beforeAll(async () => {
  world = await startWorld();
  await ensureLocation(world.services.db, world.shop.id, { code: "STORE", name: "Store" });
  ask = client(world.url, world.token);
});

afterAll(() => world.stop());

const receive = (sku: string, quantity: number, more: object = {}) => {
  return { sku, location: "MAIN", type: "receive", quantity, reason: "delivery", ...more };
};
const adjust = (sku: string, quantity: number, more: object = {}) => {
  return { ...receive(sku, quantity, more), type: "adjust", reason: "count" };
};

test("a receipt is in PostgreSQL before it is acknowledged, with who and why", async () => {
  const item = await world.item("BOX");
  const reply = await ask("POST", "/movements", receive("BOX", 12, { reference: "PO-9" }));
  const { seq } = reply.body;
  const row = await world.services.db.movement.findFirst({ where: { itemId: item, seq } });
  expect(reply).toMatchObject({
    status: 201,
    body: { ats: 12, version: seq, balances: [{ bucket: "sellable", location: "MAIN" }, {}, {}] },
  });
  expect(row).toMatchObject({
    ...{ type: "receive", actor: "api:warehouse", reason: "delivery", reference: "PO-9" },
  });
});

test("D3: a stale edit is refused with what it is now, and moves nothing", async () => {
  await world.item("STALE");
  const { body: first } = await ask("POST", "/movements", receive("STALE", 10));
  await ask("POST", "/movements", adjust("STALE", -1));
  const stale = await ask(
    "POST",
    "/movements",
    adjust("STALE", 5, { expectedVersion: first.version }),
  );
  expect(stale).toMatchObject({
    status: 409,
    body: { type: "/problems/version-conflict", current: { ats: 9, onHand: 9 } },
  });
  const { version } = stale.body.current;
  const fresh = await ask("POST", "/movements", adjust("STALE", 5, { expectedVersion: version }));
  expect(fresh).toMatchObject({ status: 201, body: { ats: 14 } });
});

test("a retried movement is one movement; another one under its key is refused", async () => {
  await world.item("TWICE");
  const key = { "Idempotency-Key": "delivery-5" };
  const first = await ask("POST", "/movements", receive("TWICE", 5), key);
  const again = await ask("POST", "/movements", receive("TWICE", 5), key);
  expect(again).toMatchObject({ status: 201, body: first.body });
  expect((await ask("GET", "/stock/TWICE")).body.ats).toBe(5);
  expect(await ask("POST", "/movements", receive("TWICE", 6), key)).toMatchObject({
    status: 422,
    body: { type: "/problems/idempotency-key-reused" },
  });
});

test("B2: units are set aside for a channel, and no more than there are", async () => {
  await world.stock("CARVED", 10);
  const carve = (quantity: number) =>
    ask("POST", "/movements", {
      ...{ sku: "CARVED", type: "allocate", channel: "amazon", quantity, reason: "launch" },
    });
  expect((await carve(4)).body).toMatchObject({ ats: 6, onHand: 10 });
  expect(await carve(7)).toMatchObject({ status: 409, body: { available: 6 } });
});

test("B8: units move between locations in one movement, and no more than are there", async () => {
  await world.stock("MOVED", 5);
  const move = (quantity: number, to = "STORE") =>
    ask("POST", "/movements", {
      ...{ sku: "MOVED", type: "transfer", location: "MAIN", to, quantity, reason: "restock" },
    });
  const { body } = await move(4);
  expect(body).toMatchObject({ ats: 5, onHand: 5 });
  expect(body.balances).toEqual(
    expect.arrayContaining([
      { bucket: "sellable", location: "MAIN", quantity: 1 },
      { bucket: "sellable", location: "STORE", quantity: 4 },
    ]),
  );
  expect(await move(2)).toMatchObject({ status: 409, body: { available: 1 } });
  expect((await move(1, "MOON")).body.errors).toMatchObject([{ pointer: "#/to" }]);
  expect((await move(1, "MAIN")).body.errors).toMatchObject([{ pointer: "#/to" }]);
});

test("units at a bucket that is not sellable are on hand and not available", async () => {
  await world.stock("BROKEN", 3);
  const reply = await ask("POST", "/movements", adjust("BROKEN", 2, { bucket: "damaged" }));
  expect(reply.body).toMatchObject({ onHand: 5, ats: 3 });
});

test.each([
  [receive("BOX", 0), "#/quantity"],
  [adjust("BOX", 0), "#/quantity"],
  [receive("BOX", 1, { reason: " " }), "#/reason"],
  [receive("BOX", 1, { location: "MOON" }), "#/location"],
  [receive("GHOST", 1), "#/sku"],
  [receive("BOX", 1, { expectedversion: 3 }), "#"],
  [{ ...receive("BOX", 1), type: "steal" }, "#/type"],
])("a movement that cannot be is refused with a pointer: %j", async (body, pointer) => {
  const reply = await ask("POST", "/movements", body);
  expect(reply.status).toBe(422);
  expect(reply.body.errors).toContainEqual(expect.objectContaining({ pointer }));
});

test("E8: history is read in pages, oldest first, and goes on where it stopped", async () => {
  await world.item("HIST");
  for (const quantity of [1, 2, 3]) await ask("POST", "/movements", receive("HIST", quantity));
  const first = await ask("GET", "/movements?sku=HIST&limit=2");
  expect(first.body.data.map(({ legs }: { legs: object[] }) => legs[0])).toMatchObject([
    { bucket: "sellable", location: "MAIN", quantity: 1 },
    { bucket: "sellable", location: "MAIN", quantity: 2 },
  ]);
  expect(first.body.more).toBe(true);
  const second = await ask("GET", `/movements?sku=HIST&after=${first.body.next}`);
  expect(second.body).toMatchObject({ more: false, data: [{ type: "receive" }] });
  const nothing = await ask("GET", `/movements?sku=HIST&after=${second.body.next}`);
  expect(nothing.body).toEqual({ data: [], next: second.body.next, more: false });
  expect((await ask("GET", "/movements?sku=HIST&limit=0&after=x")).body.errors).toHaveLength(2);
});

test("B6, B9: stock tells what each listing shows, why, and what could go wrong at worst", async () => {
  const { db } = world.services;
  const item = await world.item("SHOWN");
  await world.stock("SHOWN", 10);
  const connection = await ensureConnection(db, RING, world.shop.id, {
    ...{ channel: "amazon", name: "US", account: "seller", settings: {}, secrets: {} },
  });
  await db.listing.create({
    data: {
      ...{ shopId: world.shop.id, connectionId: connection.id, itemId: item },
      ...{ externalId: "L1", sku: "SHOWN", title: "Shown", unitsPerSale: 2 },
      ...{ planned: 4, accepted: 4, shown: 6 },
      reasons: [{ code: "on-hand", change: 10, remaining: 10 }],
    },
  });
  const { body } = await ask("GET", "/stock/SHOWN");
  expect(body).toMatchObject({ sku: "SHOWN", ats: 10, onHand: 10, exposure: 2 });
  expect(body.listings).toMatchObject([
    {
      ...{ channel: "amazon", shown: 6, planned: 4, accepted: 4, unitsPerSale: 2 },
      reasons: [{ code: "on-hand", change: 10, text: "10 units on hand at all locations" }],
    },
  ]);
});

test("a SKU with any character can be asked for", async () => {
  await world.stock("A/B ü?#1", 1);
  const reply = await ask("GET", `/stock/${encodeURIComponent("A/B ü?#1")}`);
  expect(reply).toMatchObject({ status: 200, body: { sku: "A/B ü?#1", ats: 1 } });
});
