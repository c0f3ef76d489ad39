import { afterAll, beforeAll, expect, test } from "vitest";
import { weighSurprises } from "../../../jobs/weigh-surprises.ts";
import { forgetUnheard } from "../../../prisma/pushes.ts";
import { type House, openHouse } from "./house.ts";
import { type OpenShop, sale, shopOn } from "./shop.ts";

let house: House;
const shopify: OpenShop = (...how) => shopOn(house, ...how);

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

test("sales found out by compare-and-set are not given back, and are not counted twice", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10, {}, true);
  marketplace.answers.push((line) => {
    marketplace.numbers.set("L-tea", line.quantity - 3); // the connector set it from what was there
    return { outcome: "accepted", found: 7 };
  });
  await merchant.hear(sale(merchant, "tea", 5));
  await merchant.push("shopify");
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ accepted: 2, soldSince: -3 });
  const own = { channel: "shopify", connection: merchant.id("shopify") };
  await merchant.hear({ ...merchant.book.sell(merchant.item("tea"), "late", 3), ...own });
  await merchant.push("shopify");
  expect(marketplace.sent, "it shows what it should already").toHaveLength(1);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ planned: 2, soldSince: 0 });
});

test("what was missing and never turns out to be a sale is told again after a sweep", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10, {}, true);
  marketplace.answers.push(() => ({ outcome: "accepted", found: 7 }));
  await merchant.hear(sale(merchant, "tea", 5));
  await merchant.push("shopify");
  const connection = merchant.id("shopify");
  const before = merchant.now - 60_000;
  expect(await forgetUnheard(house.db, merchant.shop, connection, before)).toBe(0);
  const { shop } = merchant;
  expect(await forgetUnheard(house.db, shop, connection, merchant.now + 1), "why?").toBe(0);
  merchant.now += 60_000;
  const looked = { knownTo: merchant.now, now: merchant.now };
  const row = { id: connection, shop, driftPolicy: "heal" } as const;
  expect(await weighSurprises(house.db, row, looked)).toBe(1);
  expect(await forgetUnheard(house.db, shop, connection, merchant.now + 1)).toBe(1);
  marketplace.numbers.set("L-tea", 2);
  await merchant.push("shopify");
  expect(marketplace.sent.at(-1)).toMatchObject({ quantity: 5, expected: 2 });
});

test("a push in doubt is settled by what is recorded, not by what buyers still see", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10, {}, true);
  marketplace.answers.push((line) => {
    marketplace.visible.set("L-tea", 10); // for the minutes that the storefront takes
    marketplace.numbers.set("L-tea", line.quantity);
    return { outcome: "unknown", why: "no answer came" };
  });
  await merchant.hear(sale(merchant, "tea", 4));
  await merchant.push("shopify");
  merchant.now += 60_000;
  await merchant.push("shopify");
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ accepted: 6, soldSince: 0 });
  await merchant.hear(sale(merchant, "tea", 1));
  await merchant.push("shopify");
  expect(marketplace.sent.at(-1)).toMatchObject({ quantity: 5, expected: 6 });
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ accepted: 5, soldSince: 0 });
});
