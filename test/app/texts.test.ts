import { expect, test } from "vitest";
import { policyText, reasonText } from "../../app/texts.ts";
import { formatFor } from "../../inventory/format.ts";
import { plan, type Reason } from "../../inventory/plan.ts";
import { DEFAULT_REGIONAL } from "../../inventory/regional.ts";
import { NO_STOCK } from "../../inventory/stock.ts";

const FORMAT = formatFor(DEFAULT_REGIONAL);

/** As it is explained on the page: sentence, change, left. */
function lines(reasons: Reason[]): string[] {
  return reasons.map(
    (reason) => `${reasonText(reason, "Amazon", FORMAT)} | ${reason.change} | ${reason.remaining}`,
  );
}

test("B6: every reduction of a number has its sentence, in the plan's own order", () => {
  const stock = {
    ...NO_STOCK,
    physical: { sellable: { MAIN: 500, STORE: 20 }, damaged: { MAIN: 2 } },
    committed: 40,
    held: 10,
    allocated: { shopify: 70 },
  };
  const rule = {
    buffer: { kind: "percent", show: 90 } as const,
    cap: 50,
    rule: "r1",
    level: "channel" as const,
  };
  const { reasons } = plan({ stock, channel: "amazon", rule, unitsPerSale: 4 });
  expect(lines(reasons)).toEqual([
    "522 units on hand at all locations | 522 | 522",
    "2 units on hand cannot be sold: in inspection, in quarantine or damaged | -2 | 520",
    "40 units sold and not shipped yet | -40 | 480",
    "10 units held in carts and checkouts | -10 | 470",
    "70 units set aside for other channels | -70 | 400",
    "Amazon is shown 90 % of what is available (rule of this channel) | -40 | 360",
    "One sale takes 4 units: counted in whole packs | -270 | 90",
    "Amazon never shows more than 50 | -40 | 50",
  ]);
});

test("B6: an oversold item says by how much, and that less than 0 cannot be shown", () => {
  const stock = { ...NO_STOCK, physical: { sellable: { MAIN: 1 } }, committed: 3 };
  const rule = { buffer: { kind: "fixed", units: 5 } as const, rule: null, level: "shop" as const };
  const { reasons } = plan({ stock, channel: "amazon", rule, unitsPerSale: 1 });
  expect(lines(reasons).at(-1)).toBe(
    "Oversold by 2 units: a listing cannot show less than 0 | 2 | 0",
  );
});

test.each([
  [{ buffer: { kind: "percent", show: 92.5 } as const }, "Shows 92.5 % of what is available"],
  [{ buffer: { kind: "fixed", units: 1 } as const, cap: 9 }, "Holds back 1 unit, shows at most 9"],
  [
    { buffer: { kind: "allocated" } as const, floor: 2 },
    "Shows only stock set aside for it, holds back at least 2 units",
  ],
])("B1: a rule reads as a sentence: %j", (policy, sentence) => {
  expect(policyText(policy, FORMAT)).toBe(sentence);
});
