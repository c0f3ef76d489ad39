import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, Merchant, openHouse } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

const SKUS = Array.from({ length: 620 }, (_, n) => `sku-${String(n).padStart(3, "0")}`);
const RATE = { perSecond: 1_000, burst: 1_000 };

/** 620 listings at a marketplace that reads ten a call, one call in two seconds. */
async function large() {
  const marketplace = new Marketplace("walmart", {
    ...{ pushBatch: 1_000, readBackBatch: 10 },
    calls: { push: RATE, readBack: { perSecond: 0.5, burst: 1_000 }, orders: RATE, listings: RATE },
  });
  const merchant = await Merchant.open(house.db, SKUS, [marketplace], 3);
  const stock = SKUS.map((sku, n) => merchant.book.receive(merchant.item(sku), n < 4 ? 7 : 500));
  await merchant.hear(...stock);
  const readAll = async () => {
    for (let waits = 0; waits < 3; waits += 1) {
      merchant.asked.length = 0;
      await merchant.readBack("walmart");
      const [again] = merchant.wishes("readback.connection");
      if (again === undefined) return;
      merchant.now += again;
    }
  };
  const counts = async () => {
    const where = { shopId: merchant.shop };
    const [unseen, vouched] = await Promise.all([
      house.db.listing.count({ where: { ...where, unseen: true } }),
      house.db.listing.count({ where: { ...where, vouched: true } }),
    ]);
    return { unseen, vouched, read: new Set(marketplace.reads.flat()).size };
  };
  return { merchant, marketplace, readAll, counts };
}

test("H5: a sample that shows what was accepted vouches for the rest, and what is nearly sold out is read", async () => {
  const { merchant, marketplace, readAll, counts } = await large();
  await merchant.push("walmart");
  merchant.now += 300;
  await readAll();
  const { unseen, vouched, read } = await counts();
  expect({ unseen, all: vouched + read }).toEqual({ unseen: 0, all: SKUS.length });
  expect(vouched).toBeGreaterThan(SKUS.length / 3);
  expect(marketplace.reads.flat()).toEqual(
    expect.arrayContaining(["L-sku-000", "L-sku-001", "L-sku-002", "L-sku-003"]),
  );
  const pushes = await house.db.push.count({
    where: { shopId: merchant.shop, shownAt: { not: null } },
  });
  expect(pushes).toBe(read);
});

test("H5: while one of the sample is not shown, nothing accepted since is vouched for", async () => {
  const { merchant, marketplace, readAll, counts } = await large();
  for (const sku of SKUS) marketplace.visible.set(`L-${sku}`, 3);
  await merchant.push("walmart");
  merchant.now += 300;
  await readAll();
  expect(await counts()).toMatchObject({ unseen: SKUS.length, vouched: 0 });
});

test("H5: where a number was dropped lately, every one is read", async () => {
  const { merchant, readAll, counts } = await large();
  const { id } = await merchant.listing("walmart", "sku-000");
  await house.db.drift.create({
    data: {
      ...{ shopId: merchant.shop, connectionId: merchant.id("walmart"), listingId: id },
      ...{ expected: 7, found: 5, cause: "rejected-push", state: "open" },
      foundAt: new Date(merchant.now - 60_000),
    },
  });
  await merchant.push("walmart");
  merchant.now += 300;
  await readAll();
  expect(await counts()).toEqual({ unseen: 0, vouched: 0, read: SKUS.length });
});
