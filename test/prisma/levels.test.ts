import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { recordLevels } from "../../prisma/levels.ts";
import { type House, Merchant, openHouse } from "../jobs/outward/house.ts";
import { Marketplace } from "../jobs/outward/marketplace.ts";

let house: House;
let merchant: Merchant;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Pushed 9 and then 7, of which neither has been seen. */
beforeEach(async () => {
  const marketplace = new Marketplace("shopify");
  merchant = await Merchant.open(house.db, ["tea"], [marketplace], 20);
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 9));
  await merchant.push("shopify");
  merchant.now += 1_000;
  await merchant.hear(merchant.book.sell(merchant.item("tea"), "o1", 2));
  await merchant.push("shopify");
  merchant.now += 1_000;
});

const listing = () => merchant.listing("shopify", "tea");
const tell = (quantity: number, more: { at?: number; shop?: string; stockId?: string } = {}) =>
  recordLevels(
    house.db,
    more.shop ?? merchant.shop,
    merchant.id("shopify"),
    [{ stockId: more.stockId ?? "L-tea", quantity, at: more.at ?? merchant.now }],
    merchant.now,
  );

test("H5: an echo of what was accepted counts as seen, and pushes nothing", async () => {
  expect(await tell(7)).toEqual({ echoes: 1, foreign: 0 });
  expect(await listing()).toMatchObject({ shown: 7, unseen: false, dirty: false });
});

test("H5: an echo that a newer push overtook is nobody's doing", async () => {
  expect(await tell(9)).toEqual({ echoes: 0, foreign: 0 });
  expect(await listing()).toMatchObject({ accepted: 7, unseen: true, dirty: false });
});

test("H5: another number is not believed: it is read back, after a moment for its order", async () => {
  await tell(7);
  merchant.now += 1_000;
  expect(await tell(25)).toEqual({ echoes: 0, foreign: 1 });
  expect(await listing()).toMatchObject({
    ...{ accepted: 7, unseen: true, dirty: false },
    readAfter: new Date(merchant.now + 3_000),
  });
  expect(await tell(25), "told once").toEqual({ echoes: 0, foreign: 0 });
});

test("H5: what is older than the last reading, unknown, or another shop's changes nothing", async () => {
  await tell(7);
  const before = await listing();
  const nothing = { echoes: 0, foreign: 0 };
  expect(await tell(25, { at: merchant.now - 60_000 })).toEqual(nothing);
  expect(await tell(25, { stockId: "somebody's" })).toEqual(nothing);
  expect(await tell(25, { shop: "another shop" })).toEqual(nothing);
  expect(await listing()).toEqual(before);
});
