import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient } from "../../../connectors/walmart/client.ts";
import { doorSecret } from "../../../connectors/walmart/door-secret.ts";
import type { WalmartState } from "../../../connectors/walmart/sandbox/state.ts";
import { subscribe } from "../../../connectors/walmart/subscriptions.ts";
import {
  type Bench,
  buyOne,
  factsOf,
  JACKET,
  lineFor,
  listingOf,
  openChannel,
  PUSH_SEEN_MS,
} from "../harness.ts";

const DOOR = "https://app.example.com/webhooks/walmart/connection-walmart";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("walmart");
  bench.sandbox.stock([JACKET]);
});
afterEach(() => bench.close());

const stateOf = () => bench.sandbox.save() as WalmartState;
const eventsOf = () => stateOf().subscriptions.map((one) => one.eventType);

const WANTED = [
  "PO_CREATED",
  "PO_LINE_AUTOCANCELLED",
  "ORDER_UPDATES",
  "RETURN_CREATED",
  "RETURN_DELIVERED",
  "RETURN_INVOICED",
  "INVENTORY_OOS",
];

test("F: every wanted event that is offered is subscribed to, once", async () => {
  expect(await bench.session.subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  expect(eventsOf()).toEqual(WANTED);
  expect(await bench.connect().subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  expect(eventsOf(), "again changes nothing").toEqual(WANTED);
  expect(stateOf().market.door?.split("?")[0]).toBe(DOOR);
});

test("F: a subscription that broke off half way is completed, and another's is left alone", async () => {
  await bench.session.subscribe?.("https://other.example.com/door");
  await bench.session.subscribe?.(DOOR);
  stateOf().subscriptions.splice(WANTED.length + 1);
  await bench.session.subscribe?.(DOOR);
  const there = (url: string) =>
    stateOf().subscriptions.filter((one) => one.eventUrl.split("?")[0] === url);
  expect(there(DOOR)).toHaveLength(WANTED.length);
  expect(await bench.session.unsubscribe?.(DOOR)).toEqual({ outcome: "unsubscribed" });
  expect(there(DOOR)).toEqual([]);
  expect(there("https://other.example.com/door")).toHaveLength(WANTED.length);
  expect(await bench.session.unsubscribe?.(DOOR)).toEqual({ outcome: "unsubscribed" });
});

test("G: events come signed with what was subscribed with, or with its password", async () => {
  await bench.session.subscribe?.(DOOR);
  buyOne(bench);
  expect(await bench.news()).toMatchObject([{ outcome: "verified" }]);
  const secret = doorSecret(bench.account.secrets.clientSecret, bench.account.connection) ?? "";
  for (const one of stateOf().subscriptions) {
    one.authDetails = { authMethod: "BASIC_AUTH", userName: "ballast", password: secret };
  }
  buyOne(bench);
  expect(await bench.news()).toMatchObject([{ outcome: "verified" }]);
  for (const one of stateOf().subscriptions) one.authDetails.password = "another";
  buyOne(bench);
  expect(await bench.news()).toMatchObject([{ outcome: "forged" }]);
});

test("G: when the app's secret changes everything is asked for anew, and no event is lost between", async () => {
  await bench.session.subscribe?.(DOOR);
  const { clientSecret = "" } = bench.account.secrets;
  buyOne(bench);
  const sentBefore = await bench.arrived();
  // The same secret at Walmart, but another to derive the door's from: as after a rotation.
  const rotated = { clientSecret: "rotated", previousClientSecret: clientSecret };
  const account = { ...bench.account, secrets: { ...bench.account.secrets, ...rotated } };
  const before = new Set(stateOf().subscriptions.map((one) => one.subscriptionId));
  const client = createClient(bench.account, { now: bench.clock.now });
  expect(await subscribe(client, account, DOOR)).toEqual({ outcome: "subscribed" });
  expect(eventsOf()).toEqual(WANTED);
  expect(stateOf().subscriptions.some((one) => before.has(one.subscriptionId))).toBe(false);
  buyOne(bench);
  for (const request of [...sentBefore, ...(await bench.arrived())]) {
    const verified = await bench.connector.verify(request, account, { now: bench.clock.now });
    expect(verified).toMatchObject({ outcome: "verified" });
  }
});

test("F: the umbrella event says the same as the single ones", async () => {
  await bench.session.subscribe?.(DOOR);
  const state = stateOf();
  state.subscriptions = state.subscriptions.filter((one) => one.eventType === "ORDER_UPDATES");
  const { order } = buyOne(bench, 2);
  expect(await factsOf(bench, await bench.news())).toEqual([["sell", 2]]);
  bench.sandbox.cancel(order.id, [{ sku: JACKET.sku, quantity: 1 }]);
  expect(await factsOf(bench, await bench.news())).toEqual([
    ["sell", 2],
    ["cancel", 1],
  ]);
});

test("F: after the subscriptions are taken back nothing comes any more", async () => {
  await bench.session.subscribe?.(DOOR);
  await bench.session.unsubscribe?.(DOOR);
  buyOne(bench);
  expect(await bench.news()).toEqual([]);
});

test("H5: a push of nothing is echoed as an item that is out of stock", async () => {
  await bench.session.subscribe?.(DOOR);
  const row = await listingOf(bench, JACKET.sku);
  await bench.session.push([lineFor(row, 0)]);
  expect(await bench.news()).toEqual([]);
  expect(bench.levels).toEqual([{ stockId: JACKET.sku, quantity: 0, at: bench.clock.now() }]);
  bench.clock.advance(PUSH_SEEN_MS);
  expect(bench.sandbox.buy({ sku: JACKET.sku, quantity: 1 })).toMatchObject({ outcome: "refused" });
});

test("B8: an order that Walmart ships is heard of and ignored, and is not swept", async () => {
  bench.sandbox.stock([{ sku: "WFS", title: "Kept", quantity: 5, merchantFulfilled: false }]);
  bench.sandbox.buy({ sku: "WFS", quantity: 1 });
  expect(await bench.news()).toEqual([{ outcome: "ignored", why: "fulfilled by Walmart" }]);
  bench.clock.advance(60_000);
  const sweep = await bench.session.ordersSince(0, null);
  expect(sweep).toMatchObject({ outcome: "swept", messages: [] });
});
