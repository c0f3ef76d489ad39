import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Leg } from "../../../inventory/movement.ts";
import { NO_STOCK } from "../../../inventory/stock.ts";
import { replanListings } from "../../../jobs/planner.ts";
import type { Ledger, StockEvent } from "../../../ledger/contract.ts";
import { countListings, findListings } from "../../../prisma/listing-page.ts";
import { matchListing, unmatchListing } from "../../../prisma/matching.ts";
import { type House, Merchant, openHouse } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** A tea set (one pot, four cups) is listed beside its parts. */
async function teaShop(...moved: [sku: string, units: number][]) {
  const shopify = new Marketplace("shopify");
  shopify.numbers.set("L-SET", 0);
  const merchant = await Merchant.open(house.db, ["pot", "cup"], [shopify]);
  const events = moved.map(([sku, units]) => merchant.book.receive(merchant.item(sku), units));
  const set = await merchant.listing("shopify", "SET");
  const planned = async () => (await merchant.listing("shopify", "SET")).planned;
  return { merchant, shopify, set: set.id, events, planned };
}

const SET = [
  { sku: "pot", units: 1 },
  { sku: "cup", units: 4 },
];

function ledgerOf(events: StockEvent[]): Pick<Ledger, "stock"> {
  const known = new Map(events.map((event) => [`${event.shop}/${event.item}`, event.stock]));
  return { stock: async (shop, item) => known.get(`${shop}/${item}`) ?? NO_STOCK };
}

async function made(shop: Awaited<ReturnType<typeof teaShop>>): Promise<void> {
  const { merchant, set, events } = shop;
  const matched = await matchListing(house.db, merchant.shop, set, SET);
  expect(matched).toMatchObject({ outcome: "matched", revived: [] });
  const deps = { db: house.db, ledger: ledgerOf(events), now: () => merchant.now };
  for (const item of matched.outcome === "matched" ? matched.items : []) {
    await replanListings(deps, merchant.shop, { item });
  }
}

describe("B7: a kit", () => {
  test("shows what its scarcest part allows, and says which one that is", async () => {
    const shop = await teaShop(["pot", 10], ["cup", 22]);
    await made(shop);
    expect(await shop.planned()).toBe(5);
    const { reasons } = await shop.merchant.listing("shopify", "SET");
    expect(reasons).toEqual([
      { code: "on-hand", change: 22, remaining: 22 },
      { code: "pack-size", change: -17, remaining: 5, detail: { unitsPerSale: 4 } },
      { code: "scarcest-part", change: 0, remaining: 5, detail: { sku: "cup", parts: 2 } },
    ]);
  });

  test("follows each part, whichever moves, and pushes what changed", async () => {
    const shop = await teaShop(["pot", 10], ["cup", 22]);
    await made(shop);
    const { merchant, shopify } = shop;
    await merchant.hear(merchant.book.receive(merchant.item("cup"), 18));
    expect(await shop.planned()).toBe(10);
    await merchant.hear(merchant.book.receive(merchant.item("pot"), -7));
    expect(await shop.planned()).toBe(3);
    await merchant.push("shopify");
    expect(shopify.numbers.get("L-SET")).toBe(3);
  });

  test("an event of one part again, or an older one, changes nothing", async () => {
    const shop = await teaShop(["pot", 10], ["cup", 8]);
    await made(shop);
    const { merchant } = shop;
    const older = merchant.book.receive(merchant.item("cup"), 8);
    const newer = merchant.book.receive(merchant.item("cup"), 8);
    await merchant.hear(newer);
    expect(await shop.planned()).toBe(6);
    const { plannedSeq } = await merchant.listing("shopify", "SET");
    await merchant.hear(older);
    await merchant.hear(newer);
    expect(await merchant.listing("shopify", "SET")).toMatchObject({ planned: 6, plannedSeq });
  });

  test("is not planned before every part is known", async () => {
    const shop = await teaShop(["pot", 10], ["cup", 8]);
    await matchListing(house.db, shop.merchant.shop, shop.set, SET);
    await shop.merchant.hear(...shop.events.slice(0, 1));
    expect(await shop.planned()).toBeNull();
    await shop.merchant.hear(...shop.events.slice(1));
    expect(await shop.planned()).toBe(2);
  });

  test("a sale elsewhere is timed until the kit is told", async () => {
    const shop = await teaShop(["pot", 10], ["cup", 8]);
    await made(shop);
    const { merchant } = shop;
    await merchant.push("shopify");
    const legs: Leg[] = [{ bucket: "committed", location: "", quantity: 4 }];
    const sale = merchant.book.move(merchant.item("cup"), "sell", legs, {
      ...{ channel: "amazon", at: merchant.now },
    });
    merchant.now += 250;
    await merchant.hear(sale);
    await merchant.push("shopify");
    expect(await merchant.listing("shopify", "SET")).toMatchObject({
      accepted: 1,
      saleToAckMs: 250,
    });
  });
});

describe("matching by hand", () => {
  test("B7: a pack takes several units of one item, over every import", async () => {
    const { merchant, set, events, planned } = await teaShop(["cup", 22]);
    await matchListing(house.db, merchant.shop, set, [{ sku: "cup", units: 6 }]);
    await merchant.hear(...events);
    expect(await planned()).toBe(3);
    const shopify = merchant.marketplaces.get("shopify");
    if (shopify) await merchant.connect(shopify);
    expect(await merchant.listing("shopify", "SET")).toMatchObject({
      itemId: merchant.item("cup"),
      unitsPerSale: 6,
      matchedBy: "person",
    });
  });

  test("F: what a person took apart no import matches again, and nothing is pushed", async () => {
    const { merchant, shopify } = await teaShop(["cup", 5]);
    const cup = await merchant.listing("shopify", "cup");
    expect(await unmatchListing(house.db, merchant.shop, cup.id)).toEqual({
      outcome: "unmatched",
    });
    await merchant.connect(shopify);
    expect(await merchant.listing("shopify", "cup")).toMatchObject({ itemId: null, dirty: false });
  });

  test("F: unknown and repeated SKUs are named, and nothing is half done", async () => {
    const { merchant, set } = await teaShop();
    const match = (...skus: string[]) =>
      matchListing(
        house.db,
        merchant.shop,
        set,
        skus.map((sku) => ({ sku, units: 1 })),
      );
    expect(await match("cup", "moon", "sun")).toEqual({
      outcome: "unknown-skus",
      skus: ["moon", "sun"],
    });
    expect(await match("cup", "cup")).toEqual({ outcome: "repeated-skus", skus: ["cup"] });
    expect(await merchant.listing("shopify", "SET")).toMatchObject({ itemId: null, kit: false });
    expect(await matchListing(house.db, "another shop", set, SET)).toEqual({ outcome: "gone" });
    expect(await unmatchListing(house.db, "another shop", set)).toEqual({ outcome: "gone" });
  });

  test("D9: orders that were given up for want of it are tried again", async () => {
    const { merchant, set } = await teaShop();
    const row = await house.db.inboxMessage.create({
      data: {
        ...{ shopId: merchant.shop, connectionId: merchant.id("shopify"), externalId: "m1" },
        ...{ topic: "orders", payload: [], state: "failed", tries: 3 },
        error: "no item is matched to SKU SET",
      },
    });
    await house.db.deadLetter.create({
      data: { shopId: merchant.shop, kind: "message", subject: String(row.id), error: "" },
    });
    expect(await matchListing(house.db, merchant.shop, set, SET)).toMatchObject({
      revived: [String(row.id)],
    });
    const letters = await house.db.deadLetter.findMany({ where: { shopId: merchant.shop } });
    expect(letters).toMatchObject([{ state: "retried", closedWhy: "its listing was matched" }]);
  });

  test("F: the page finds listings by what is to be done about them", async () => {
    const shopify = new Marketplace("shopify");
    for (const id of ["L-SET", "L-FBA-tea"]) shopify.numbers.set(id, 3);
    const merchant = await Merchant.open(house.db, ["pot", "cup"], [shopify]);
    const { shop } = merchant;
    const set = await merchant.listing("shopify", "SET");
    const page = async (filter: Parameters<typeof findListings>[1]["filter"], search = "") =>
      (await findListings(house.db, { shop, filter, search, limit: 10 })).rows.map(
        (one) => one.sku,
      );
    expect(await page("all")).toEqual(["FBA-tea", "SET", "cup", "pot"]);
    expect(await page("unmatched")).toEqual(["FBA-tea", "SET"]);
    await matchListing(house.db, shop, set.id, SET);
    expect(await page("unmatched")).toEqual(["FBA-tea"]);
    expect(await page("kits")).toEqual(["SET"]);
    expect(await page("all", "%")).toEqual([]);
    expect(await countListings(house.db, shop)).toMatchObject({ all: 4, unmatched: 1, kits: 1 });
    const first = await findListings(house.db, { shop, filter: "all", search: "", limit: 2 });
    expect(first.rows.map((one) => one.sku)).toEqual(["FBA-tea", "SET"]);
    const { rows } = await findListings(house.db, { shop, filter: "all", search: "", limit: 4 });
    const shared = rows.filter((one) => one.shared).map((one) => one.sku);
    expect(shared, "a cup is sold by itself and in the set").toEqual(["SET", "cup", "pot"]);
    expect(first.rows[1]?.parts).toMatchObject([
      { sku: "cup", units: 4 },
      { sku: "pot", units: 1 },
    ]);
    const rest = { shop, filter: "all" as const, search: "", limit: 2 };
    const { next: after } = first;
    if (!after) throw new Error("there are more");
    const second = await findListings(house.db, { ...rest, after });
    expect(second.rows.map((one) => one.sku)).toEqual(["cup", "pot"]);
    expect(second).toMatchObject({ next: null, previous: ["cup", expect.any(String)] });
    const before = second.previous ?? undefined;
    const back = await findListings(house.db, { ...rest, before });
    expect(back.rows.map((one) => one.sku)).toEqual(["FBA-tea", "SET"]);
    expect(back).toMatchObject({ previous: null, next: first.next });
    expect((await findListings(house.db, { ...rest, after, shop: "b" })).rows).toEqual([]);
  });
});
