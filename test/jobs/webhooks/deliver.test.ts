import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { WebhookEvent } from "../../../inventory/webhook.ts";
import { webhooksDeliver } from "../../../jobs/handlers/webhooks-deliver.ts";
import { webhooksSweep } from "../../../jobs/handlers/webhooks-sweep.ts";
import { bury } from "../../../prisma/bury.ts";
import { type Database, openDatabase } from "../../../prisma/client.ts";
import { openDeadLetters, retryDeadLetter } from "../../../prisma/dead-letters.ts";
import { ensureItems } from "../../../prisma/items.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { listDeliveries, replayDeliveries } from "../../../prisma/webhook-deliveries.ts";
import { changeEndpoint, createEndpoint, rotateSecret } from "../../../prisma/webhooks.ts";
import { Book, recordEvents } from "../../prisma/book.ts";
import { isSignedWith, type Receiver, startReceiver } from "../../support/receiver.ts";
import { freshDatabase } from "../../support/servers.ts";
import { ring, silent } from "../outward/house.ts";

const HOUR_MS = 3_600_000;

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let receiver: Receiver;
let shop: string;
let book: Book;
let items: Record<string, string>;
let now: number;
let shops = 0;
const later: { endpoint: string; ms: number }[] = [];

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

beforeEach(async () => {
  receiver = await startReceiver();
  shops += 1;
  shop = (await ensureShop(db, `shop-${shops}.example`, "Shop")).id;
  book = new Book(shops, shop);
  const found = await ensureItems(
    db,
    shop,
    ["tea", "cup"].map((sku) => ({ sku, title: sku })),
  );
  items = Object.fromEntries([...found].map(([sku, { id }]) => [sku, id]));
  now = Date.now() + 1_000;
  later.length = 0;
});

afterEach(() => receiver.stop());

async function endpoint(events: WebhookEvent[], path = "/in") {
  const fields = { url: receiver.url + path, description: "", events };
  const made = await createEndpoint(db, ring, shop, crypto.randomUUID(), fields);
  if (made.outcome !== "created") throw new Error(made.outcome);
  return { id: made.endpoint.id, secret: made.secret };
}

/** Runs the endpoint's job as the worker does. */
async function run(id: string, allowLoopback = true): Promise<void> {
  const deps = {
    db,
    keyring: ring,
    allowLoopback,
    now: () => now,
    log: silent,
    live: { publish: () => {} },
  };
  const askLater = (of: string, ms: number) => void later.push({ endpoint: of, ms });
  const signal = new AbortController().signal;
  await webhooksDeliver({ ...deps, later: askLater, signal }, { endpoint: id });
}

const item = (sku: string) => items[sku] ?? "";
const log = (id: string) => listDeliveries(db, shop, id, { limit: 50 });
const told = () => receiver.received.map(({ body }) => [body.type, body.data.sku, body.data.ats]);

test("what moved is told: signed, with the SKU, and in the log", async () => {
  const { id, secret } = await endpoint(["stock.changed"]);
  await recordEvents(db, [book.receive(item("tea"), 5)]);
  await run(id);
  const [event] = receiver.received;
  if (!event) throw new Error("nothing came");
  expect(event.body).toMatchObject({
    type: "stock.changed",
    data: { sku: "tea", ats: 5, onHand: 5, version: 1, merged: 0 },
  });
  expect(event.body.id).toBe(event.headers["webhook-id"]);
  expect(isSignedWith(secret, event)).toBe(true);
  expect(isSignedWith(`whsec_${"A".repeat(44)}`, event)).toBe(false);
  const [delivery] = await log(id);
  expect(delivery).toMatchObject({ state: "delivered", status: 200, answer: "noted", tries: 1 });
  expect(delivery?.latencyMs).toBeGreaterThanOrEqual(0);
  expect(JSON.stringify(await db.webhookEndpoint.findMany())).not.toContain(secret);
});

test("a flood of changes is told once for each item, as it is by then", async () => {
  const { id } = await endpoint(["stock.changed"]);
  for (let n = 0; n < 50; n += 1) await recordEvents(db, [book.receive(item("tea"), 1)]);
  await recordEvents(db, [book.receive(item("cup"), 1), book.receive(item("tea"), 1)]);
  await run(id);
  expect(told().sort()).toEqual([
    ["stock.changed", "cup", 1],
    ["stock.changed", "tea", 51],
  ]);
  const tea = receiver.received.find(({ body }) => body.data.sku === "tea");
  expect(tea?.body.data.merged).toBe(50);
});

test("D8: of one item nothing is told before what happened earlier; other items go on", async () => {
  const { id } = await endpoint(["stock.changed", "oversold"]);
  receiver.answer = ({ body }) => (body.data.sku === "tea" ? 500 : 200);
  const sold = { ...book.sell(item("tea"), "77", 3), oversold: 3 };
  await recordEvents(db, [sold, book.receive(item("cup"), 2)]);
  await run(id);
  expect(told()).toHaveLength(2); // the first of tea, and cup: not both of tea
  expect(later).toMatchObject([{ endpoint: id }]);
  await recordEvents(db, [book.receive(item("tea"), 9)]);
  await run(id);
  expect(told()).toHaveLength(2);
  receiver.answer = () => 200;
  now += HOUR_MS;
  await run(id);
  const tea = receiver.received.filter(({ body }) => body.data.sku === "tea").slice(1);
  const [first, ...rest] = tea.map(({ body }) => body);
  expect(tea.map(({ body }) => body.sequence)).toEqual(
    tea.map(({ body }) => body.sequence).toSorted((a, b) => a - b),
  );
  expect(first.id).toBe(receiver.received.find(({ body }) => body.data.sku === "tea")?.body.id);
  expect(rest.at(-1)).toMatchObject({ type: "stock.changed", data: { ats: 6 } });
  expect(tea.map(({ body }) => body.type)).toContain("oversold");
});

test("a slow endpoint delays nobody else", async () => {
  const slow = await endpoint(["stock.changed"], "/slow");
  const quick = await endpoint(["stock.changed"], "/quick");
  let release = () => {};
  const held = new Promise<number>((done) => {
    release = () => done(200);
  });
  receiver.answer = ({ path }) => (path === "/slow" ? held : 200);
  await recordEvents(db, [book.receive(item("tea"), 1)]);
  const waiting = run(slow.id);
  await run(quick.id); // ends although the other has no answer yet
  expect((await log(quick.id))[0]?.state).toBe("delivered");
  expect((await log(slow.id))[0]?.state).toBe("sending");
  release();
  await waiting;
  expect((await log(slow.id))[0]?.state).toBe("delivered");
});

test("D9: what is not taken for a day is a dead letter, and can be retried from there", async () => {
  const { id } = await endpoint(["stock.changed", "dead_letter.created"]);
  receiver.answer = () => 503;
  await recordEvents(db, [book.receive(item("tea"), 1)]);
  for (let tries = 0; (await log(id))[0]?.state !== "dead"; tries += 1) {
    await run(id);
    now += 5 * HOUR_MS;
    expect(tries).toBeLessThan(20);
  }
  const [letter] = await openDeadLetters(db, shop, { limit: 9 });
  expect(letter).toMatchObject({ kind: "webhook", error: "answered 503" });
  // What comes after is told again, and the letter itself is not: that address takes nothing.
  receiver.answer = () => 200;
  receiver.received.length = 0;
  await recordEvents(db, [book.receive(item("tea"), 1)]);
  await run(id);
  expect(told()).toEqual([["stock.changed", "tea", 2]]);
  const retried = await retryDeadLetter(db, shop, letter?.id ?? "", "mended");
  expect(retried).toMatchObject({ job: { name: "webhooks.deliver", payload: { endpoint: id } } });
  now += 1_000;
  await run(id);
  expect(told().at(-1)).toEqual(["stock.changed", "tea", 1]);
});

test("a process that died while it was sending loses nothing", async () => {
  const { id } = await endpoint(["stock.changed"]);
  await recordEvents(db, [book.receive(item("tea"), 1)]);
  await db.webhookDelivery.updateMany({
    where: { shopId: shop },
    data: { state: "sending", tries: 1, nextTryAt: new Date(now + 30_000) },
  });
  await run(id);
  expect(receiver.received).toEqual([]);
  now += 31_000;
  const asked: string[] = [];
  const enqueue = async (_: string, payload: { endpoint?: string }) => {
    asked.push(payload.endpoint ?? "");
  };
  await webhooksSweep({ db, enqueue: enqueue as never, now: () => now });
  expect(asked).toContain(id);
  await run(id);
  expect(told()).toEqual([["stock.changed", "tea", 1]]);
});

test("finished events are sent again under their own ids, once however often it is asked", async () => {
  const { id } = await endpoint(["stock.changed"]);
  for (const sku of ["tea", "cup"]) {
    await recordEvents(db, [book.receive(item(sku), 1)]);
    await run(id);
  }
  const ids = receiver.received.map(({ body }) => body.id);
  const since = (await log(id)).at(-1)?.sequence ?? "";
  const replay = { endpoint: id, key: "again", since };
  const asked = [replay, replay].map((wish) => replayDeliveries(db, shop, wish));
  expect(await Promise.all(asked)).toEqual(Array(2).fill({ events: 2, next: null }));
  const foreign = await replayDeliveries(db, "another shop", { ...replay, key: "x" });
  expect(foreign).toEqual({ events: 0, next: null });
  await run(id);
  expect(receiver.received.map(({ body }) => body.id)).toEqual([...ids, ...ids]);
});

test("more than one wish may bring is sent again wish by wish, each event once", async () => {
  const { id } = await endpoint(["stock.changed"]);
  for (let n = 0; n < 5; n += 1) {
    await recordEvents(db, [book.receive(item(n % 2 ? "tea" : "cup"), 1)]);
    await run(id);
  }
  const ids = receiver.received.map(({ body }) => body.id);
  let since = "0";
  const sizes: number[] = [];
  for (let wish = 1; wish < 10; wish += 1) {
    const asked = { endpoint: id, key: `wish ${wish}`, since };
    const { events, next } = await replayDeliveries(db, shop, asked, 2);
    expect(await replayDeliveries(db, shop, asked, 2), "the same answer").toEqual({ events, next });
    sizes.push(events);
    await run(id); // what was sent again is finished, and in the log
    if (next === null) break;
    since = next;
  }
  expect(sizes).toEqual([2, 2, 1]);
  expect(receiver.received.map(({ body }) => body.id)).toEqual([...ids, ...ids]);
});

test("other events: a hold that expires, a dead letter; and none for who is switched off", async () => {
  const all = await endpoint(["hold.expired", "dead_letter.created"]);
  const off = await endpoint(["hold.expired", "dead_letter.created"], "/off");
  await changeEndpoint(db, shop, off.id, { enabled: false });
  const hold = { id: "b_cart.a1b2c3d4.0", state: "expired", quantity: 2, expiresAt: now } as const;
  await recordEvents(db, [book.move(item("tea"), "expire", [], { hold })]);
  await bury(db, { shop, kind: "push", subject: "L1", error: "refused three times" });
  await run(all.id);
  expect(receiver.received.map(({ body }) => [body.type, body.data])).toMatchObject([
    ["hold.expired", { sku: "tea", hold: "b_cart", quantity: 2 }],
    ["dead_letter.created", { kind: "push", error: "refused three times" }],
  ]);
  expect(await log(off.id)).toEqual([]);
});

test("a rotated secret signs beside the new one for a day", async () => {
  const { id, secret } = await endpoint(["stock.changed"]);
  const rotated = await rotateSecret(db, ring, shop, id, "k", new Date(now));
  expect(await rotateSecret(db, ring, shop, id, "k", new Date(now))).toEqual(rotated);
  await recordEvents(db, [book.receive(item("tea"), 1)]);
  await run(id);
  now += 25 * HOUR_MS;
  await recordEvents(db, [book.receive(item("tea"), 1)]);
  await run(id);
  const [during, after] = receiver.received;
  if (!during || !after || !rotated) throw new Error("two were to come");
  expect([isSignedWith(secret, during), isSignedWith(rotated.secret, during)]).toEqual([
    true,
    true,
  ]);
  expect([isSignedWith(secret, after), isSignedWith(rotated.secret, after)]).toEqual([false, true]);
});

test("nothing is sent to a private address, and the log says so", async () => {
  const { id } = await endpoint(["stock.changed"]);
  await recordEvents(db, [book.receive(item("tea"), 1)]);
  await run(id, false);
  expect(receiver.received).toEqual([]);
  expect((await log(id))[0]).toMatchObject({ state: "retrying", status: null });
  expect((await log(id))[0]?.answer).toMatch(/^not sent: /);
});
