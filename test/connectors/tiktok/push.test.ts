import { afterEach, beforeEach, expect, test } from "vitest";
import type { ListingRecord } from "../../../connectors/connector.ts";
import { nameCode, type Refused } from "../../../connectors/tiktok/codes.ts";
import { productSchema, recordsOf } from "../../../connectors/tiktok/listings.ts";
import { resultsOf } from "../../../connectors/tiktok/push.ts";
import { inventorySchema, liveQuantities } from "../../../connectors/tiktok/read-back.ts";
import { allListings, type Bench, lineFor, openChannel } from "../harness.ts";
import { readModel } from "../models.ts";

const SHIRTS = ["RED", "BLUE", "GREEN"].map((sku) => ({
  ...{ sku, title: "Shirt", quantity: 5 },
  product: "RED",
}));

let bench: Bench;
beforeEach(() => {
  bench = openChannel("tiktok");
  bench.sandbox.stock([...SHIRTS, { sku: "MUG", title: "Mug", quantity: 9 }]);
});
afterEach(() => bench.close());

const pushCalls = () =>
  bench.calls.filter(({ request }) => request.url.includes("inventory/update"));
const shirts = async () =>
  (await allListings(bench.session)).filter(({ title }) => title === "Shirt");

test("F: each SKU of a product is a listing, and all of them go in one call", async () => {
  const rows = await shirts();
  expect(rows.map(({ sku }) => sku)).toEqual(["RED", "BLUE", "GREEN"]);
  expect(new Set(rows.map(({ group }) => group)).size, "one product").toBe(1);
  const results = await bench.session.push(rows.map((row, n) => lineFor(row, n)));
  expect(results).toEqual(rows.map(() => ({ outcome: "accepted" })));
  expect(pushCalls()).toHaveLength(1);
  bench.clock.advance(1_000);
  const read = await bench.session.readBack(rows);
  expect(read).toMatchObject({ rows: [{ quantity: 0 }, { quantity: 1 }, { quantity: 2 }] });
});

test("D9: code 0 may still refuse a row: it is rejected alone, with TikTok's reason", async () => {
  const [red, blue, green] = (await shirts()) as [ListingRecord, ListingRecord, ListingRecord];
  const gone = { ...blue, externalId: "1729999999999999999" };
  const lines = [lineFor(red, 1), lineFor(gone, 2), lineFor(green, -3)];
  expect(await bench.session.push(lines)).toEqual([
    { outcome: "accepted" },
    { outcome: "rejected", why: expect.stringContaining("12052048") },
    { outcome: "rejected", why: expect.stringContaining("below zero") },
  ]);
  const [call] = pushCalls();
  expect(await call?.response.json(), "a success, by its code").toMatchObject({ code: 0 });
});

test("D9: a product that is gone rejects its rows, whatever the HTTP status", async () => {
  const [red] = (await shirts()) as [ListingRecord];
  const gone = { ...red, handle: { ...red.handle, productId: "1731999999999999999" } };
  expect(await bench.session.push([lineFor(gone, 1)])).toEqual([
    { outcome: "rejected", why: expect.stringContaining("Product not found") },
  ]);
});

test("F: errors of rows, and one that names none of ours", () => {
  const row = (id: string) => lineFor({ externalId: id, handle: {} } as ListingRecord, 1);
  const lines = [row("1"), row("2"), row("3")];
  const of = (sku_id: string, code: number) => ({ code, message: "m", detail: { sku_id } });
  expect(resultsOf(lines, [of("2", 36_009_002), of("3", 36_009_003)], 5_000)).toMatchObject([
    { outcome: "accepted" },
    { outcome: "throttled", retryAt: 5_000 },
    { outcome: "unknown" },
  ]);
  const outcomes = resultsOf(lines, [of("9", 12_019_022), of("1", 36_009_004)], 0);
  expect(outcomes.map((one) => one.outcome)).toEqual(["rejected", "rejected", "rejected"]);
});

test("H5: our own push comes back as what the listing shows", async () => {
  const [red] = (await shirts()) as [ListingRecord];
  await bench.session.push([lineFor(red, 3)]);
  expect(await bench.news()).toEqual([]);
  expect(bench.levels).toEqual([{ stockId: red.externalId, quantity: 3, at: bench.clock.now() }]);
});

const codes: [code: number, write: string, read: string, cause?: string][] = [
  [36_009_002, "throttled", "throttled"],
  [36_009_003, "unknown", "unavailable"],
  [36_009_007, "unknown", "unavailable"],
  [105_001, "unauthorized", "unauthorized", "revoked"],
  [105_005, "unauthorized", "unauthorized", "forbidden"],
  [101_000, "unauthorized", "unauthorized", "revoked"],
  [106_001, "unauthorized", "unauthorized", "forbidden"],
  [36_009_033, "unauthorized", "unauthorized", "forbidden"],
  [106_013, "not-supported", "not-supported"],
  [36_009_004, "not-supported", "not-supported"],
  [12_052_037, "rejected", "rejected"],
  [12_019_022, "rejected", "rejected"],
];

test.each(codes)("F: code %i is %s for a write and %s for a read", (code, write, read, cause) => {
  const named = (kind: "read" | "write"): ReturnType<typeof nameCode> | Refused =>
    nameCode(code, "why", kind, 1);
  expect(named("write")).toMatchObject({ outcome: write, ...(cause ? { cause } : {}) });
  expect(named("read")).toMatchObject({ outcome: read, ...(cause ? { cause } : {}) });
});

const OWN = ["70549152830431741", "70549152830431742"];
const lying = (...stock: [warehouse: string, quantity: number][]) =>
  productSchema.parse({
    id: "1729592969712207008",
    title: "Shirt",
    status: "ACTIVATE",
    skus: [
      {
        id: "1729388324987897824",
        inventory: stock.map(([warehouse_id, quantity]) => ({ warehouse_id, quantity })),
      },
    ],
  });

test("F: in several warehouses the sum is what buyers see", () => {
  const rows = recordsOf(lying([OWN[1] ?? "", 2], [OWN[0] ?? "", 3], ["fbt", 9]), OWN);
  expect(rows).toEqual([
    expect.objectContaining({
      externalId: "1729388324987897824",
      sku: "",
      quantity: 5,
      merchantFulfilled: true,
      group: "1729592969712207008",
      handle: { productId: "1729592969712207008", warehouseIds: OWN.join(",") },
    }),
  ]);
});

test("F: the number goes to the first warehouse, and the others are emptied", async () => {
  const [red] = (await shirts()) as [ListingRecord];
  const handle = { ...red.handle, warehouseIds: `${red.handle.warehouseIds},70` };
  await bench.session.push([lineFor({ ...red, handle }, 4)]);
  expect(await pushCalls()[0]?.request.json()).toEqual({
    skus: [
      {
        id: red.externalId,
        inventory: [
          { warehouse_id: red.handle.warehouseIds, quantity: 4 },
          { warehouse_id: "70", quantity: 0 },
        ],
      },
    ],
  });
});

test("B8: what lies with TikTok alone is not ours; what lies nowhere yet will lie with us", () => {
  expect(recordsOf(lying(["fbt", 9]), OWN)).toMatchObject([
    { merchantFulfilled: false, quantity: null },
  ]);
  expect(recordsOf(lying(), OWN)).toMatchObject([
    { merchantFulfilled: true, quantity: 0, handle: { warehouseIds: OWN[0] } },
  ]);
});

test.each([
  ["ACTIVATE", false],
  ["SELLER_DEACTIVATED", false],
  ["PENDING", false],
  ["DRAFT", true],
  ["FAILED", true],
  ["PLATFORM_DEACTIVATED", true],
  ["FREEZE", true],
])("F: a product that is %s is out of reach: %s", (status, outOfReach) => {
  const [row] = recordsOf({ ...lying([OWN[0] ?? "", 1]), status }, OWN);
  expect(row?.unpushable !== null).toBe(outOfReach);
});

test("F: what is locked for a campaign is not what a push can set", () => {
  const model = readModel("tiktok/inventory-search.response-data.json");
  if (!model) return;
  const live = liveQuantities(inventorySchema.parse(model));
  expect(live).toEqual(new Map([["1729388324987897824", 50]]));
});
