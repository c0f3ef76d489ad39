import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, type Merchant, openHouse, START } from "./house.ts";
import { sale, shopOn } from "./shop.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

/** Sells so many units at each of these moments, and lets the job run whenever it is asked for. */
async function rush(merchant: Merchant, units: number, moments: readonly number[]) {
  const told: { at: number; quantity: number }[] = [];
  const sentAt = merchant.marketplaces.get("shopify");
  const end = (moments.at(-1) ?? 0) + 2_000;
  let due = Number.POSITIVE_INFINITY;
  const begun = merchant.now;
  for (let ms = 0; ms <= end; ms += 10) {
    merchant.now = begun + ms;
    if (moments.includes(ms)) {
      await merchant.hear(...Array.from({ length: units }, () => sale(merchant, "tea")));
      due = merchant.now;
    }
    if (due > merchant.now) continue;
    merchant.asked.length = 0;
    const before = sentAt?.sent.length ?? 0;
    await merchant.push("shopify");
    const fresh = sentAt?.sent.slice(before) ?? [];
    told.push(...fresh.map((line) => ({ at: ms, quantity: line.quantity })));
    const next = merchant.asked.filter((wish) => wish.name === "push.connection");
    due = Math.min(Number.POSITIVE_INFINITY, ...next.map((wish) => merchant.now + wish.ms));
  }
  return told;
}

const every = (ms: number, count: number) => Array.from({ length: count }, (_, n) => n * ms);

test.each([5_000, 1_020, 1_000, 300])(
  "F: 1,000 sales of one SKU in 10 s, of %i units, are 25 calls at most, the last one true",
  async (units) => {
    const { merchant } = await shopOn(house, ["tea"], units);
    merchant.now = START + 60_000;
    const told = await rush(merchant, 10, every(100, 100));
    expect(told.length).toBeLessThanOrEqual(25);
    expect(told.at(-1)?.quantity).toBe(Math.max(0, units - 1_000));
  },
);

test("A: at 9 sales a second each is told within half a second, and the last unit at once", async () => {
  const { merchant } = await shopOn(house, ["tea"], 45);
  merchant.now = START + 60_000;
  const moments = every(110, 45);
  const told = await rush(merchant, 1, moments);
  const waits = moments.map((at, n) => {
    const seen = told.find((one) => one.at >= at && one.quantity <= 45 - (n + 1));
    return (seen?.at ?? Number.POSITIVE_INFINITY) - at;
  });
  expect(Math.max(...waits)).toBeLessThanOrEqual(500);
  expect(waits.at(-1)).toBe(0);
  expect(waits.slice(0, 3), "a first few are told at once").toEqual([0, 0, 0]);
});

test("a single sale is told at once, at any depth", async () => {
  for (const units of [5_000, 50, 2]) {
    const { merchant } = await shopOn(house, ["tea"], units);
    merchant.now = START + 60_000;
    expect(await rush(merchant, 1, [0])).toEqual([{ at: 0, quantity: units - 1 }]);
  }
});
