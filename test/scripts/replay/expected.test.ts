import { existsSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDay } from "../../../scripts/replay/day.ts";
import { scriptOf } from "../../../scripts/replay/day-script.ts";
import { type DaySum, type SumOptions, sumDay } from "../../../scripts/replay/expected.ts";
import { ROOT } from "../../../scripts/services/paths.ts";
import { UCI_HEADER, withFile } from "../../jobs/order-files/read.ts";

const DAY = "2011-09-22";

/** What a script does to each SKU, by playing it. */
async function played(path: string, day: string): Promise<Map<string, DaySum>> {
  const { lines } = await readDay(path, day, {});
  const { opening, steps } = scriptOf(lines, { run: "r", channels: ["shopify", "amazon"] });
  const sums = new Map<string, DaySum>();
  const add = (sku: string, bucket: keyof DaySum, units: number) => {
    const sum = sums.get(sku) ?? { committed: 0, sellable: 0, inspection: 0 };
    sums.set(sku, { ...sum, [bucket]: sum[bucket] + units });
  };
  const orders = [...opening, ...steps.flatMap((one) => (one.type === "order" ? [one.order] : []))];
  for (const { lines: all } of orders) {
    for (const { sku, quantity } of all) add(sku, "committed", quantity);
  }
  for (const step of steps) {
    if (step.type === "adjust") add(step.sku, step.bucket, step.quantity);
    if (step.type !== "cancel") continue;
    for (const { sku, quantity } of step.lines) add(sku, "committed", -quantity);
  }
  return sums;
}

const bySku = (sums: Map<string, DaySum>) => Object.fromEntries([...sums].sort());
const options: SumOptions = { day: DAY, timezone: "Europe/London" };

describe("a sum straight from the file", () => {
  test("is what the script does, for any sales, cancellations and corrections", async () => {
    const row = fc.record({
      kind: fc.constantFrom("sale", "sale", "sale", "cancel", "lost", "free", "post", "bad"),
      sku: fc.constantFrom("84029g", "84029G", "22111", "85123A"),
      units: fc.integer({ min: 1, max: 9 }),
      buyer: fc.constantFrom("", "1", "2"),
      minute: fc.integer({ min: 0, max: 59 }),
      day: fc.constantFrom(DAY, DAY, DAY, "2011-09-21"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
        const inTime = rows.toSorted((a, b) => a.minute - b.minute);
        const text = inTime.map(({ kind, sku, units, buyer, minute, day }, n) => {
          const cancels = kind === "cancel";
          const quantity = kind === "bad" ? "?" : cancels || kind === "lost" ? -units : units;
          const price = kind === "lost" || kind === "free" ? "0.0" : "1.5";
          const at = `${day} 09:${String(minute).padStart(2, "0")}:00`;
          const code = kind === "post" ? "POST" : sku;
          const customer = kind === "lost" ? "" : buyer;
          const invoice = `${cancels ? "C" : ""}${n}`;
          return `${invoice},${code},"A, B",${quantity},${at},${price},${customer},UK`;
        });
        await withFile([UCI_HEADER, ...text].join("\n"), async (path) => {
          expect(bySku(await sumDay(path, options))).toEqual(bySku(await played(path, DAY)));
        });
      }),
      { numRuns: 60 },
    );
  });

  test("is what the script does, for a day of a real retailer", async () => {
    const path = resolve(ROOT, "../shared/data/online-retail-2010-12-to-2011-09.csv.gz");
    if (!existsSync(path)) {
      console.log("the real order file is absent: its days are not checked");
      return;
    }
    // The day of the largest order, which was cancelled 16 minutes later.
    const day = "2011-01-18";
    const sums = await sumDay(path, { ...options, day });
    expect(sums.size).toBe(890);
    expect(bySku(sums)).toEqual(bySku(await played(path, day)));
  }, 120_000);

  test("counts a Shopify order on its day, unless it was cancelled that day", async () => {
    const header =
      "Name,Currency,Created at,Cancelled at,Lineitem quantity,Lineitem name,Lineitem price," +
      "Lineitem sku,Lineitem requires shipping";
    const at = "2011-09-22 10:00:00 +0000";
    const rows = [
      `#1,EUR,${at},,2,x,1,A,true`,
      "#1,,,,3,x,1,B,true",
      `#2,EUR,${at},2011-09-22 12:00:00 +0000,5,x,1,A,true`,
      `#3,EUR,${at},2011-09-23 12:00:00 +0000,7,x,1,A,true`,
      `#4,EUR,2011-09-21 10:00:00 +0000,2011-09-22 12:00:00 +0000,9,x,1,A,true`,
      `#5,EUR,2011-09-23 00:30:00 +0100,,1,x,1,A,true`,
      `#6,EUR,${at},,1,Gift card,1,G,false`,
    ];
    await withFile([header, ...rows].join("\n"), async (path) => {
      const sums = bySku(await sumDay(path, { day: DAY, timezone: "UTC" }));
      expect(sums).toEqual({
        A: { committed: 2 + 7 + 1, sellable: 0, inspection: 0 },
        B: { committed: 3, sellable: 0, inspection: 0 },
      });
      expect(bySku(await played(path, DAY))).toEqual(sums);
    });
  });
});
