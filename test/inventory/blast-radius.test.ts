import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BlastGauge,
  blastRadius,
  DEFAULT_BLAST_LIMITS,
  LARGEST_SHOWN,
  mayGoAhead,
  type NumberChange,
} from "../../inventory/blast-radius.ts";

const many = (count: number, before: number, after: number): NumberChange[] =>
  Array.from({ length: count }, (_, n) => ({ id: `l${n}`, before, after }));
const shop = { size: 1_000, live: 400 };

describe("H4: a change that reaches too far stops", () => {
  // The limits: 20 % may go to 0, 20 % may change by more than half, 10 always may.
  test.each([
    ["nothing", [], shop, "within", []],
    ["a fifth of what sells goes to 0", many(80, 5, 0), shop, "within", []],
    ["one more than a fifth of what sells", many(81, 5, 0), shop, "stop", ["zeroed"]],
    ["below 0 is 0", many(81, 5, -2), shop, "stop", ["zeroed"]],
    ["what is at 0 already cannot go there", many(900, 0, 0), shop, "within", []],
    ["exactly half is not far", many(900, 10, 5), shop, "within", []],
    ["more than half is", many(201, 10, 4), shop, "stop", ["moved"]],
    ["so is half as much again and one", many(201, 10, 16), shop, "stop", ["moved"]],
    ["so is something instead of nothing", many(201, 0, 1), shop, "stop", ["moved"]],
    ["everything goes to 0", many(400, 9, 0), shop, "stop", ["zeroed", "moved"]],
    ["a small shop is not asked about ten", many(10, 9, 0), { size: 12, live: 10 }, "within", []],
    [
      "but about eleven",
      many(11, 9, 0),
      { size: 12, live: 11 },
      "stop",
      ["zeroed", "moved"] as const,
    ],
  ])("%s: %#", (_what, changes, catalogue, outcome, reasons) => {
    const radius = blastRadius("x", changes, catalogue, DEFAULT_BLAST_LIMITS);
    expect(radius).toMatchObject({ outcome, reasons });
  });

  test("it says how many, which share, and what changes most", () => {
    const changes = [...many(100, 8, 0), { id: "big", before: 10, after: 900 }];
    const radius = blastRadius("x", changes, shop, DEFAULT_BLAST_LIMITS);
    expect(radius).toMatchObject({
      changed: 101,
      zeroed: 100,
      moved: 101,
      before: 810,
      after: 900,
    });
    expect(radius.zeroedPercent).toBe(25);
    expect(radius.movedPercent).toBeCloseTo(10.1);
    expect(radius.largest).toHaveLength(LARGEST_SHOWN);
    expect(radius.largest[0]?.after).toBe(0);
  });
});

const changes = fc.uniqueArray(
  fc.record({ id: fc.string(), before: fc.nat(50), after: fc.integer({ min: -5, max: 50 }) }),
  { selector: ({ id }) => id, maxLength: 80 },
);

describe("H4: a confirmation is of what was seen", () => {
  const limits = { ...DEFAULT_BLAST_LIMITS, always: 0, zeroPercent: 0 };

  test("whatever the order in which a list is read, and one by one as at once", () => {
    fc.assert(
      fc.property(changes, fc.nat(), (list, by) => {
        const turned = [...list.slice(by % 7), ...list.slice(0, by % 7)];
        const gauge = new BlastGauge("x", limits);
        for (const one of list.toSorted((a, b) => (a.id < b.id ? -1 : 1))) gauge.add(one);
        const whole = blastRadius("x", list, shop, limits);
        expect(blastRadius("x", turned, shop, limits)).toEqual(whole);
        expect(gauge.measure(shop)).toEqual(whole);
      }),
    );
  });

  test("one more that goes to 0, or something else asked for, needs another confirmation", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const { digest } = blastRadius("x", list, shop, limits);
        const more = [...list, { id: `${list.map(({ id }) => id).join()}+`, before: 3, after: 0 }];
        expect(mayGoAhead(blastRadius("x", more, shop, limits), digest)).toBe(false);
        const other = blastRadius("y", more, shop, limits);
        expect(mayGoAhead(other, blastRadius("x", more, shop, limits).digest)).toBe(false);
        expect(mayGoAhead(other, other.digest)).toBe(true);
      }),
    );
  });

  test("a sale meanwhile does not take it back", () => {
    const seen = blastRadius("x", many(11, 9, 0), shop, limits);
    expect(seen.outcome).toBe("stop");
    expect(mayGoAhead(blastRadius("x", many(11, 8, 0), shop, limits), seen.digest)).toBe(true);
    expect(mayGoAhead(seen, null)).toBe(false);
  });
});

test("H4: the largest changes are the largest, of any number of them", () => {
  fc.assert(
    fc.property(changes, (list) => {
      const { largest } = blastRadius("x", list, shop);
      const zeroes = (one: NumberChange) => (one.before > 0 && one.after <= 0 ? 1 : 0);
      const sorted = list
        .filter(({ before, after }) => before !== after)
        .sort(
          (a, b) =>
            zeroes(b) - zeroes(a) ||
            Math.abs(b.after - b.before) - Math.abs(a.after - a.before) ||
            (a.id < b.id ? -1 : 1),
        );
      expect(largest).toEqual(sorted.slice(0, LARGEST_SHOWN));
    }),
  );
});
