import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Claims,
  deliverable,
  type Place,
  serves,
  shippingOrder,
  unknownClaims,
} from "../../inventory/location.ts";
import { plan } from "../../inventory/plan.ts";
import { availableToSell, NO_STOCK, type Stock, unitsIn } from "../../inventory/stock.ts";

const CHANNELS = ["amazon", "shopify", "walmart"] as const;
const ALL = { buffer: { kind: "percent", show: 100 } as const, rule: null, level: "shop" as const };

const place = (code: string, channels: string[] | null = null, priority = 0): Place => ({
  ...{ code, priority, serves: channels, active: true },
});

function stockAt(sellable: Record<string, number>, byChannel: Record<string, number> = {}) {
  const committed = Object.values(byChannel).reduce((sum, units) => sum + units, 0);
  const stock: Stock = { ...NO_STOCK, physical: { sellable }, committed };
  return { stock, claims: { byChannel, unknown: 0 } };
}

/** What Amazon may be sold of `sellable` units, owed `byChannel`. */
function forAmazon(
  sellable: Record<string, number>,
  byChannel: Record<string, number>,
  places: Place[],
) {
  const { stock, claims } = stockAt(sellable, byChannel);
  return deliverable(stock, "amazon", { places, claims });
}

describe("B8: units of the places that serve a channel", () => {
  const store = place("STORE", ["shopify"], 1);
  const main = place("MAIN", null, 0);
  const depot = place("DEPOT", ["amazon"], 2);
  const swapped = [place("MAIN", null, 1), place("STORE", ["shopify"], 0)];
  const BOTH = { MAIN: 10, STORE: 5 };
  test.each<[string, Record<string, number>, Record<string, number>, Place[], number]>([
    ["both serve it", { MAIN: 10, STORE: 5 }, {}, [main, place("STORE")], 15],
    ["the store does not", { MAIN: 10, STORE: 5 }, {}, [main, store], 10],
    ["nothing serves it", { STORE: 5 }, {}, [store], 0],
    ["a place nobody told us of serves all", { BARN: 4, STORE: 5 }, {}, [store], 4],
    ["its own orders leave from where it is served", { MAIN: 10 }, { amazon: 3 }, [main, store], 7],
    ["orders of the store's channel go by priority", BOTH, { shopify: 4 }, [main, store], 6],
    ["the store ships first: the depot keeps its units", BOTH, { shopify: 4 }, swapped, 10],
    ["what the store cannot ship the next one does", BOTH, { shopify: 8 }, swapped, 7],
    [
      "who has one place only chooses first",
      { MAIN: 5, DEPOT: 5 },
      { walmart: 4 },
      [main, depot],
      6,
    ],
    ["more is owed than there is", { MAIN: 2, STORE: 5 }, { amazon: 6 }, [main, store], -4],
    [
      "an order of a channel that nobody serves",
      { MAIN: 10 },
      { walmart: 2 },
      [place("MAIN", ["amazon"])],
      8,
    ],
    ["a shelf below zero", { MAIN: -2, STORE: 5 }, {}, [main, store], -2],
    [
      "others who could be served from less of what is shared",
      { A: 10, B: 1, C: 10 },
      { shopify: 20 },
      [place("A", ["shopify"]), place("B", ["amazon"], 1), place("C")],
      1,
    ],
    [
      "of what is shared nothing is left, though a claim was first expected elsewhere",
      { A: 10, B: 1, C: 10 },
      { amazon: 1, shopify: 20 },
      [place("A", ["shopify"]), place("B", ["amazon"], 1), place("C")],
      0,
    ],
  ])("%s", (_name, sellable, byChannel, places, units) => {
    expect(forAmazon(sellable, byChannel, places)).toBe(units);
  });

  test("claims of nobody known are taken off every channel in full", () => {
    const stock: Stock = { ...NO_STOCK, physical: { sellable: { MAIN: 10, STORE: 5 } }, held: 3 };
    const shipping = { places: [main, store], claims: unknownClaims(stock) };
    expect(deliverable(stock, "amazon", shipping)).toBe(7);
    expect(deliverable(stock, "shopify", shipping)).toBe(12);
  });

  test("what is carved out leaves from where its channel is served", () => {
    const { stock, claims } = stockAt({ MAIN: 10, STORE: 5 });
    const carved = { ...stock, allocated: { shopify: 6, amazon: 1 } };
    const places = swapped;
    expect(deliverable(carved, "amazon", { places, claims })).toBe(9);
    expect(deliverable(carved, "shopify", { places, claims })).toBe(14);
  });
});

test("B8: shipments leave from open places that serve the channel, by priority", () => {
  const places = [
    place("A", ["shopify"], 0),
    place("B", null, 2),
    place("C", ["amazon"], 1),
    { ...place("D", null, -1), active: false },
  ];
  expect(shippingOrder(places, "amazon")).toEqual(["C", "B", "A", "D"]);
  expect(shippingOrder(places, "shopify")).toEqual(["A", "B", "C", "D"]);
});

test("B6: a place that does not serve the channel has a line of its own", () => {
  const { stock, claims } = stockAt({ MAIN: 10, STORE: 5 }, { amazon: 2 });
  const places = [place("MAIN"), place("STORE", ["shopify"])];
  const input = { stock, channel: "amazon", rule: ALL, unitsPerSale: 1 };
  const { quantity, reasons } = plan({ ...input, shipping: { places, claims } });
  expect(quantity).toBe(8);
  expect(reasons.map(({ code, change }) => [code, change])).toEqual([
    ["on-hand", 15],
    ["committed", -2],
    ["other-locations", -5],
  ]);
  expect(reasons.reduce((sum, { change }) => sum + change, 0)).toBe(quantity);
});

describe("B8, for any stock, places and claims", () => {
  const count = fc.integer({ min: 0, max: 20 });
  const codes = ["A", "B", "C", "D"];
  const shelves = fc.record(Object.fromEntries(codes.map((code) => [code, count])));
  const claimed = fc.record(Object.fromEntries(CHANNELS.map((channel) => [channel, count])));
  const somePlaces = (channels: fc.Arbitrary<string[] | null>) =>
    fc
      .tuple(...codes.map((code) => fc.tuple(channels, count).map(([c, p]) => place(code, c, p))))
      .map((places): Place[] => places);
  const some = somePlaces(fc.option(fc.subarray([...CHANNELS]), { nil: null }));
  const everything = fc.record({ shelves, claimed, unknown: count, carved: count });

  function world({ shelves: sellable, claimed: byChannel, unknown, carved }: Everything) {
    const committed = Object.values(byChannel).reduce((sum, units) => sum + units, 0);
    const stock: Stock = {
      ...{ physical: { sellable }, committed, held: unknown, version: 1 },
      allocated: { walmart: carved },
    };
    return { stock, claims: { byChannel, unknown } };
  }
  interface Everything {
    shelves: Record<string, number>;
    claimed: Record<string, number>;
    unknown: number;
    carved: number;
  }
  const planned = (stock: Stock, channel: string, places: readonly Place[], claims: Claims) =>
    plan({ stock, channel, rule: ALL, unitsPerSale: 1, shipping: { places, claims } });

  test("never more than all places together have", () => {
    fc.assert(
      fc.property(everything, some, (given, places) => {
        const { stock, claims } = world(given);
        for (const channel of CHANNELS) {
          const { quantity } = planned(stock, channel, places, claims);
          expect(quantity).toBeLessThanOrEqual(Math.max(0, availableToSell(stock, channel)));
        }
      }),
    );
  });

  test("where every place serves every channel, the numbers are those without places", () => {
    fc.assert(
      fc.property(everything, somePlaces(fc.constant(null)), (given, places) => {
        const { stock, claims } = world(given);
        for (const channel of CHANNELS) {
          const without = plan({ stock, channel, rule: ALL, unitsPerSale: 1 });
          expect(planned(stock, channel, places, claims)).toEqual(without);
        }
      }),
    );
  });

  test("channels without a common place never show more than is there for them together", () => {
    // Each place serves one channel, or one of them and nobody else.
    const apart = somePlaces(fc.constantFrom(...CHANNELS).map((channel) => [channel]));
    fc.assert(
      fc.property(everything, apart, (given, places) => {
        const { stock, claims } = world({ ...given, carved: 0 });
        const shown = CHANNELS.map(
          (channel) => planned(stock, channel, places, claims).quantity,
        ).reduce((sum, quantity) => sum + quantity, 0);
        const free = CHANNELS.reduce((sum, channel) => {
          const there = places
            .filter((one) => serves(one, channel))
            .reduce((units, { code }) => units + (given.shelves[code] ?? 0), 0);
          return sum + Math.max(0, there - (given.claimed[channel] ?? 0));
        }, 0);
        expect(shown).toBeLessThanOrEqual(Math.max(0, free - claims.unknown));
        expect(shown).toBeLessThanOrEqual(unitsIn(stock, "sellable"));
      }),
    );
  });

  test("what a channel shows can be shipped, and so can all that was owed before", () => {
    fc.assert(
      fc.property(everything, some, fc.constantFrom(...CHANNELS), (given, places, channel) => {
        const { stock, claims } = world({ ...given, unknown: 0, carved: 0 });
        const { quantity } = planned(stock, channel, places, claims);
        fc.pre(quantity > 0 && canShip(given, places, {}));
        expect(canShip(given, places, { [channel]: quantity })).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  /** Hall's condition: any group of channels is owed no more than the places that serve them have. */
  function canShip(given: Everything, places: readonly Place[], more: Record<string, number>) {
    const groups = Array.from({ length: 2 ** CHANNELS.length }, (_, set) =>
      CHANNELS.filter((_channel, at) => set & (1 << at)),
    );
    return groups.every((group) => {
      const owed = group.reduce(
        (sum, channel) => sum + (given.claimed[channel] ?? 0) + (more[channel] ?? 0),
        0,
      );
      const there = places
        .filter((one) => group.some((channel) => serves(one, channel)))
        .reduce((sum, { code }) => sum + (given.shelves[code] ?? 0), 0);
      return owed <= there;
    });
  }
});
