import { afterAll, beforeAll, expect, test } from "vitest";
import { noteOrdersRead } from "../../../prisma/connections.ts";
import { storeMessage } from "../../../prisma/inbox.ts";
import { type House, openHouse } from "./house.ts";
import { type OpenShop, sale, shopOn } from "./shop.ts";

let house: House;
const shopify: OpenShop = (...how) => shopOn(house, ...how);

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

test("invariant 9: a raise waits while an order of the channel is not applied", async () => {
  const { merchant, marketplace } = await shopify(["a", "b"], 10);
  await storeMessage(house.db, merchant.shop, merchant.id("shopify"), {
    ...{ externalId: "m1", topic: "orders", payload: [] },
  });
  await merchant.hear(merchant.book.receive(merchant.item("a"), 5), sale(merchant, "b"));
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.externalId)).toEqual(["L-b"]);
  expect(merchant.wishes("push.connection")).toContain(200);
  await house.db.inboxMessage.updateMany({ data: { state: "applied" } });
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.externalId)).toEqual(["L-b", "L-a"]);
});

test("invariant 9: a raise waits until the orders were read, for a message may be lost", async () => {
  const { merchant, marketplace } = await shopify(["a", "b"], 10);
  const id = merchant.id("shopify");
  merchant.readsOrders = false;
  merchant.now += 60_000;
  await merchant.hear(merchant.book.receive(merchant.item("a"), 5), sale(merchant, "b"));
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.externalId)).toEqual(["L-b"]);
  expect(merchant.asked).toContainEqual({ name: "orders.sweep", connection: id, ms: 0 });
  // A reading that ended before, but long ago, does not do.
  await noteOrdersRead(house.db, merchant.shop, id, new Date(merchant.now - 11_000));
  await merchant.push("shopify");
  expect(marketplace.sent).toHaveLength(1);
  await noteOrdersRead(house.db, merchant.shop, id, new Date(merchant.now));
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.externalId)).toEqual(["L-b", "L-a"]);
});

test("invariant 9: where the marketplace compares before it sets, a raise waits for no reading", async () => {
  const { merchant, marketplace } = await shopify(["a"], 10, {}, true);
  merchant.readsOrders = false;
  merchant.now += 60_000;
  await merchant.hear(merchant.book.receive(merchant.item("a"), 5));
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.quantity)).toEqual([15]);
});
