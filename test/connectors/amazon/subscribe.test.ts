import { afterEach, beforeEach, expect, test } from "vitest";
import type { AmazonState } from "../../../connectors/amazon/sandbox/state.ts";
import {
  type Bench,
  JACKET,
  lineFor,
  listingOf,
  openChannel,
  PUSH_SEEN_MS,
  START,
} from "../harness.ts";
import { modelTroubles } from "./checked.ts";
import { notificationModel } from "./model.ts";

const DOOR = "https://app.example.com/webhooks/amazon/c";
const checkQuantities = notificationModel("ListingsItemMfnQuantityChange");

let bench: Bench;
beforeEach(() => {
  bench = openChannel("amazon");
  bench.sandbox.stock([JACKET]);
});
afterEach(() => bench.close());

const stateOf = () => bench.sandbox.save() as AmazonState;

test("F: a seller's notifications are asked for, to the queue, once", async () => {
  expect(await bench.session.subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  const { destinations, subscriptions } = stateOf();
  expect(destinations.map((one) => one.resource)).toMatchObject([
    { sqs: { arn: "arn:aws:sqs:us-east-1:123456789012:ballast-order-change" } },
    { eventBridge: { accountId: "123456789012", region: "us-east-1" } },
  ]);
  expect(Object.keys(subscriptions)).toEqual(["ORDER_CHANGE", "LISTINGS_ITEM_MFN_QUANTITY_CHANGE"]);
  const before = structuredClone(subscriptions);
  bench.clock.advance(10_000);
  expect(await bench.connect().subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  expect(stateOf().subscriptions).toEqual(before);
  expect(stateOf().destinations).toHaveLength(2);
  expect(await modelTroubles(bench)).toEqual([]);
});

test("F: what leads to an old queue makes way", async () => {
  await bench.session.subscribe?.(DOOR);
  const old = stateOf().subscriptions.ORDER_CHANGE?.destinationId;
  bench.clock.advance(10_000);
  const settings = {
    ...bench.account.settings,
    queueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/another",
  };
  expect(await bench.connect({ settings }).subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  expect(stateOf().subscriptions.ORDER_CHANGE?.destinationId).not.toBe(old);
});

test("F: a disconnected seller's notifications end; doing it again changes nothing", async () => {
  await bench.session.subscribe?.(DOOR);
  for (let n = 0; n < 2; n += 1) {
    bench.clock.advance(10_000);
    expect(await bench.connect().unsubscribe?.(DOOR)).toEqual({ outcome: "unsubscribed" });
    expect(stateOf().subscriptions).toEqual({});
  }
  expect(stateOf().destinations, "the app's, for other sellers").toHaveLength(2);
  expect(await modelTroubles(bench)).toEqual([]);
});

test("F: without a queue there is nothing to subscribe to", async () => {
  const { queueUrl: _none, ...settings } = bench.account.settings;
  const { queueUrl: _neither, ...secrets } = { queueUrl: "", ...bench.account.secrets };
  const session = bench.connect({ settings, secrets });
  expect(await session.subscribe?.(DOOR)).toMatchObject({ outcome: "not-supported" });
});

test("F: a subscription that must wait is told so, and goes on later", async () => {
  bench.sandbox.setFaults({ throttleNext: 1 });
  expect(await bench.session.subscribe?.(DOOR)).toMatchObject({ outcome: "throttled" });
  bench.clock.advance(1_000);
  expect(await bench.session.subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
});

test("H5: once asked for, Amazon tells what buyers see of a listing", async () => {
  await bench.session.subscribe?.(DOOR);
  const row = await listingOf(bench, JACKET.sku);
  await bench.session.push([lineFor(row, 7)]);
  expect(await bench.news(), "not before it is so").toEqual([]);
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await bench.news()).toEqual([]);
  expect(bench.levels).toEqual([{ stockId: JACKET.sku, quantity: 7, at: expect.any(Number) }]);
  expect(bench.levels[0]?.at).toBeGreaterThan(START);
});

test("H5: what Amazon tells of quantities keeps its schema", async () => {
  await bench.session.subscribe?.(DOOR);
  await bench.session.push([lineFor(await listingOf(bench, JACKET.sku), 7)]);
  bench.clock.advance(PUSH_SEEN_MS);
  await bench.session.receive?.(0, new AbortController().signal);
  const [message] = bench.sandbox.market().outgoing;
  const { detail } = JSON.parse(message?.body ?? "{}");
  expect(checkQuantities?.(detail) ?? []).toEqual([]);
});
