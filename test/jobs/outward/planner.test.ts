import { afterAll, beforeAll, expect, test } from "vitest";
import type { BufferPolicy } from "../../../inventory/buffer.ts";
import { NO_STOCK } from "../../../inventory/stock.ts";
import { importConnection } from "../../../jobs/import-listings.ts";
import { planItems, replanListings } from "../../../jobs/planner.ts";
import type { Ledger, StockEvent } from "../../../ledger/contract.ts";
import { listRules, removeRule, saveRule } from "../../../prisma/buffers.ts";
import { type House, Merchant, openHouse } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

const HALF: BufferPolicy = { buffer: { kind: "percent", show: 50 } };

async function twoChannels(...skus: string[]) {
  const shopify = new Marketplace("shopify");
  const amazon = new Marketplace("amazon");
  const merchant = await Merchant.open(house.db, skus, [shopify, amazon]);
  return { merchant, shopify, amazon };
}

/** A ledger that knows the stock after these events, and nothing else. */
function ledgerOf(...events: StockEvent[]): Pick<Ledger, "stock"> {
  const known = new Map(events.map((event) => [`${event.shop}/${event.item}`, event.stock]));
  return { stock: async (shop, item) => known.get(`${shop}/${item}`) ?? NO_STOCK };
}

function planned(merchant: Merchant) {
  return house.db.listing
    .findMany({ where: { shopId: merchant.shop }, include: { connection: true } })
    .then((rows) =>
      Object.fromEntries(rows.map((row) => [`${row.connection.channel}/${row.sku}`, row.planned])),
    );
}

test("each channel is planned by its own buffer, with the reasons in the record", async () => {
  const { merchant } = await twoChannels("tea");
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 100));
  expect(await planned(merchant)).toEqual({ "shopify/tea": 100, "amazon/tea": 90 });
  const { reasons } = await merchant.listing("amazon", "tea");
  expect(reasons).toEqual([
    { code: "on-hand", change: 100, remaining: 100 },
    {
      code: "buffer",
      change: -10,
      remaining: 90,
      detail: { kind: "percent", level: "default", show: 90 },
    },
  ]);
});

test("a batch is planned from its newest stock, and the history keeps each number that changed", async () => {
  const { merchant } = await twoChannels("tea");
  const { book } = merchant;
  const tea = merchant.item("tea");
  await merchant.hear(book.receive(tea, 100), book.sell(tea, "o1", 1), book.sell(tea, "o2", 1));
  await merchant.hear(book.sell(tea, "o3", 1));
  const { id } = await merchant.listing("shopify", "tea");
  const history = await house.db.listingPlan.findMany({
    where: { listingId: id },
    orderBy: { id: "asc" },
    select: { afterSeq: true, seq: true, quantity: true },
  });
  expect(history).toEqual([
    { afterSeq: null, seq: 3n, quantity: 98 },
    { afterSeq: 3n, seq: 4n, quantity: 97 },
  ]);
});

test("D8: events that come again, or late, never move a plan backwards", async () => {
  const { merchant } = await twoChannels("tea");
  const { book } = merchant;
  const events = [book.receive(merchant.item("tea"), 10), book.sell(merchant.item("tea"), "o", 4)];
  await merchant.hear(...events);
  await merchant.hear(...events);
  await merchant.hear(...events.slice(0, 1));
  expect(await planned(merchant)).toMatchObject({ "shopify/tea": 6 });
  expect(await house.db.listingPlan.count({ where: { shopId: merchant.shop } })).toBe(2);
});

test("a plan asks for a push of each connection that has something to tell", async () => {
  const { merchant } = await twoChannels("tea");
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 10));
  expect(merchant.asked).toEqual(
    ["shopify", "amazon"].map((channel) => ({
      ...{ name: "push.connection", connection: merchant.id(channel), ms: 0 },
    })),
  );
  expect(merchant.told.map((change) => change.shop)).toEqual([merchant.shop, merchant.shop]);
});

test("a sale is remembered by the listings elsewhere, and counted by the one it happened on", async () => {
  const { merchant } = await twoChannels("tea");
  const { book } = merchant;
  await merchant.hear(book.receive(merchant.item("tea"), 10));
  const at = merchant.now - 80;
  const own = { channel: "amazon", connection: merchant.id("amazon"), occurredAt: at };
  await merchant.hear({ ...book.sell(merchant.item("tea"), "o", 2), ...own });
  expect(await merchant.listing("shopify", "tea")).toMatchObject({
    ...{ saleAt: new Date(at), saleSeq: 2n, saleToAckMs: null, soldSince: 0 },
  });
  expect(await merchant.listing("amazon", "tea")).toMatchObject({
    ...{ saleAt: null, saleSeq: null, soldSince: 2 },
  });
});

test("a sale that changes nothing a channel should show is accepted there at once", async () => {
  const { merchant } = await twoChannels("tea");
  const { book } = merchant;
  await saveRule(house.db, merchant.shop, { ...HALF, cap: 3, channel: "amazon" });
  await merchant.hear(book.receive(merchant.item("tea"), 100));
  await merchant.push("amazon");
  await merchant.readBack("amazon");
  merchant.now += 300;
  await merchant.readBack("amazon");
  await merchant.hear({
    ...book.sell(merchant.item("tea"), "o", 1),
    occurredAt: merchant.now - 40,
  });
  expect(await merchant.listing("amazon", "tea")).toMatchObject({
    ...{ planned: 3, saleToAckMs: 40, saleToShownMs: 40, acceptedSeq: 2n },
  });
});

test("a capped listing is topped up after its own sales, though its plan is the same", async () => {
  const { merchant, amazon } = await twoChannels("tea");
  const { book } = merchant;
  await saveRule(house.db, merchant.shop, { ...HALF, cap: 3, channel: "amazon" });
  await merchant.hear(book.receive(merchant.item("tea"), 100));
  await merchant.push("amazon");
  amazon.numbers.set("L-tea", 1);
  const own = { channel: "amazon", connection: merchant.id("amazon") };
  await merchant.hear({ ...book.sell(merchant.item("tea"), "o", 2), ...own });
  await merchant.push("amazon");
  expect(amazon.numbers.get("L-tea")).toBe(3);
});

test("a pack shows sales, not units", async () => {
  const { merchant } = await twoChannels("tea");
  await house.db.listing.updateMany({
    where: { shopId: merchant.shop },
    data: { unitsPerSale: 6 },
  });
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 20));
  expect(await planned(merchant)).toEqual({ "shopify/tea": 3, "amazon/tea": 3 });
});

test("B1: a changed rule takes effect at once, on exactly the listings it covers", async () => {
  const { merchant } = await twoChannels("tea", "cup");
  const { book, shop, db } = merchant;
  const tea = book.receive(merchant.item("tea"), 100);
  const cup = book.receive(merchant.item("cup"), 10);
  await merchant.hear(tea, cup);
  await saveRule(db, shop, { ...HALF, channel: "shopify" });
  const deps = { db, ledger: ledgerOf(tea, cup), now: () => merchant.now };
  const result = await replanListings(deps, shop, { channel: "shopify" });
  expect(result).toMatchObject({
    ...{ outcome: "replanned", listings: 2, changed: 2, connections: [merchant.id("shopify")] },
  });
  expect(await planned(merchant)).toEqual({
    ...{ "shopify/tea": 50, "shopify/cup": 5, "amazon/tea": 90, "amazon/cup": 9 },
  });
});

test("B1: saving a rule of the same scope changes it, and removing it brings the default back", async () => {
  const { merchant } = await twoChannels("tea");
  const { db, shop } = merchant;
  const first = await saveRule(db, shop, { ...HALF, channel: "amazon" });
  const fixed = {
    buffer: { kind: "fixed", units: 7 },
    floor: 2,
    cap: 9,
    showLastUnit: true,
  } as const;
  expect(await saveRule(db, shop, { ...fixed, channel: "amazon" })).toBe(first);
  expect(await listRules(db, shop)).toEqual([{ id: first, channel: "amazon", ...fixed }]);
  expect(await removeRule(db, shop, first)).toBe(true);
  expect(await removeRule(db, shop, first)).toBe(false);
  expect(await listRules(db, shop)).toEqual([]);
});

test("a replan from older stock never overwrites a plan from newer stock", async () => {
  const { merchant } = await twoChannels("tea");
  const { book, shop, db } = merchant;
  const before = book.receive(merchant.item("tea"), 100);
  await merchant.hear(before, book.sell(merchant.item("tea"), "o", 60));
  const deps = { db, ledger: ledgerOf(before), now: () => merchant.now };
  expect(await replanListings(deps, shop)).toMatchObject({ listings: 0, changed: 0 });
  expect(await planned(merchant)).toEqual({ "shopify/tea": 40, "amazon/tea": 36 });
});

test("a replan while the ledger is unavailable plans nothing and says so", async () => {
  const { merchant } = await twoChannels("tea");
  const unavailable = { outcome: "unavailable", why: "unverified" } as const;
  const deps = { db: house.db, ledger: { stock: async () => unavailable }, now: () => 0 };
  expect(await replanListings(deps, merchant.shop)).toEqual(unavailable);
  expect(await planned(merchant)).toEqual({ "shopify/tea": null, "amazon/tea": null });
});

test("after a jump, plans made of forgotten movements are made again from what is known", async () => {
  const { merchant } = await twoChannels("tea");
  const receive = merchant.book.receive(merchant.item("tea"), 100);
  await merchant.hear(receive, merchant.book.sell(merchant.item("tea"), "forgotten", 60));
  const jump = { kind: "jump", partition: merchant.book.partition, seq: 50, from: 1 } as const;
  await merchant.consume([jump], undefined, ledgerOf(receive));
  expect(await planned(merchant)).toEqual({ "shopify/tea": 100, "amazon/tea": 90 });
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ plannedSeq: 50n });
});

test("a plan and a rule change take turns, whichever comes first", async () => {
  const { merchant } = await twoChannels("tea");
  const { book, shop, db } = merchant;
  const receive = book.receive(merchant.item("tea"), 100);
  await merchant.hear(receive);
  const sell = book.sell(merchant.item("tea"), "o", 10);
  const changed = saveRule(db, shop, HALF).then(() =>
    replanListings({ db, ledger: ledgerOf(sell), now: () => merchant.now }, shop),
  );
  await Promise.all([merchant.hear(sell), changed]);
  expect(await planned(merchant)).toEqual({ "shopify/tea": 45, "amazon/tea": 45 });
});

test("invariant 11: another shop's stock and rules never plan a listing", async () => {
  const { merchant } = await twoChannels("tea");
  const other = await twoChannels("tea");
  await saveRule(house.db, other.merchant.shop, HALF);
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 10));
  expect(await planned(merchant)).toEqual({ "shopify/tea": 10, "amazon/tea": 9 });
  const foreign = { ...merchant.book.receive(merchant.item("tea"), 5), shop: other.merchant.shop };
  const { shop, item, stock } = foreign;
  const options = { again: true };
  expect(
    await planItems(house.db, [{ shop, item, stock, sales: [] }], options, new Date()),
  ).toEqual([]);
  expect(await planned(other.merchant)).toEqual({ "shopify/tea": null, "amazon/tea": null });
});

test("an import matches SKUs, creates no item, and keeps what was accepted since", async () => {
  const { merchant, shopify } = await twoChannels("tea");
  shopify.numbers.set("L-mug", 4);
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 7));
  await merchant.push("shopify");
  shopify.numbers.set("L-tea", 5);
  const deps = { db: house.db, session: shopify.session(), now: () => merchant.now };
  const again = () =>
    importConnection({ ...deps, pause: async () => {} }, merchant.shop, merchant.id("shopify"));
  expect(await again()).toMatchObject({ outcome: "imported", listings: 2, added: 1, matched: 1 });
  expect(await again()).toMatchObject({ outcome: "imported", listings: 2, added: 0, matched: 1 });
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ accepted: 7, shown: 5 });
  expect(await merchant.listing("shopify", "mug")).toMatchObject({
    ...{ itemId: null, accepted: 4, shown: 4, dirty: false },
  });
  expect(await house.db.item.count({ where: { shopId: merchant.shop } })).toBe(1);
});
