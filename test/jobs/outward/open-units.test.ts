import { afterAll, beforeAll, expect, test } from "vitest";
import type { StockEvent } from "../../../ledger/contract.ts";
import { type House, type Merchant, openHouse } from "./house.ts";
import { sale, shopOn } from "./shop.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

/** A partition for each merchant: the record's marks are shared by all shops. */
let partitions = 100;

/** On a marketplace that takes what is sold and not yet shipped off the pushed number by itself. */
async function counting(skus: string[], units: number) {
  const shop = await shopOn(house, skus, units);
  shop.marketplace.connector.abilities.countsOpenUnits = true;
  shop.merchant.now += 1_000;
  partitions += 1;
  return shop;
}

function orderThere(merchant: Merchant, sku: string, quantity: number): StockEvent {
  const connection = merchant.id("shopify");
  const order = `there-${merchant.book.seq}`;
  const line = { connection, order, ordered: quantity, cancelled: 0, shipped: 0 };
  const event = merchant.book.sell(merchant.item(sku), order, quantity);
  return { ...event, channel: "shopify", connection, line };
}

function shipThere(merchant: Merchant, sku: string, sold: StockEvent, quantity: number) {
  const { line } = sold;
  if (!line) throw new Error("an order has a line");
  const legs = [
    { bucket: "sellable", location: "MAIN", quantity: -quantity },
    { bucket: "committed", location: "", quantity: -quantity },
  ] as const;
  return merchant.book.move(merchant.item(sku), "ship", [...legs], {
    ...{ channel: "shopify", connection: line.connection },
    line: { ...line, shipped: quantity },
  });
}

test("F: units sold there and not yet shipped are told beside the number", async () => {
  const { merchant, marketplace } = await counting(["tea"], 10);
  await house.db.orderLine.create({
    data: {
      ...{ shopId: merchant.shop, connectionId: merchant.id("shopify"), orderId: "before" },
      ...{ itemId: merchant.item("tea"), ordered: 5, cancelled: 1, shipped: 2, seq: 0n },
      at: new Date(merchant.now),
    },
  });
  await merchant.hear(sale(merchant, "tea"));
  await merchant.push("shopify");
  expect(marketplace.sent.map(({ quantity, openUnits }) => [quantity, openUnits])).toEqual([
    [9, 2],
  ]);
});

test("F: a shipment there is told again though the number is the same, and only once", async () => {
  const { merchant, marketplace } = await counting(["tea"], 10);
  const sold = orderThere(merchant, "tea", 2);
  await merchant.hear(sold);
  await merchant.push("shopify");
  marketplace.batches.length = 0;
  const shipped = shipThere(merchant, "tea", sold, 2);
  await merchant.hear(shipped);
  await merchant.hear(shipped); // told twice: a plan only moves forward
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ again: 1, dirty: true });
  merchant.now += 1_000;
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.quantity)).toEqual([8]);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ again: 0, dirty: false });
});

test("F: a shipment during the push is told by another one", async () => {
  const { merchant, marketplace } = await counting(["tea"], 10);
  const sold = orderThere(merchant, "tea", 2);
  await merchant.hear(sold);
  marketplace.batches.length = 0;
  marketplace.beforeAnswer = async () => {
    marketplace.beforeAnswer = async () => {};
    await merchant.hear(shipThere(merchant, "tea", sold, 2));
  };
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.quantity)).toEqual([8, 8]);
});

test("F: where shipments change nothing, they are not told", async () => {
  const { merchant, marketplace } = await counting(["tea"], 10);
  marketplace.connector.abilities = { compareAndSet: false, inbound: "door" };
  const sold = orderThere(merchant, "tea", 2);
  await merchant.hear(sold);
  await merchant.push("shopify");
  await merchant.hear(shipThere(merchant, "tea", sold, 2));
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ again: 0, dirty: false });
});

test("F: a plan waits until the record knows the sale that led to it", async () => {
  const { merchant, marketplace } = await counting(["tea"], 10);
  const item = merchant.item("tea");
  const behind = { partition: partitions, seq: BigInt(merchant.book.seq) };
  await house.db.partitionMark.create({ data: { ...behind, at: new Date(merchant.now) } });
  await house.db.balance.create({
    data: {
      ...{ shopId: merchant.shop, itemId: item, bucket: "sellable", location: "MAIN" },
      ...{ quantity: 10n, ...behind },
    },
  });
  const sold = orderThere(merchant, "tea", 2);
  await merchant.hear(sold);
  marketplace.batches.length = 0;
  await merchant.push("shopify");
  expect(marketplace.sent).toEqual([]);
  expect(merchant.wishes("push.connection").at(-1)).toBe(50);
  await house.db.partitionMark.update({
    where: { partition: partitions },
    data: { seq: BigInt(sold.seq) },
  });
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.quantity)).toEqual([8]);
});

test("F: packs count sales, kits their scarcest own component, a shared item nothing", async () => {
  const { merchant, marketplace } = await counting(["pack", "kit", "part", "one", "other"], 20);
  const lineOf = (item: string, ordered: number) => ({
    ...{ shopId: merchant.shop, connectionId: merchant.id("shopify"), orderId: `order-${item}` },
    ...{ itemId: merchant.item(item), ordered, cancelled: 0, shipped: 0, seq: 0n },
    at: new Date(merchant.now),
  });
  await house.db.orderLine.createMany({
    data: [lineOf("pack", 7), lineOf("part", 6), lineOf("one", 3)],
  });
  const change = async (sku: string, data: object) =>
    house.db.listing.update({ where: { id: (await merchant.listing("shopify", sku)).id }, data });
  const { id: kit } = await change("kit", { kit: true, itemId: null, planned: 4 });
  await change("pack", { unitsPerSale: 3, planned: 5 });
  await change("part", { pushed: false, itemId: null });
  await change("one", { planned: 6 });
  await change("other", { itemId: merchant.item("one") });
  await house.db.listingComponent.createMany({
    data: [
      { shopId: merchant.shop, listingId: kit, itemId: merchant.item("part"), units: 2 },
      { shopId: merchant.shop, listingId: kit, itemId: merchant.item("one"), units: 1 },
    ],
  });
  await merchant.push("shopify");
  const told = marketplace.sent.map((line) => [line.externalId, line.openUnits]).sort();
  expect(told).toEqual([
    ["L-kit", 3],
    ["L-one", 0],
    ["L-pack", 2],
  ]);
});
