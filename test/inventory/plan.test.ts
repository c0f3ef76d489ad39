import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BufferPolicy, RuleInForce } from "../../inventory/buffer.ts";
import { plan, planKit } from "../../inventory/plan.ts";
import { ruleInForce } from "../../inventory/rule-book.ts";
import { availableToSell, onHand, type Stock } from "../../inventory/stock.ts";

const stockOf = (sellable: number, more: Partial<Stock> = {}): Stock => ({
  physical: { sellable: { main: sellable } },
  committed: 0,
  held: 0,
  allocated: {},
  version: 1,
  ...more,
});

const show = (percent: number, more: Partial<BufferPolicy> = {}): BufferPolicy => ({
  buffer: { kind: "percent", show: percent },
  ...more,
});
const fixed = (units: number, more: Partial<BufferPolicy> = {}): BufferPolicy => ({
  buffer: { kind: "fixed", units },
  ...more,
});
const own: BufferPolicy = { buffer: { kind: "allocated" } };

function planFor(stock: Stock, policy: BufferPolicy, unitsPerSale = 1) {
  const rule: RuleInForce = { ...policy, rule: "r1", level: "channel" };
  return plan({ stock, channel: "amazon", rule, unitsPerSale });
}

describe("B1: what a listing shows", () => {
  test.each([
    // stock, policy, units per sale, shown: the reason for the row
    [stockOf(500), show(100), 1, 500, "everything"],
    [stockOf(500), show(90), 1, 450, "nine of ten"],
    [stockOf(15), show(90), 1, 13, "13.5 rounds down: less is safe"],
    [stockOf(1), show(90), 1, 0, "a percentage never shows the last unit"],
    [stockOf(1), show(90, { showLastUnit: true }), 1, 1, "unless it is told to"],
    [stockOf(1), show(90, { showLastUnit: true, floor: 1 }), 1, 0, "but a floor keeps it"],
    [stockOf(1), show(0, { showLastUnit: true }), 1, 0, "showing nothing is not rounding"],
    [stockOf(100), show(7), 1, 7, "0.07 x 100 is 7, whatever binary fractions say"],
    [stockOf(1000), show(92.5), 1, 925, "half percents"],
    [stockOf(20), show(90, { floor: 5 }), 1, 15, "the floor is more than 10 %"],
    [stockOf(4), show(90, { floor: 5 }), 1, 0, "a floor larger than the stock shows nothing"],
    [stockOf(500), show(100, { cap: 200 }), 1, 200, "the cap"],
    [stockOf(150), show(100, { cap: 200 }), 1, 150, "a cap that does not bite"],
    [stockOf(10), fixed(3), 1, 7, "three held back"],
    [stockOf(2), fixed(3), 1, 0, "more held back than there is"],
    [stockOf(100, { committed: 30, held: 20 }), show(90), 1, 45, "the buffer is of what is left"],
    [stockOf(3, { committed: 5 }), show(100), 1, 0, "oversold shows nothing"],
    [stockOf(100, { allocated: { tiktok: 40 } }), show(100), 1, 60, "carved out for another"],
    [stockOf(100, { allocated: { amazon: 40 } }), show(100), 1, 100, "own carve-out and the pool"],
    [stockOf(100, { allocated: { amazon: 40 } }), own, 1, 40, "only its own carve-out"],
    [
      stockOf(30, { allocated: { amazon: 40 } }),
      own,
      1,
      30,
      "a carve-out is not more than there is",
    ],
    [stockOf(100), own, 1, 0, "nothing carved out is out of stock"],
    [stockOf(10), show(100), 3, 3, "packs of three"],
    [stockOf(10), show(100, { cap: 2 }), 3, 2, "the cap counts packs"],
    [stockOf(0), show(100), 1, 0, "nothing"],
  ])("%j %j x%i shows %i: %s", (stock, policy, unitsPerSale, shown) => {
    expect(planFor(stock, policy, unitsPerSale).quantity).toBe(shown);
  });

  test("units in inspection, quarantine and damaged are on hand but not for sale", () => {
    const stock = stockOf(10);
    stock.physical = { ...stock.physical, inspection: { main: 2 }, damaged: { main: 1 } };
    const { quantity, reasons } = planFor(stock, show(100));
    expect(onHand(stock)).toBe(13);
    expect(quantity).toBe(10);
    expect(reasons.map((reason) => reason.code)).toEqual(["on-hand", "not-sellable"]);
  });
});

test("B6: the reasons are the ordered list of what reduced the number", () => {
  const stock = stockOf(100, { committed: 12, held: 5, allocated: { tiktok: 20 } });
  expect(planFor(stock, show(90, { cap: 50 })).reasons).toEqual([
    { code: "on-hand", change: 100, remaining: 100 },
    { code: "committed", change: -12, remaining: 88 },
    { code: "held", change: -5, remaining: 83 },
    { code: "allocated-elsewhere", change: -20, remaining: 63 },
    {
      code: "buffer",
      change: -7,
      remaining: 56,
      detail: { kind: "percent", show: 90, level: "channel" },
    },
    { code: "cap", change: -6, remaining: 50, detail: { cap: 50 } },
  ]);
});

test("B7: of equally scarce parts the first explains, and a kit needs parts", () => {
  const rule = ruleInForce([], { channel: "shopify", category: null, item: "x" });
  const part = (sku: string, units: number, unitsPerSale: number) => {
    return { stock: stockOf(units), channel: "shopify", rule, unitsPerSale, sku };
  };
  const { quantity, reasons } = planKit([part("a", 9, 3), part("b", 3, 1), part("c", 50, 2)]);
  expect(quantity).toBe(3);
  expect(reasons.at(-1)?.detail).toEqual({ sku: "a", parts: 3 });
  expect(planKit([part("a", 9, 3), part("b", 2, 1)]).quantity).toBe(2);
  expect(() => planKit([])).toThrow();
});

test("B6: an oversold item says by how much", () => {
  const { reasons } = planFor(stockOf(3, { committed: 5 }), show(90));
  expect(reasons.at(-1)).toEqual({
    code: "oversold",
    change: 2,
    remaining: 0,
    detail: { units: 2 },
  });
});

type Parts = Record<"sellable" | "committed" | "held" | "amazon" | "tiktok", number>;

const units = fc.integer({ min: 0, max: 2_000 });
const anyStock: fc.Arbitrary<Parts> = fc.record({
  sellable: fc.integer({ min: -50, max: 2_000 }),
  committed: units,
  held: units,
  amazon: units,
  tiktok: units,
});
const anyPolicy: fc.Arbitrary<BufferPolicy> = fc.record(
  {
    buffer: fc.oneof(
      fc.record({ kind: fc.constant("percent" as const), show: fc.integer({ min: 0, max: 100 }) }),
      fc.record({ kind: fc.constant("fixed" as const), units }),
      fc.constant({ kind: "allocated" as const }),
    ),
    floor: units,
    cap: units,
    showLastUnit: fc.boolean(),
  },
  { requiredKeys: ["buffer"] },
);

describe("for every stock and policy", () => {
  const cases = fc.tuple(anyStock, anyPolicy, fc.integer({ min: 1, max: 6 }));
  const build = ({ sellable, committed, held, amazon, tiktok }: Parts) =>
    stockOf(sellable, { committed, held, allocated: { amazon, tiktok } });

  test("the number is whole, not negative, and what is shown is there to sell", () => {
    fc.assert(
      fc.property(cases, ([parts, policy, perSale]) => {
        const stock = build(parts);
        const { quantity } = planFor(stock, policy, perSale);
        expect(Number.isSafeInteger(quantity)).toBe(true);
        expect(quantity).toBeGreaterThanOrEqual(0);
        expect(quantity * perSale).toBeLessThanOrEqual(
          Math.max(0, availableToSell(stock, "amazon")),
        );
        if (policy.cap !== undefined) expect(quantity).toBeLessThanOrEqual(policy.cap);
      }),
    );
  });

  test("B6: the changes of the reasons sum to the number", () => {
    fc.assert(
      fc.property(cases, ([parts, policy, perSale]) => {
        const { quantity, reasons } = planFor(build(parts), policy, perSale);
        expect(reasons.reduce((sum, reason) => sum + reason.change, 0)).toBe(quantity);
        expect(reasons.at(-1)?.remaining ?? 0).toBe(quantity);
      }),
    );
  });

  test("less stock never shows more", () => {
    fc.assert(
      fc.property(cases, units, ([parts, policy, perSale], sold) => {
        const before = planFor(build(parts), policy, perSale).quantity;
        const after = { ...parts, committed: parts.committed + sold };
        expect(planFor(build(after), policy, perSale).quantity).toBeLessThanOrEqual(before);
      }),
    );
  });
});
