import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  committedBy,
  joinLine,
  type OrderFact,
  type OrderLine,
  takenBy,
  UNKNOWN_LINE,
} from "../../inventory/order-line.ts";

type Fact = [OrderFact, number];
const hear = (facts: readonly Fact[]): OrderLine =>
  facts.reduce<OrderLine>((line, [fact, units]) => joinLine(line, fact, units), UNKNOWN_LINE);

describe("D8: what a line claims", () => {
  test.each<[string, Fact[], number, number]>([
    ["sold", [["sell", 3]], 3, 3],
    [
      "told twice",
      [
        ["sell", 3],
        ["sell", 3],
      ],
      3,
      3,
    ],
    [
      "one of three cancelled",
      [
        ["sell", 3],
        ["cancel", 1],
      ],
      2,
      2,
    ],
    [
      "cancelled before it is sold",
      [
        ["cancel", 3],
        ["sell", 3],
      ],
      0,
      0,
    ],
    [
      "shipped",
      [
        ["sell", 3],
        ["ship", 3],
      ],
      0,
      3,
    ],
    [
      "shipped before it is sold",
      [
        ["ship", 3],
        ["sell", 3],
      ],
      0,
      3,
    ],
    [
      "partly shipped, the rest cancelled",
      [
        ["sell", 3],
        ["ship", 1],
        ["cancel", 2],
      ],
      0,
      1,
    ],
    [
      "an older count after a newer one",
      [
        ["sell", 3],
        ["cancel", 2],
        ["cancel", 1],
      ],
      1,
      1,
    ],
    [
      "shipped and then cancelled all the same",
      [
        ["sell", 1],
        ["ship", 1],
        ["cancel", 1],
      ],
      0,
      0,
    ],
    ["only a cancellation is known", [["cancel", 2]], 0, 0],
    [
      "shipped, taken back, and still to be shipped",
      [
        ["sell", 2],
        ["ship", 2],
        ["unship", 1],
      ],
      1,
      2,
    ],
    [
      "taken back before it is known to be shipped, and shipped again",
      [
        ["unship", 1],
        ["sell", 1],
        ["ship", 2],
      ],
      0,
      1,
    ],
    [
      "taken back and cancelled",
      [
        ["cancel", 1],
        ["unship", 1],
        ["ship", 1],
        ["sell", 1],
      ],
      0,
      0,
    ],
  ])("%s", (_, facts, committed, taken) => {
    expect(committedBy(hear(facts))).toBe(committed);
    expect(takenBy(hear(facts))).toBe(taken);
  });

  test("any order, any duplicates: the same line (invariant 5)", () => {
    const fact = fc.tuple(
      fc.constantFrom<OrderFact>("sell", "cancel", "ship", "unship"),
      fc.integer({ min: 1, max: 20 }),
    );
    const heard = fc
      .array(fact, { minLength: 1, maxLength: 12 })
      .chain((facts) =>
        fc.tuple(
          fc.constant(facts),
          fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }),
        ),
      );
    fc.assert(
      fc.property(heard, ([facts, again]) => {
        expect(hear(again)).toEqual(hear(facts));
      }),
    );
  });
});
