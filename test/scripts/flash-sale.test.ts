import { describe, expect, test } from "vitest";
import { NO_STOCK, type Stock } from "../../inventory/stock.ts";
import { drawCrowd } from "../../scripts/flash-sale/crowd.ts";
import { type HistoryRow, reaches } from "../../scripts/flash-sale/history.ts";
import { latencies, type PushRow, withLandings } from "../../scripts/flash-sale/measure.ts";
import { flashSaleOptions } from "../../scripts/flash-sale/options.ts";
import { quantiles } from "../../scripts/flash-sale/quantiles.ts";
import { brokenPromises, type FlashResult } from "../../scripts/flash-sale/result.ts";

describe("flash sale: the crowd", () => {
  const draw = (seed: number) =>
    drawCrowd({ shoppers: 540, carts: 50, seconds: 60, seed, channels: ["shopify", "amazon"] });

  test("is the same for the same seed and another for another", () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test("comes within the sale, on every channel, and half of the carts are abandoned", () => {
    const { shoppers, carts } = draw(3);
    expect(shoppers).toHaveLength(540);
    expect(Math.max(...shoppers.map((shopper) => shopper.at))).toBeLessThan(60_000);
    expect(new Set(shoppers.map((shopper) => shopper.channel)).size).toBe(2);
    expect(carts.filter((cart) => cart.paysAfterMs === null)).toHaveLength(25);
  });
});

test("flash sale: every wrong option is named at once", () => {
  expect(() => flashSaleOptions(["--units", "0", "--seconds", "x", "--lag", "slow"])).toThrow(
    /--units[\s\S]*--seconds[\s\S]*--lag/,
  );
  expect(flashSaleOptions(["--lag", "10-20"])).toMatchObject({ units: 500, shoppers: 540 });
});

test("quantiles are measured values, by nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(quantiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
  expect(quantiles([5])).toEqual({ p50: 5, p95: 5, p99: 5 });
  expect(quantiles([])).toEqual({ p50: null, p95: null, p99: null });
});

describe("E4: how long a sale took to reach the other channel", () => {
  const at = (ms: number) => new Date(ms);
  const stock = (units: number): Stock => ({
    ...NO_STOCK,
    physical: { sellable: { main: units } },
  });
  const sale = (seq: bigint, channel: string, ms: number): HistoryRow => ({
    seq,
    type: "sell",
    order: null,
    channel,
    at: at(ms),
    oversold: 0,
    legs: [
      { bucket: "unclaimed", location: "", quantity: -1 },
      { bucket: "committed", location: "", quantity: 1 },
    ],
  });
  const listings = [
    { id: "a", channel: "amazon", unitsPerSale: 1 },
    { id: "s", channel: "shopify", unitsPerSale: 1 },
  ];
  const reachesFrom = (units: number, history: HistoryRow[]) =>
    reaches(stock(units), history, listings, [], { item: "i", category: null });

  test("a sale reaches every other channel whose number it changes", () => {
    // Amazon shows nine of ten, rounded down: 11 -> 10 leaves it at 9, 10 -> 9 takes it to 8.
    const history = [sale(1n, "shopify", 0), sale(2n, "shopify", 10), sale(3n, "amazon", 20)];
    expect(reachesFrom(11, history).map(({ listing, seq }) => [listing, seq])).toEqual([
      ["a", 2n],
      ["s", 3n],
    ]);
  });

  test("when a push was shown is told by the marketplace, in the order of the pushes", () => {
    const row = (seq: bigint): PushRow => {
      return { listing: "a", seq, quantity: 1, answeredAt: at(0), shownAt: null };
    };
    const trace = (landsAt: number) => ({ sku: "J", acceptedAt: 0, landsAt });
    // The first trace is of a push before the sale.
    const told = withLandings([row(1n), row(2n)], "a", [trace(5), trace(70), trace(90)]);
    expect(told.map((push) => push.shownAt?.getTime())).toEqual([70, 90]);
  });

  test("a push covers every sale its plan knew of; an overtaken one is shown by the next", () => {
    const pushed = (seq: bigint, acked: number, shown: number | null): PushRow => ({
      listing: "a",
      seq,
      quantity: 1,
      answeredAt: at(acked),
      shownAt: shown === null ? null : at(shown),
    });
    const history = [sale(1n, "shopify", 0), sale(2n, "shopify", 10), sale(3n, "shopify", 30)];
    const pushes = [pushed(2n, 100, null), pushed(3n, 300, 900)];
    expect(latencies(reachesFrom(500, history), pushes)).toEqual({
      ack: [100, 90, 270],
      shown: [900, 890, 870],
      unreached: 0,
    });
    expect(latencies(reachesFrom(500, history), pushes.slice(0, 1)).unreached).toBe(3);
  });
});

describe("flash sale: what it promises", () => {
  const KEPT: FlashResult = {
    ...{ sold: 500, refused: 40, oversold: 5, oversoldThroughHolds: 0, unsold: 0, pushes: 90 },
    ...{
      perChannel: {},
      carts: { held: 50, refused: 0, paid: 25, abandoned: 25, late: 0 },
      ledgerConsistent: true,
    },
    saleToAckMs: { p50: 300, p95: 600, p99: 999 },
    saleToShownMs: { p50: 900, p95: 1_200, p99: 1_400 },
  };

  test.each<[string, Partial<FlashResult>, number, number]>([
    ["all of it", {}, 0, 0],
    ["six beyond stock, which a lag of minutes excuses", { oversold: 6 }, 1, 0],
    ["a second", { saleToAckMs: { p50: 300, p95: 600, p99: 1_000 } }, 1, 0],
    ["a unit through a hold, which no lag excuses", { oversoldThroughHolds: 1 }, 1, 1],
    ["a ledger that disagrees", { ledgerConsistent: false }, 1, 1],
  ])("%s", (_, change, atDefault, atRealistic) => {
    expect(brokenPromises({ ...KEPT, ...change }, "default")).toHaveLength(atDefault);
    expect(brokenPromises({ ...KEPT, ...change }, "realistic")).toHaveLength(atRealistic);
  });
});
