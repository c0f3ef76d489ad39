import { afterEach, beforeEach, expect, test } from "vitest";
import type { ListingRecord, Page } from "../../../connectors/connector.ts";
import { variantsIn } from "../../../connectors/shopify/bulk.ts";
import { GATHERED_FROM } from "../../../connectors/shopify/listings.ts";
import { recordOf, type Variant } from "../../../connectors/shopify/variant.ts";
import { type Bench, openChannel } from "../harness.ts";

const OURS = "gid://shopify/Location/1";
const level = (id: string, isFulfillmentService = false) => ({
  id: `gid://shopify/InventoryLevel/${id}`,
  location: { id, isFulfillmentService },
});
const available = (quantity: number, isActive = true) => ({
  isActive,
  quantities: [{ name: "available", quantity }],
});

function variant(more: Partial<Variant> = {}, item: Partial<Variant["inventoryItem"]> = {}) {
  return {
    id: "gid://shopify/ProductVariant/5",
    legacyResourceId: "5",
    sku: "S",
    barcode: null,
    displayName: "Sock",
    inventoryPolicy: "DENY",
    requiresComponents: false,
    sellableOnlineQuantity: 9,
    ...more,
    inventoryItem: {
      id: "gid://shopify/InventoryItem/7",
      tracked: true,
      inventoryLevel: available(4),
      inventoryLevels: { nodes: [level(OURS)] },
      ...item,
    },
  };
}

const elsewhere = { inventoryLevel: null, inventoryLevels: { nodes: [level("other")] } };
const service = { inventoryLevel: null, inventoryLevels: { nodes: [level("3pl", true)] } };
const both = { inventoryLevels: { nodes: [level("other"), level(OURS)] } };

const rows: [title: string, told: Variant, expected: object][] = [
  ["an ordinary one", variant(), { quantity: 9, merchantFulfilled: true, unpushable: null }],
  ["at two locations, only ours counts", variant({}, both), { quantity: 4, unpushable: null }],
  [
    "a bundle",
    variant({ requiresComponents: true }),
    { merchantFulfilled: true, unpushable: expect.stringContaining("bundle") },
  ],
  [
    "an untracked item",
    variant({}, { tracked: false }),
    { quantity: null, merchantFulfilled: true, unpushable: expect.stringContaining("tracked") },
  ],
  [
    "stocked at another place of the merchant",
    variant({}, elsewhere),
    { quantity: null, merchantFulfilled: true, unpushable: expect.stringContaining("stocked") },
  ],
  [
    "stocked here once, and not any more",
    variant({}, { inventoryLevel: available(0, false) }),
    { quantity: null, unpushable: expect.stringContaining("stocked") },
  ],
  ["kept by a fulfilment service", variant({}, service), { merchantFulfilled: false }],
  [
    "one that sells on below zero",
    variant({ inventoryPolicy: "CONTINUE" }),
    { unpushable: null, handle: expect.objectContaining({ oversells: "1" }) },
  ],
  ["a barcode of the world", variant({ barcode: "4006381 333931" }), { barcode: "4006381333931" }],
  ["a barcode of the shop", variant({ barcode: "SHELF-12" }), { barcode: null }],
  ["no SKU", variant({ sku: null }), { sku: "", externalId: "5" }],
];

test.each(rows)("B8: a variant as a listing: %s", (_title, told, expected) => {
  expect(recordOf(told, OURS)).toMatchObject(expected);
});

test("F: one SKU on two variants is two listings, each with its own stock", () => {
  const other = variant({ legacyResourceId: "6" }, { id: "gid://shopify/InventoryItem/8" });
  const [one, two] = [variant(), other].map((each) => recordOf(each, OURS));
  expect(one?.sku).toBe(two?.sku);
  expect(one?.externalId).not.toBe(two?.externalId);
  expect(one?.stockId).not.toBe(two?.stockId);
});

let bench: Bench;
beforeEach(() => {
  bench = openChannel("shopify");
});
afterEach(() => bench.close());

function stock(count: number): void {
  const many = Array.from({ length: count }, (_, n) => ({
    sku: `SKU-${n}`,
    title: `Item ${n}, ünlike the others`,
    quantity: n,
    merchantFulfilled: n % 7 !== 0,
  }));
  bench.sandbox.stock(many);
}

/** As the import does it, with a new session after each page, as after a restart. */
async function importAll() {
  const [rows, kinds]: [ListingRecord[], string[]] = [[], []];
  for (let cursor: string | null = null; ; ) {
    const page: Page<ListingRecord> = await bench.connect().listings(cursor);
    kinds.push(page.outcome);
    if (page.outcome === "preparing") {
      cursor = page.cursor;
      bench.clock.advance(page.againAt - bench.clock.now());
      continue;
    }
    if (page.outcome !== "page") throw new Error(JSON.stringify(page));
    rows.push(...page.rows);
    if (page.next === null) return { rows, kinds, total: page.total };
    cursor = page.next;
  }
}

test("F: a big catalogue is gathered in a file, and read in parts that can be resumed", async () => {
  stock(2_600);
  const { rows, kinds, total } = await importAll();
  expect(kinds[0]).toBe("preparing");
  expect(kinds.filter((one) => one === "page").length, "several parts").toBeGreaterThan(1);
  expect(rows.map((row) => row.sku)).toEqual(Array.from({ length: 2_600 }, (_, n) => `SKU-${n}`));
  expect(total).toBe(2_600);
  expect(rows[7]).toMatchObject({ merchantFulfilled: false, quantity: null });
  expect(rows[8]).toMatchObject({ quantity: 8, title: "Item 8, ünlike the others" });
  const pages = bench.calls.filter(({ request }) => request.method === "GET");
  expect(pages.every(({ request }) => request.headers.get("range"))).toBe(true);
});

test("F: page by page and gathered, the same variants are the same listings", async () => {
  stock(GATHERED_FROM - 1);
  const paged: ListingRecord[] = [];
  for (let cursor: string | null = null; ; ) {
    bench.clock.advance(4_000);
    const page = await bench.session.listings(cursor);
    if (page.outcome !== "page") throw new Error(JSON.stringify(page));
    expect(page.total).toBe(GATHERED_FROM - 1);
    paged.push(...page.rows);
    cursor = page.next;
    if (cursor === null) break;
  }
  bench.sandbox.stock([{ sku: "ONE-MORE", title: "One more", quantity: 1 }]);
  const { rows, kinds } = await importAll();
  expect(kinds[0]).toBe("preparing");
  expect(rows.slice(0, -1)).toEqual(paged);
});

test("F: a shop that is busy with other files is waited for", async () => {
  stock(GATHERED_FROM);
  const started = [];
  for (let n = 0; n < 6; n += 1) started.push(await bench.session.listings(null));
  expect(started.map((page) => page.outcome)).toEqual(started.map(() => "preparing"));
  const last = started.at(-1);
  if (last?.outcome !== "preparing") throw new Error("it waits");
  bench.clock.advance(last.againAt - bench.clock.now());
  const again = await bench.session.listings(last.cursor);
  expect(again).toMatchObject({ outcome: "preparing", cursor: expect.stringContaining("file") });
});

test("F: a file that is gone is gathered anew", async () => {
  stock(GATHERED_FROM);
  const first = await bench.session.listings(null);
  if (first.outcome !== "preparing") throw new Error(JSON.stringify(first));
  bench.sandbox.load({ ...(bench.sandbox.save() as object), bulk: {} });
  const again = await bench.session.listings(first.cursor);
  expect(again).toMatchObject({ outcome: "preparing" });
  expect(again).not.toEqual(first);
});

test("F: a part of a file ends where its last whole variant does", () => {
  const line = (id: string) =>
    `${JSON.stringify({ ...variant({ legacyResourceId: id }), inventoryItem: { ...variant().inventoryItem, inventoryLevels: undefined } })}\n`;
  const child = `${JSON.stringify({ ...level(OURS), __parentId: "gid" })}\n`;
  const text = Buffer.from(line("1") + child + line("2") + child + line("3"));
  const whole = variantsIn(text, true);
  expect(whole.variants.map((one) => one.legacyResourceId)).toEqual(["1", "2", "3"]);
  expect(whole.variants[1]?.inventoryItem.inventoryLevels.nodes).toHaveLength(1);
  for (let cut = 1; cut <= text.length; cut += 37) {
    const first = variantsIn(text.subarray(0, cut), false);
    const rest = variantsIn(text.subarray(first.bytes), true);
    expect([...first.variants, ...rest.variants], `cut at ${cut}`).toEqual(whole.variants);
  }
});
