import { describe, expect, test } from "vitest";
import { allocationLeft, carve } from "../../inventory/allocation.ts";
import { allocatedTo, allocationChannel, sideOf } from "../../inventory/bucket.ts";
import { applyLegs, assertBalanced, type Leg } from "../../inventory/movement.ts";
import { availableToSell, NO_STOCK, onHand, type Stock } from "../../inventory/stock.ts";

const leg = (bucket: Leg["bucket"], quantity: number, location = ""): Leg => ({
  bucket,
  quantity,
  location,
});

describe("invariant 6: legs are balanced on both sides", () => {
  test.each<[string, Leg[]]>([
    ["a receipt", [leg("outside", -5), leg("sellable", 5, "main")]],
    ["a sale", [leg("unclaimed", -1), leg("committed", 1)]],
    [
      "a shipment",
      [leg("committed", -1), leg("unclaimed", 1), leg("sellable", -1, "main"), leg("outside", 1)],
    ],
    ["a fact that changes nothing", []],
  ])("%s is", (_, legs) => {
    expect(() => assertBalanced(legs)).not.toThrow();
  });

  test.each<[string, Leg[], RegExp]>([
    ["a unit from nowhere", [leg("sellable", 1, "main")], /physical legs/],
    ["a claim out of a shelf", [leg("sellable", -1, "main"), leg("committed", 1)], /physical legs/],
    ["a claim on nothing", [leg("committed", 1)], /claim legs/],
    ["a shelf nowhere", [leg("outside", -1), leg("sellable", 1)], /location/],
    ["half a unit", [leg("outside", -0.5), leg("sellable", 0.5, "main")], /whole number/],
  ])("%s is not", (_, legs, rule) => {
    expect(() => assertBalanced(legs)).toThrow(rule);
  });

  test("a balance is the sum of its legs", () => {
    const once = applyLegs(new Map(), [leg("outside", -5), leg("sellable", 5, "main")]);
    const twice = applyLegs(once, [leg("sellable", 2, "main"), leg("sellable", 1, "store")]);
    expect(Object.fromEntries(twice)).toEqual({
      outside: -5,
      "sellable@main": 7,
      "sellable@store": 1,
    });
    expect(once.get("sellable@main")).toBe(5);
  });
});

describe("B2: stock carved out for a channel", () => {
  test.each([
    // carved, taken then, taken now, left
    [50, 0, 0, 50],
    [50, 0, 20, 30],
    [50, 0, 80, 0],
    [50, 100, 100, 50],
    [50, 100, 90, 50],
    [50, 100, 130, 20],
  ])("carved %i at %i taken, %i taken now: %i left", (carved, takenThen, taken, left) => {
    expect(allocationLeft({ carved, takenThen }, taken)).toBe(left);
  });

  test("carving more adds to what is left, giving back takes from it", () => {
    const more = carve({ carved: 50, takenThen: 0 }, 20, 10);
    expect(allocationLeft(more, 20)).toBe(40);
    expect(allocationLeft(carve(more, 25, -35), 25)).toBe(0);
  });

  test("its bucket names the channel", () => {
    expect(allocationChannel(allocatedTo("tiktok"))).toBe("tiktok");
    expect(allocationChannel("held")).toBeUndefined();
    expect(sideOf(allocatedTo("tiktok"))).toBe("claim");
  });
});

describe("available to sell", () => {
  const stock: Stock = {
    physical: {
      sellable: { main: 80, store: 20 },
      inspection: { main: 7 },
      incoming: { main: 500 },
    },
    committed: 10,
    held: 5,
    allocated: { tiktok: 25 },
    version: 9,
  };

  test("is sellable less committed, held and what others have carved out", () => {
    expect(availableToSell(stock)).toBe(60);
    expect(availableToSell(stock, "amazon")).toBe(60);
    expect(availableToSell(stock, "tiktok")).toBe(85);
  });

  test("what is on its way is not on hand", () => expect(onHand(stock)).toBe(107));

  test("is negative by what is oversold", () => {
    expect(availableToSell({ ...NO_STOCK, committed: 3 })).toBe(-3);
  });
});
