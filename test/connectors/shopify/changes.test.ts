import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Message, Verification } from "../../../connectors/connector.ts";
import {
  type Bench,
  JACKET,
  lineFor,
  listingOf,
  messageOf,
  openChannel,
  SOCKS,
  START,
  sweepAll,
} from "../harness.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("shopify");
  bench.sandbox.stock([JACKET, SOCKS]);
});
afterEach(() => bench.close());

/** A webhook as Shopify signs it. */
async function hear(topic: string, body: object): Promise<Verification> {
  const bytes = Buffer.from(JSON.stringify(body));
  const secret = bench.account.secrets.clientSecret ?? "";
  const headers = {
    "X-Shopify-Topic": topic,
    "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(bytes).digest("base64"),
    "X-Shopify-Shop-Domain": bench.account.settings.shop,
    "X-Shopify-Webhook-Id": "w-1",
  };
  return bench.connector.verify({ headers, body: bytes }, bench.account, { now: bench.clock.now });
}

const hintsOf = (message: Message) => bench.connector.hint?.(message) ?? [];

/** What a message that points at an order ends in. */
async function followed(verification: Verification): Promise<string[]> {
  const message = messageOf(verification);
  expect(bench.connector.translate(message), "it says nothing by itself").toEqual([]);
  const answer = await bench.session.orders?.(hintsOf(message));
  if (answer?.outcome !== "orders") throw new Error(JSON.stringify(answer));
  return said(answer.messages);
}

function said(messages: readonly Message[]): string[] {
  return messages.flatMap(bench.connector.translate).map((one) => {
    const stage = one.fact === "return" ? ` ${one.stage}` : "";
    return `${one.fact} ${one.quantity} ${one.sku}${stage}`;
  });
}

function sold(quantity: number) {
  const bought = bench.sandbox.buy({ sku: SOCKS.sku, quantity });
  if (bought.outcome !== "sold") throw new Error(JSON.stringify(bought));
  return bought.order;
}

const FIELDS = {
  admin_graphql_api_id: "gid://shopify/Refund/1",
  note: "Ada asked",
  created_at: "",
};

test("F: a refund points at its order, and keeps nothing else", async () => {
  const order = sold(3);
  bench.sandbox.cancel(order.id, [{ sku: SOCKS.sku, quantity: 1 }]);
  const refund = { id: 1, order_id: Number(order.id), restock: true, ...FIELDS };
  const heard = await hear("refunds/create", refund);
  expect(messageOf(heard).payload).toEqual({ about: order.id });
  expect(await followed(heard)).toEqual(["sell 3 SOCKS", "cancel 1 SOCKS"]);
});

test.each([
  ["some of it", [{ sku: SOCKS.sku, quantity: 2 }], ["sell 3 SOCKS", "ship 2 SOCKS"]],
  ["all of it", null, ["sell 3 SOCKS", "ship 3 SOCKS"]],
])(
  "F: a refund of %s without restock gives nothing back, webhook and sweep alike",
  async (_, lines, said3) => {
    const order = sold(3);
    await bench.news();
    bench.sandbox.cancel(order.id, lines, { restock: false });
    const webhooks = (await bench.news()).map(messageOf);
    const told = webhooks.filter(({ topic }) => topic.startsWith("orders/"));
    expect(said(told)).toEqual(said3);
    expect(said(await sweepAll(bench.session, START - 1_000))).toEqual(said3);
  },
);

test("F: an edit points at its order", async () => {
  const order = sold(2);
  bench.sandbox.cancel(order.id, [{ sku: SOCKS.sku, quantity: 1 }]);
  const edit = { order_edit: { id: 7, order_id: Number(order.id), line_items: {} } };
  expect(await followed(await hear("orders/edited", edit))).toEqual([
    "sell 2 SOCKS",
    "cancel 1 SOCKS",
  ]);
});

test("F: a return is told as it goes, and moves no stock", async () => {
  const order = sold(2);
  bench.sandbox.ship(order.id, null);
  await bench.news();
  const announced = bench.sandbox.announceReturn(order.id, [{ sku: SOCKS.sku, quantity: 1 }]);
  if (announced.outcome !== "returned") throw new Error(JSON.stringify(announced));
  const tell = async () => {
    const [heard] = await bench.news();
    if (!heard) throw new Error("nothing heard");
    return followed(heard);
  };
  const facts = ["sell 2 SOCKS", "ship 2 SOCKS"];
  expect(await tell()).toEqual([...facts, "return 1 SOCKS announced"]);
  bench.sandbox.moveReturn(announced.back.id, "arrived");
  expect(await tell()).toEqual([...facts, "return 1 SOCKS arrived"]);
  bench.sandbox.moveReturn(announced.back.id, "closed");
  expect(await tell()).toEqual([...facts, "return 1 SOCKS closed"]);
});

test("F: what became of returned goods points at the order behind them", async () => {
  const order = sold(1);
  bench.sandbox.ship(order.id, null);
  const announced = bench.sandbox.announceReturn(order.id, null);
  if (announced.outcome !== "returned") throw new Error(JSON.stringify(announced));
  const topic = "reverse_fulfillment_orders/dispose";
  const told = ["sell 1 SOCKS", "ship 1 SOCKS", "return 1 SOCKS announced"];
  const id = Number(`8${announced.back.id}`);
  expect(await followed(await hear(topic, { id, dispositions: [] }))).toEqual(told);
  const gid = `gid://shopify/ReverseFulfillmentOrder/${id}`;
  expect(await followed(await hear(topic, { id: gid, dispositions: [] }))).toEqual(told);
  const back = { id: Number(announced.back.id), status: "open" };
  expect(await followed(await hear("returns/update", back))).toEqual(told);
});

test("F: a hint at an order that is gone ends in nothing, and one without an order is malformed", async () => {
  expect(await followed(await hear("refunds/create", { id: 1, order_id: 404 }))).toEqual([]);
  expect(await hear("refunds/create", { id: 1 })).toMatchObject({ outcome: "malformed" });
  expect(await hear("returns/close", { status: "closed" })).toMatchObject({
    outcome: "malformed",
  });
});

test("F: a lost message about a return is found by the sweep of orders", async () => {
  const order = sold(1);
  bench.sandbox.ship(order.id, null);
  bench.sandbox.announceReturn(order.id, null);
  const swept = await sweepAll(bench.session, START - 1_000);
  expect(said(swept)).toEqual(["sell 1 SOCKS", "ship 1 SOCKS", "return 1 SOCKS announced"]);
  const asked = await bench.session.orders?.([order.id]);
  if (asked?.outcome !== "orders") throw new Error(JSON.stringify(asked));
  const names = (messages: readonly Message[]) => messages.map((one) => one.externalId);
  expect(names(asked.messages), "asked for or swept, it is stored once").toEqual(names(swept));
});

test("F: many hints are followed inside the limit of one call", async () => {
  const orders = Array.from({ length: 25 }, () => sold(1).id);
  const answer = await bench.session.orders?.([...orders, ...orders]);
  expect(answer).toMatchObject({ outcome: "orders" });
  expect(answer?.outcome === "orders" && answer.messages).toHaveLength(25);
});

test("H5: a sale and a push are both told as levels, by the name the listing has for them", async () => {
  const row = await listingOf(bench, SOCKS.sku);
  sold(3);
  await bench.news();
  const at = bench.clock.now();
  expect(bench.levels.splice(0)).toEqual([{ stockId: row.stockId, quantity: 47, at }]);
  await bench.session.push([lineFor(row, 40, 47)]);
  expect(await bench.news()).toEqual([]);
  expect(bench.levels).toEqual([{ stockId: row.stockId, quantity: 40, at }]);
});

const level = { inventory_item_id: 7, available: 3, updated_at: "2026-11-24T12:00:00Z" };
const ours = () => Number(bench.account.settings.locationId?.split("/").at(-1));

test("H5: levels of another location, or of what is not tracked, are nobody's echo", async () => {
  const topic = "inventory_levels/update";
  const at = Date.parse(level.updated_at);
  expect(await hear(topic, { ...level, location_id: ours() })).toEqual({
    outcome: "levels",
    levels: [{ stockId: "gid://shopify/InventoryItem/7", quantity: 3, at }],
  });
  expect(await hear(topic, { ...level, location_id: 1 })).toMatchObject({ outcome: "ignored" });
  const untracked = { ...level, location_id: ours(), available: null };
  expect(await hear(topic, untracked)).toMatchObject({ outcome: "ignored" });
  expect(await hear(topic, { ...level, location_id: "x" })).toMatchObject({
    outcome: "malformed",
  });
});

test("F: the app's removal takes our access back", async () => {
  expect(await hear("app/uninstalled", { id: 1, email: "ada.buyer@example.com" })).toEqual({
    outcome: "deauthorized",
    why: expect.stringContaining("removed"),
  });
});

test("F: a connection's door is subscribed once, whoever asks again, and let go of", async () => {
  const door = "https://ballast.example.com/webhooks/shopify/c-1";
  const { session } = bench;
  expect(await session.subscribe?.(door)).toEqual({ outcome: "subscribed" });
  const made = bench.calls.length;
  bench.clock.advance(60_000);
  expect(await session.subscribe?.(door)).toEqual({ outcome: "subscribed" });
  expect(bench.calls.length - made, "it only looks").toBe(1);
  const { subscriptions } = bench.sandbox.save() as { subscriptions: { topic: string }[] };
  const topics = subscriptions.map((one) => one.topic);
  expect(topics).toEqual(expect.arrayContaining(["ORDERS_CREATE", "INVENTORY_LEVELS_UPDATE"]));
  expect(new Set(topics).size).toBe(topics.length);
  expect(await session.unsubscribe?.(door)).toEqual({ outcome: "unsubscribed" });
  expect(bench.sandbox.save()).toMatchObject({ subscriptions: [] });
});

test("F: a shipment that is cancelled is taken back, by webhook and sweep alike", async () => {
  const order = sold(3);
  bench.sandbox.ship(order.id, [{ sku: SOCKS.sku, quantity: 2 }]);
  await bench.news();
  bench.clock.advance(1_000);
  expect(bench.sandbox.unship(order.id)).toMatchObject({ outcome: "changed" });
  const facts = ["sell 3 SOCKS", "ship 2 SOCKS", "unship 2 SOCKS"];
  expect(said((await bench.news()).map(messageOf))).toEqual(facts);
  expect(said(await sweepAll(bench.session, START))).toEqual(facts);
  bench.clock.advance(1_000);
  bench.sandbox.ship(order.id, null);
  expect(said((await bench.news()).map(messageOf))).toEqual([
    "sell 3 SOCKS",
    "ship 5 SOCKS",
    "unship 2 SOCKS",
  ]);
});
