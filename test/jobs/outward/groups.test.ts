import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";
import { sale, shopOn } from "./shop.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

const SKUS = ["a1", "a2", "a3", "b1", "b2", "c1"];

/** Listings of three products, on a marketplace whose calls carry one product each. */
async function products(pushBatch: number) {
  const shop = await shopOn(house, SKUS, 10, { pushBatch });
  shop.marketplace.connector.abilities.pushesOneGroup = true;
  for (const sku of SKUS.filter((one) => one !== "c1")) {
    const { id } = await shop.merchant.listing("shopify", sku);
    await house.db.listing.update({ where: { id }, data: { pushGroup: sku.slice(0, 1) } });
  }
  return shop;
}

const batchesOf = (batches: readonly { externalId: string }[][]) =>
  batches.map((batch) => batch.map((line) => line.externalId.slice(2)).sort());

test("F: a call carries one group, the most urgent line's first, with all that is to be told of it", async () => {
  const { merchant, marketplace } = await products(10);
  await merchant.hear(
    ...["a1", "a2", "a3", "b1", "c1"].map((sku) => sale(merchant, sku)),
    sale(merchant, "b2", 9),
  );
  await merchant.push("shopify");
  expect(batchesOf(marketplace.batches)[0]).toEqual(["b1", "b2"]);
  expect(batchesOf(marketplace.batches).sort()).toEqual([["a1", "a2", "a3"], ["b1", "b2"], ["c1"]]);
});

test("F: a group larger than a call takes several", async () => {
  const { merchant, marketplace } = await products(2);
  await merchant.hear(...["a1", "a2", "a3"].map((sku) => sale(merchant, sku)));
  await merchant.push("shopify");
  expect(batchesOf(marketplace.batches).map((batch) => batch.length)).toEqual([2, 1]);
});
