import { afterEach, beforeEach, expect, test } from "vitest";
import {
  allListings,
  type Bench,
  lineFor,
  openChannel,
  PUSH_SEEN_MS,
  shownOf,
} from "../harness.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("ebay");
});
afterEach(() => bench.close());

const MODERN = { sku: "JACKET-ALPINE-M", title: "Alpine jacket, M", quantity: 12 };
/** The sandbox has this one in Seller Hub, because of its listing id. */
const OLD = { sku: "SOCK-HIKE-2P", title: "Hiking socks", quantity: 9 };
const UNNAMED = { sku: "~LAMP", title: "Lamp without a SKU", quantity: 4 };

const rowsOf = async () => {
  const rows = await allListings(bench.session);
  return rows.sort((a, b) => (a.title < b.title ? -1 : 1));
};

test("F: listings of both worlds are read, each once, with what pushing to them takes", async () => {
  bench.sandbox.stock([{ ...MODERN, barcode: "0123456789012" }, OLD, UNNAMED]);
  const [modern, old, unnamed] = await rowsOf();
  expect(await rowsOf()).toHaveLength(3);
  expect(modern).toMatchObject({
    externalId: "808664967835/JACKET-ALPINE-M",
    sku: MODERN.sku,
    quantity: 12,
    barcode: "0123456789012",
    group: "808664967835",
    unpushable: null,
    handle: { world: "inventory", sku: MODERN.sku, listingId: "808664967835" },
  });
  expect(old).toMatchObject({
    externalId: "320011723784/SOCK-HIKE-2P",
    quantity: 9,
    group: "320011723784",
    handle: { world: "legacy", itemId: "320011723784", sku: OLD.sku },
  });
  expect(unnamed).toMatchObject({ sku: "", externalId: unnamed?.group, title: UNNAMED.title });
});

test("F: Quantity of a Trading call has in it what was sold: what is left is shown", async () => {
  bench.sandbox.stock([OLD]);
  bench.sandbox.buy({ sku: OLD.sku, quantity: 4 });
  const [row] = await rowsOf();
  expect(row?.quantity).toBe(5);
  expect(row && (await shownOf(bench.session, row))).toBe(5);
});

test("F: variations are listings of one group, pushed and read apart", async () => {
  const sizes = ["S", "M"].map((size, n) => ({
    ...{ sku: `SOCK-${size}`, title: `Socks ${size}`, quantity: n + 1 },
    product: OLD.sku,
  }));
  bench.sandbox.stock([{ ...OLD, title: "Hiking socks L" }, ...sizes]);
  const rows = await rowsOf();
  expect(rows.map((row) => row.externalId.split("/")[1]).sort()).toEqual([
    "SOCK-HIKE-2P",
    "SOCK-M",
    "SOCK-S",
  ]);
  expect(new Set(rows.map((row) => row.group)).size).toBe(1);
  const medium = rows.find((row) => row.sku === "SOCK-M");
  if (!medium) throw new Error("no such variation");
  expect(await bench.session.push([lineFor(medium, 7)])).toEqual([{ outcome: "accepted" }]);
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await shownOf(bench.session, medium)).toBe(7);
  const small = rows.find((row) => row.sku === "SOCK-S");
  expect(small && (await shownOf(bench.session, small))).toBe(1);
});

test("F: a variation without a SKU is found in orders, but eBay cannot be told of it", async () => {
  bench.sandbox.stock([OLD, { ...UNNAMED, product: OLD.sku }]);
  const row = (await rowsOf()).find((one) => one.sku === "");
  expect(row?.unpushable).toMatch(/without a SKU/);
  const bought = bench.sandbox.buy({ sku: UNNAMED.sku, quantity: 1 });
  if (bought.outcome !== "sold") throw new Error("not sold");
  const orders = await bench.session.orders?.([bought.order.id]);
  if (orders?.outcome !== "orders") throw new Error(JSON.stringify(orders));
  const [sale] = orders.messages.flatMap(bench.connector.translate);
  expect(sale).toMatchObject({ fact: "sell", listing: row?.externalId, sku: "" });
});

test("F: an import goes on days later where it stopped, in either world", async () => {
  const many = Array.from({ length: 60 }, (_, n) => ({
    ...{ sku: `SKU-${n}`, title: `Item ${n}`, quantity: n },
  }));
  bench.sandbox.stock(many);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    // Every page with a new session, and an access token that has expired meanwhile.
    bench.clock.advance(24 * 60 * 60_000);
    const page = await bench.connect().listings(cursor);
    if (page.outcome !== "page") throw new Error(JSON.stringify(page));
    seen.push(...page.rows.map((row) => row.sku));
    cursor = page.next;
  } while (cursor !== null);
  expect(seen.sort()).toEqual(many.map(({ sku }) => sku).sort());
});

test("F: without out-of-stock control a listing of the older world would end at 0", async () => {
  bench.sandbox.stock([MODERN, OLD]);
  bench.sandbox.load({ ...(bench.sandbox.save() as object), outOfStockControl: false });
  const [modern, old] = await rowsOf();
  expect(modern?.unpushable).toBeNull();
  expect(old?.unpushable).toMatch(/end this listing at 0/);
  if (!old) throw new Error("no such listing");
  await bench.session.push([lineFor(old, 0)]);
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await bench.session.readBack([old])).toEqual({ outcome: "read", rows: [null] });
  expect(await rowsOf()).toHaveLength(1);
  await bench.session.subscribe?.("http://door.test/webhooks/ebay/c");
  bench.sandbox.stock([{ ...OLD, sku: "BOOT-TRAIL-43" }]);
  const again = (await rowsOf()).find((row) => row.sku === "BOOT-TRAIL-43");
  expect(again?.handle.world).toBe("legacy");
  expect(again?.unpushable, "turned on when the merchant connected").toBeNull();
});
