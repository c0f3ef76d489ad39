import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ListingRecord, ToldRate } from "../../../connectors/connector.ts";
import { allListings, type Bench, lineFor, openChannel } from "../harness.ts";

let bench: Bench;
let rows: ListingRecord[];
let open: boolean;
beforeEach(async () => {
  bench = openChannel("shopify");
  open = true;
  const shelf = ["HOT", "CALM"].map((sku) => ({ sku, title: sku, quantity: 100 }));
  bench.sandbox.stock(shelf);
  rows = await allListings(bench.session);
  bench.calls.splice(0);
});
afterEach(() => close());

/** Some tests put another server in the sandbox's place. */
function close(): void {
  if (open) bench.close();
  open = false;
}

const lines = () => rows.map((row) => lineFor(row, 90, 100));

test("F: a sale that was not heard of costs a push a set, a read and a set", async () => {
  bench.sandbox.buy({ sku: "HOT", quantity: 5 });
  expect(await bench.session.push(lines())).toEqual([
    { outcome: "accepted", found: 95 },
    { outcome: "accepted" },
  ]);
  expect(bench.calls).toHaveLength(3);
});

test("F: what sells between every two calls is left for the next push, and holds up nobody", async () => {
  // A shopper comes before each call: whatever was read is stale by the time it is set.
  const shop = `https://${bench.account.settings.shop}`;
  const rush = setupServer(
    http.post(`${shop}/admin/api/:version/graphql.json`, () => {
      bench.sandbox.buy({ sku: "HOT", quantity: 1 });
    }),
    ...bench.sandbox.handlers,
  );
  let calls = 0;
  rush.events.on("response:mocked", () => {
    calls += 1;
  });
  close();
  rush.listen({ onUnhandledFrame: "error" });
  const results = await bench.session.push(lines());
  rush.close();
  // One came before the first set, one before the reading, and one before the second set.
  expect(results).toEqual([{ outcome: "stale", current: 98 }, { outcome: "accepted" }]);
  expect(calls).toBe(4);
});

test("F: a reading tells what buyers see, and what the next push is compared with", async () => {
  await bench.session.push(lines());
  bench.sandbox.buy({ sku: "HOT", quantity: 1 });
  const read = await bench.session.readBack(rows);
  const numbers = { HOT: { quantity: 99, recorded: 89 }, CALM: { quantity: 100, recorded: 90 } };
  expect(read).toMatchObject({
    outcome: "read",
    rows: rows.map(({ sku }) => numbers[sku as keyof typeof numbers]),
  });
});

test("F: a push tells how many more the shop's plan lets through", async () => {
  const told: [string, ToldRate][] = [];
  const session = bench.connect({}, { onRate: (call, rate) => told.push([call, rate]) });
  await session.push(lines().slice(0, 1));
  expect(told).toEqual([["push", { perSecond: 4, left: expect.any(Number) }]]);
  bench.sandbox.market().buckets.points = { tokens: 0, at: bench.clock.now() };
  await session.push(lines().slice(0, 1));
  const moreAt = bench.clock.now() + 130;
  expect(told[1]).toEqual(["push", { perSecond: 4, left: 0, moreAt }]);
});

const refusals: [code: string, message: string, why: RegExp][] = [
  ["INVALID_LOCATION", "no such location", /Choose another on the channel's page/],
  ["ITEM_NOT_STOCKED_AT_LOCATION", "x", /Stock it there/],
  ["INVALID_QUANTITY", "The item is not stocked at this location", /Stock it there/],
  ["INVALID_INVENTORY_ITEM", "x", /Import the listings again/],
  ["NON_MUTABLE_INVENTORY_ITEM", "x", /bundle/],
];

test.each(refusals)("D9: %s (%s) says what to do about it", async (code, message, why) => {
  close();
  const field = ["input", "quantities", "0", "locationId"];
  const userErrors = [{ code, field, message }];
  const shop = `https://${bench.account.settings.shop}`;
  const data = { inventorySetQuantities: { inventoryAdjustmentGroup: null, userErrors } };
  const refusing = setupServer(http.post(`${shop}/*`, () => HttpResponse.json({ data })));
  refusing.listen({ onUnhandledFrame: "error" });
  const [result] = await bench.session.push(lines().slice(0, 1));
  refusing.close();
  expect(result).toEqual({ outcome: "rejected", why: expect.stringMatching(why) });
});
