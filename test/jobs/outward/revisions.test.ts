import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, type Merchant, openHouse, START } from "./house.ts";
import type { Marketplace } from "./marketplace.ts";
import { sale, shopOn } from "./shop.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

const HOUR = 3_600_000;

/** In Los Angeles it is four in the morning when a test starts: its midnight is in 20 hours. */
const ZONE = "America/Los_Angeles";
const MIDNIGHT = START + 20 * HOUR;

async function budgeted(units: number, perDay: number, reserve: number, skus = ["tea"]) {
  const shop = await shopOn(house, skus, units);
  const revisions = { perDay, reserve, zone: ZONE };
  Object.assign(shop.marketplace.connector.limits, { revisions });
  return shop;
}

const countOf = async (merchant: Merchant) =>
  (await house.db.revision.findMany({ where: { shopId: merchant.shop } })).map((row) => row.count);

/** Sells one and pushes, with time to rest. */
async function sellAndPush(merchant: Merchant, sku = "tea", quantity = 1) {
  merchant.now += 1_000;
  await merchant.hear(sale(merchant, sku, quantity));
  await merchant.push("shopify");
}

test("F: when only the reserve is left, nothing but 0 is sent; when nothing is, midnight is waited for", async () => {
  const { merchant, marketplace } = await budgeted(40, 5, 2);
  for (let n = 0; n < 4; n += 1) await sellAndPush(merchant);
  expect(marketplace.sent.map((line) => line.quantity)).toEqual([39, 38, 37]);
  expect(merchant.wishes("push.connection").at(-1)).toBe(MIDNIGHT - merchant.now);
  await sellAndPush(merchant, "tea", 36);
  expect(marketplace.sent.at(-1)?.quantity).toBe(0);
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 1));
  merchant.now += 1_000;
  await merchant.push("shopify");
  expect(await countOf(merchant)).toEqual([4]);
  merchant.now = MIDNIGHT;
  await merchant.push("shopify");
  expect(marketplace.sent.at(-1)?.quantity).toBe(1);
  expect((await countOf(merchant)).sort()).toEqual([1, 4]);
});

test("F: the listings of one group share its budget", async () => {
  const { merchant, marketplace } = await budgeted(40, 5, 2, ["a", "b", "c", "d"]);
  await house.db.listing.updateMany({
    where: { shopId: merchant.shop },
    data: { pushGroup: "tea-in-four-sizes" },
  });
  await merchant.hear(...["a", "b", "c", "d"].map((sku) => sale(merchant, sku)));
  merchant.now += 1_000;
  await merchant.push("shopify");
  expect(marketplace.sent).toHaveLength(3);
  expect(await countOf(merchant)).toEqual([3]);
});

test("F: what was throttled was not sent, and is given back", async () => {
  const { merchant, marketplace } = await budgeted(40, 5, 2);
  const retryAt = merchant.now + 5_000;
  marketplace.answers.push(() => ({ outcome: "throttled", retryAt, why: "slow down" }));
  await sellAndPush(merchant);
  expect(await countOf(merchant)).toEqual([0]);
  merchant.now = retryAt;
  await merchant.push("shopify");
  expect(await countOf(merchant)).toEqual([1]);
});

test("F: what can wait rests the longer, the more of the day's budget is used too early", async () => {
  const { merchant, marketplace } = await budgeted(1_000, 100, 20);
  const rests: number[] = [];
  for (let n = 0; n < 60; n += 1) {
    merchant.asked.length = 0;
    await sellAndPush(merchant);
    const [wait = 0] = merchant.wishes("push.connection");
    if (wait === 0) continue;
    rests.push(wait);
    merchant.now += wait;
    await merchant.push("shopify");
  }
  expect(rests.length).toBeGreaterThan(8);
  expect(rests.at(-1)).toBeGreaterThan((rests[0] ?? 0) * 4);
  expect(rests.at(-1)).toBeGreaterThan(5 * 60_000);
  const before = marketplace.sent.length;
  await sellAndPush(merchant, "tea", 920);
  expect(marketplace.sent.length, "nearly sold out: at once").toBe(before + 1);
});

/** What was sent on each day of the zone, by its number. */
function byDay(sent: { at: number; quantity: number }[]): { at: number; quantity: number }[][] {
  const days = Map.groupBy(sent, ({ at }) => Math.floor((at - MIDNIGHT) / (24 * HOUR)));
  return [...days.values()];
}

async function play(steps: readonly [minutes: number, change: number][]) {
  const { merchant, marketplace } = await budgeted(3, 6, 2);
  const sent: { at: number; quantity: number }[] = [];
  marketplace.beforeAnswer = async (batch) => {
    sent.push(...batch.map(({ quantity }) => ({ at: merchant.now, quantity })));
  };
  for (const [minutes, change] of steps) {
    merchant.now += minutes * 60_000;
    if (change > 0) await merchant.hear(merchant.book.receive(merchant.item("tea"), change));
    if (change < 0) await merchant.hear(sale(merchant, "tea", -change));
    await merchant.push("shopify");
  }
  return { sent, marketplace: marketplace as Marketplace };
}

test("F: never more changes than a day allows, and the reserve for nothing but 0", async () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 180 }), fc.integer({ min: -3, max: 4 }));
  const days = fc.array(step, { minLength: 10, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(days, async (steps) => {
      const { sent } = await play(steps);
      for (const day of byDay(sent)) {
        expect(day.length).toBeLessThanOrEqual(6);
        expect(day.slice(4).every((one) => one.quantity === 0)).toBe(true);
      }
    }),
    { numRuns: 6 },
  );
}, 90_000);
