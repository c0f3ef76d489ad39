import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bench, buyOne, JACKET, openChannel, SOCKS } from "../harness.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("ebay");
  bench.sandbox.stock([JACKET, SOCKS]);
});
afterEach(() => bench.close());

const DOOR = "http://door.test/webhooks/ebay/connection-ebay";
const APP_DOOR = "http://door.test/webhooks/app/ebay";

interface Kept {
  alertEmail: string | null;
  destinations: { destinationId: string; deliveryConfig: { endpoint: string } }[];
  subscriptions: { topicId: string; destinationId: string; status: string; app: boolean }[];
}

const kept = () => bench.sandbox.save() as Kept;

const writes = () =>
  bench.calls.filter(({ request }) => /notification/.test(request.url) && request.method !== "GET")
    .length;

const topics = () =>
  kept()
    .subscriptions.map((one) => `${one.topicId} ${one.app ? "app" : "merchant"}`)
    .sort();

const ALL = [
  "AUTHORIZATION_REVOCATION app",
  "ITEM_MARKED_SHIPPED merchant",
  "MARKETPLACE_ACCOUNT_DELETION app",
  "ORDER_CONFIRMATION merchant",
];

test("F: eBay makes sure of the door and sends there; asked again, nothing is written", async () => {
  expect(await bench.session.subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  expect(topics()).toEqual(ALL);
  expect(kept().alertEmail).toBe("alerts@sandbox.example");
  expect(kept().destinations.map((one) => one.deliveryConfig.endpoint)).toEqual([DOOR, APP_DOOR]);
  const before = writes();
  expect(await bench.session.subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  expect(writes()).toBe(before);
  buyOne(bench);
  expect(await bench.news()).toMatchObject([{ outcome: "verified" }]);
});

test("F: eBay's alerts go to the mailbox that was named, and to no invented one", async () => {
  const { alertEmail: _, ...unnamed } = bench.account.secrets;
  const without = bench.connect({ secrets: unnamed });
  expect(await without.subscribe?.(DOOR)).toMatchObject({
    outcome: "unauthorized",
    why: expect.stringContaining("mailbox"),
  });
  expect(kept()).toMatchObject({ alertEmail: null, destinations: [] });
  expect(await bench.session.subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  expect(await without.subscribe?.(DOOR), "one is there").toEqual({ outcome: "subscribed" });
  const moved = bench.connect({ secrets: { ...unnamed, alertEmail: "ops@shop.example" } });
  expect(await moved.subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  expect(kept().alertEmail).toBe("ops@shop.example");
});

test("F: a door that does not know our token is not sent to", async () => {
  const wrong = { ...bench.account.secrets, verificationToken: "x".repeat(40) };
  const session = bench.connect({ secrets: wrong });
  expect(await session.subscribe?.(DOOR)).toMatchObject({
    outcome: "not-supported",
    why: expect.stringContaining("195020"),
  });
  expect(kept().destinations).toEqual([]);
});

test("F: a destination that was marked down, and topics that were switched off, come back", async () => {
  await bench.session.subscribe?.(DOOR);
  const { destinations, subscriptions } = kept();
  bench.sandbox.load({
    ...kept(),
    destinations: destinations.map((one) => ({ ...one, status: "MARKED_DOWN" })),
    subscriptions: subscriptions.map((one) => ({ ...one, status: "DISABLED" })),
  });
  expect(await bench.session.subscribe?.(DOOR)).toEqual({ outcome: "subscribed" });
  expect(kept().subscriptions.map(({ status }) => status)).toEqual(ALL.map(() => "ENABLED"));
  expect(kept().destinations).toMatchObject([{ status: "ENABLED" }, { status: "ENABLED" }]);
});

test("F: a merchant's topics lead to his door, and the app's to its own, wherever they led", async () => {
  const leads = () => {
    const at = new Map(kept().destinations.map((one) => [one.destinationId, one.deliveryConfig]));
    const places = kept().subscriptions.map((one) => [
      one.topicId,
      at.get(one.destinationId)?.endpoint,
    ]);
    return Object.fromEntries(places);
  };
  await bench.session.subscribe?.(DOOR);
  const [first] = kept().destinations;
  const { subscriptions } = kept();
  const misled = subscriptions.map((one) => ({ ...one, destinationId: first?.destinationId }));
  bench.sandbox.load({ ...kept(), subscriptions: misled });
  await bench.session.subscribe?.(`${DOOR}-2`);
  expect(leads()).toEqual({
    ORDER_CONFIRMATION: `${DOOR}-2`,
    ITEM_MARKED_SHIPPED: `${DOOR}-2`,
    AUTHORIZATION_REVOCATION: APP_DOOR,
    MARKETPLACE_ACCOUNT_DELETION: APP_DOOR,
  });
});

test("F: disconnecting takes back the merchant's topics, and does so once", async () => {
  await bench.session.subscribe?.(DOOR);
  expect(await bench.session.unsubscribe?.(DOOR)).toEqual({ outcome: "unsubscribed" });
  expect(topics()).toEqual(ALL.filter((one) => one.endsWith("app")));
  const before = bench.sandbox.market().door;
  expect(before).toBeNull();
  expect(await bench.session.unsubscribe?.(DOOR)).toEqual({ outcome: "unsubscribed" });
  expect(await bench.session.unsubscribe?.("http://door.test/never")).toEqual({
    outcome: "unsubscribed",
  });
});

test("F: an order of several lines is confirmed line by line, again after a failed payment", async () => {
  const lines = [
    { sku: JACKET.sku, quantity: 1 },
    { sku: SOCKS.sku, quantity: 2 },
  ];
  bench.sandbox.order({ lines });
  const news = await bench.news();
  expect(news).toHaveLength(3);
  const ids = news.map((one) => (one.outcome === "verified" ? one.message.externalId : ""));
  expect(new Set(ids).size).toBe(3);
  expect(JSON.stringify(news)).not.toContain("SOCKS");
});
