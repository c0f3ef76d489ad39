import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, Merchant, openHouse } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

/** A merchant whose marketplace accepted 9 of tea and shows 10 until the test says otherwise. */
async function lagging() {
  const marketplace = new Marketplace("shopify");
  const merchant = await Merchant.open(house.db, ["tea"], [marketplace], 10);
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 9));
  marketplace.visible.set("L-tea", 10);
  await merchant.push("shopify");
  merchant.asked.length = 0;
  return { merchant, marketplace };
}

test("an accepted number is read back until it is shown, at growing distances", async () => {
  const { merchant, marketplace } = await lagging();
  const read = () => marketplace.reads.length;
  await merchant.readBack("shopify"); // too early: it only says when
  expect(read()).toBe(0);
  for (const [wait, next] of [
    [300, 300],
    [300, 600],
    [600, 1_200],
    [1_200, 2_400],
  ] as const) {
    merchant.now += wait;
    await merchant.readBack("shopify");
    expect(merchant.wishes("readback.connection").at(-1)).toBe(next);
  }
  expect(read()).toBe(4);
  marketplace.visible.delete("L-tea");
  merchant.now += 2_400;
  await merchant.readBack("shopify");
  const shownAt = new Date(merchant.now);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ shown: 9, shownAt });
  const [push] = await house.db.push.findMany({ where: { shopId: merchant.shop } });
  expect(push).toMatchObject({ quantity: 9, shownAt });
  merchant.now += 3_600_000;
  await merchant.readBack("shopify");
  expect(read()).toBe(5);
});

test("a number that a newer one overtook is seen when it is shown, and the newer one later", async () => {
  const { merchant, marketplace } = await lagging();
  await merchant.hear(merchant.book.sell(merchant.item("tea"), "o1", 1));
  await merchant.push("shopify");
  marketplace.visible.set("L-tea", 9);
  merchant.now += 300;
  await merchant.readBack("shopify");
  marketplace.visible.set("L-tea", 8);
  merchant.now += 300;
  await merchant.readBack("shopify");
  const pushes = await house.db.push.findMany({
    where: { shopId: merchant.shop },
    orderBy: { id: "asc" },
  });
  expect(pushes.map((push) => [push.quantity, push.shownAt?.getTime()])).toEqual([
    [9, merchant.now - 300],
    [8, merchant.now],
  ]);
});

test("a marketplace that cannot be read is asked again later, and what it shows stays known", async () => {
  const { merchant, marketplace } = await lagging();
  marketplace.readFailure = { outcome: "throttled", retryAt: merchant.now + 9_000, why: "busy" };
  merchant.now += 300;
  await merchant.readBack("shopify");
  expect(merchant.wishes("readback.connection").at(-1)).toBe(8_700);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ shown: 10, accepted: 9 });
  marketplace.readFailure = undefined;
  marketplace.visible.delete("L-tea");
  merchant.now += 8_700;
  await merchant.readBack("shopify");
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ shown: 9 });
});
