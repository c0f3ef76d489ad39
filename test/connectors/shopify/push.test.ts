import { afterEach, beforeEach, expect, test } from "vitest";
import type { ListingRecord } from "../../../connectors/connector.ts";
import { call } from "../../../connectors/http.ts";
import { allListings, type Bench, lineFor, openChannel, shownOf } from "../harness.ts";

let bench: Bench;
let rows: ListingRecord[];

beforeEach(async () => {
  bench = openChannel("shopify");
  const stock = Array.from({ length: 6 }, (_, n) => ({
    sku: `S${n}`,
    title: `Item ${n}`,
    quantity: 10,
  }));
  bench.sandbox.stock(stock);
  rows = await allListings(bench.session);
});
afterEach(() => bench.close());

const line = (at: number, quantity: number, expected: number | null = 10) => {
  const row = rows[at];
  if (!row) throw new Error(`no row ${at}`);
  return lineFor(row, quantity, expected);
};

test("F: bad rows of a batch get their own result, and the good ones still count", async () => {
  bench.sandbox.buy({ sku: "S1", quantity: 4 });
  const foreign = {
    ...line(3, 5),
    handle: { ...rows[3]?.handle, inventoryItemId: "gid://shopify/InventoryItem/1" },
  };
  const batch = [line(0, 1), line(1, 2), line(2, -3), foreign, line(4, 5), line(5, 6, null)];
  const results = await bench.session.push(batch);
  expect(results.map((one) => one.outcome)).toEqual([
    "accepted",
    "accepted",
    "rejected",
    "rejected",
    "accepted",
    "accepted",
  ]);
  expect(results[1], "four were sold there").toEqual({ outcome: "accepted", found: 6 });
  expect(results[2]).toMatchObject({ why: expect.stringContaining("INVALID_QUANTITY_NEGATIVE") });
  const displayed = bench.sandbox.describe().listings.map((listing) => listing.recorded);
  expect(displayed).toEqual([1, 0, 10, 10, 5, 6]);
});

test("F: THROTTLED is told in a 200, and its wait is what the cost is short of", async () => {
  bench.sandbox.market().buckets.points = { tokens: 1, at: bench.clock.now() };
  const [result] = await bench.session.push([line(0, 1)]);
  // 10 for the mutation, 3 for the objects it may bring; 100 points come back a second.
  expect(result).toEqual({
    outcome: "throttled",
    retryAt: bench.clock.now() + 120,
    why: "Throttled",
  });
});

test("F: the storefront follows by the difference: a sale in between stays sold", async () => {
  const [row] = rows;
  if (!row) throw new Error("no row");
  expect(await bench.session.push([line(0, 8)])).toEqual([{ outcome: "accepted" }]);
  bench.sandbox.buy({ sku: "S0", quantity: 3 });
  expect(await shownOf(bench.session, row)).toBe(7);
  bench.clock.advance(1_000);
  expect(await shownOf(bench.session, row)).toBe(5);
});

test("F: only a repetition of the same rows under the same keys is a repetition", async () => {
  const first = line(0, 8);
  expect(await bench.session.push([first])).toEqual([{ outcome: "accepted" }]);
  expect(await bench.session.push([first]), "replayed").toEqual([{ outcome: "accepted" }]);
  // Another push, compared with 10: two are missing by now, and stay missing.
  expect(await bench.session.push([{ ...first, key: "another" }])).toEqual([
    { outcome: "accepted", found: 8 },
  ]);
  expect(bench.sandbox.market().stats.pushes).toBe(2);
  expect(bench.sandbox.market().listings.S0?.recorded).toBe(6);
});

const raw = async (query: string, variables: object) => {
  const { shop } = bench.account.settings;
  const response = await call({}, `https://${shop}/admin/api/2026-10/graphql.json`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-shopify-access-token": bench.account.secrets.accessToken ?? "",
    },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
};

const setting = (directive: string) => `mutation($input: InventorySetQuantitiesInput!) {
  inventorySetQuantities(input: $input) ${directive} { userErrors { code field message } } }`;

const rowOf = (quantity: number, more: object) => ({
  name: "available",
  reason: "correction",
  quantities: [
    {
      inventoryItemId: rows[0]?.handle.inventoryItemId,
      locationId: bench.account.settings.locationId,
      quantity,
      ...more,
    },
  ],
});

test("F: the sandbox refuses what Shopify refuses although its schema allows it", async () => {
  const unsafe = await raw(setting(""), { input: rowOf(1, { changeFromQuantity: null }) });
  expect(unsafe).toMatchObject({ errors: [{ extensions: { code: "BAD_REQUEST" } }] });
  const silent = await raw(setting('@idempotent(key: "k")'), { input: rowOf(1, {}) });
  expect(silent).toMatchObject({ errors: [{ extensions: { code: "INVALID_FIELD_ARGUMENTS" } }] });
  const many = { ...rowOf(1, { changeFromQuantity: null }) };
  many.quantities = Array.from({ length: 251 }, () => many.quantities[0] ?? never());
  const full = await raw(setting('@idempotent(key: "k")'), { input: many });
  expect(full).toMatchObject({ errors: [{ extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" } }] });
});

test("F: one idempotency key with other parameters is a mismatch", async () => {
  const once = setting('@idempotent(key: "k")');
  await raw(once, { input: rowOf(1, { changeFromQuantity: null }) });
  expect(await raw(once, { input: rowOf(2, { changeFromQuantity: null }) })).toMatchObject({
    data: {
      inventorySetQuantities: { userErrors: [{ code: "IDEMPOTENCY_KEY_PARAMETER_MISMATCH" }] },
    },
  });
});

test("F: a document that asks for too much is refused before it is run", async () => {
  const greedy = "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id } } } } }";
  expect(await raw(greedy, {})).toMatchObject({
    errors: [{ extensions: { code: "MAX_COST_EXCEEDED" } }],
    extensions: { cost: { actualQueryCost: null } },
  });
});

function never(): never {
  throw new Error("there is a row");
}

test("B8: what is not stocked at a location that is kept at 0 is told all the same", async () => {
  const second = bench.sandbox.openPlace("Store")?.id ?? "";
  bench.sandbox.stock([{ sku: "LATER", title: "Not stocked in the store", quantity: 10 }]);
  const settings = { ...bench.account.settings, emptiedPlaces: second };
  const session = bench.connect({ settings });
  const all = await allListings(session);
  const results = await session.push(all.map((row) => lineFor(row, 4, 10)));
  expect(results).toEqual(all.map(() => ({ outcome: "accepted" })));
  const { listings } = bench.sandbox.market();
  expect(listings.LATER).toMatchObject({ recorded: 4 });
  expect(listings.LATER).not.toHaveProperty("elsewhere");
  expect(listings.S0).toMatchObject({ recorded: 4, elsewhere: { [second]: 0 } });
});

test("B8: with locations kept at 0, a whole push is so many calls as its rows need", async () => {
  const second = bench.sandbox.openPlace("Store")?.id ?? "";
  const stock = Array.from({ length: 244 }, (_, n) => {
    return { sku: `M${n}`, title: `More ${n}`, quantity: 1 };
  });
  bench.sandbox.stock(stock);
  const session = bench.connect({
    settings: { ...bench.account.settings, emptiedPlaces: second },
  });
  const all = await allListings(session);
  const results = await session.push(all.map((row) => lineFor(row, 4)));
  expect(results.filter(({ outcome }) => outcome === "accepted")).toHaveLength(250);
});
