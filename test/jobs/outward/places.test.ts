import { afterAll, beforeAll, expect, test } from "vitest";
import { replanListings } from "../../../jobs/planner.ts";
import type { Ledger, StockEvent } from "../../../ledger/contract.ts";
import { addLocation, changeLocation, listLocations } from "../../../prisma/locations.ts";
import { readStock } from "../../../prisma/stock.ts";
import { Book, recordEvents } from "../../prisma/book.ts";
import { type House, Merchant, openHouse } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

/** A partition for each merchant: the record's marks are shared by all shops. */
let partitions = 300;

/** 10 units in MAIN, which serves all, and 6 in STORE, which serves Shopify only. */
async function twoPlaces() {
  const { db } = house;
  const markets = ["shopify", "amazon"].map((channel) => new Marketplace(channel));
  const merchant = await Merchant.open(db, ["tea"], markets);
  const book = new Book(++partitions, merchant.shop);
  const item = merchant.item("tea");
  const place = (code: string, priority: number, serves: string[] | null) =>
    addLocation(db, merchant.shop, { code, name: code, priority, serves, active: true });
  await place("MAIN", 0, null);
  await place("STORE", 1, ["shopify"]);
  const hear = async (...events: StockEvent[]) => {
    await recordEvents(db, events);
    await merchant.hear(...events);
  };
  await hear(
    book.receive(item, 10),
    book.move(item, "receive", [{ bucket: "sellable", location: "STORE", quantity: 6 }]),
  );
  const planned = async () => {
    const rows = await Promise.all(
      ["shopify", "amazon"].map((channel) => merchant.listing(channel, "tea")),
    );
    return rows.map((row) => row.planned);
  };
  const order = (channel: string, quantity: number) => {
    const connection = merchant.id(channel);
    const line = { order: `${channel}-${book.seq}`, ordered: quantity, cancelled: 0, shipped: 0 };
    return { ...book.sell(item, line.order, quantity), channel, line: { ...line, connection } };
  };
  return { merchant, book, item, hear, planned, order };
}

test("B8: a channel is shown what the locations that serve it have, with the reason", async () => {
  const { merchant, planned } = await twoPlaces();
  expect(await planned()).toEqual([16, 9]);
  const { reasons } = await merchant.listing("amazon", "tea");
  expect(reasons).toMatchObject([
    { code: "on-hand", remaining: 16 },
    { code: "other-locations", change: -6, remaining: 10 },
    { code: "buffer", remaining: 9 },
  ]);
});

test("B8: an order is taken off where it will leave from", async () => {
  const { hear, order, planned } = await twoPlaces();
  await hear(order("shopify", 4)); // from MAIN, which ships first
  expect(await planned()).toEqual([12, 5]);
  await hear(order("shopify", 9)); // six from MAIN, three from the store
  expect(await planned()).toEqual([3, 0]);
});

test("B8: while the record is behind, nothing is shown on a guess, and it is planned again", async () => {
  const { merchant, order, planned, book, item } = await twoPlaces();
  const sold = order("shopify", 4);
  await merchant.hear(sold); // and not recorded: nobody knows whose the four are
  expect(await planned()).toEqual([12, 5]);
  expect(merchant.asked).toContainEqual(
    expect.objectContaining({ name: "listings.replan", connection: merchant.shop }),
  );
  const ledger: Pick<Ledger, "stock"> = { stock: async () => sold.stock };
  const again = () =>
    replanListings({ db: house.db, ledger, now: () => merchant.now }, merchant.shop, { item });
  expect(await again()).toMatchObject({ unsure: 2 });
  await recordEvents(house.db, [sold]);
  expect(await again()).toMatchObject({ unsure: 0 });
  expect(book.seq).toBe(sold.seq);
});

test("B8: a location that begins to serve a channel changes its plans at once", async () => {
  const { merchant, planned, item, book } = await twoPlaces();
  const { db } = house;
  const store = (await listLocations(db, merchant.shop)).find(({ code }) => code === "STORE");
  if (!store) throw new Error("the store is there");
  await changeLocation(db, merchant.shop, store.id, { ...store, serves: null });
  const stock = readStock(db, merchant.shop, item);
  const ledger: Pick<Ledger, "stock"> = {
    stock: async () => ({ ...(await stock), version: book.seq }),
  };
  await replanListings({ db, ledger, now: () => merchant.now }, merchant.shop);
  expect(await planned()).toEqual([16, 14]);
});
