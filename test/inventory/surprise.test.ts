import { describe, expect, test } from "vitest";
import { type OrderChange, unexplained } from "../../inventory/surprise.ts";

const MINUTE = 60_000;
/** 10 were accepted a minute before the next push. */
const met = (found: number) => ({ accepted: 10, since: 0, found, until: MINUTE });
const sold = (units: number, at = MINUTE / 2): OrderChange => ({ kind: "sold", units, at });
const back = (units: number, at = MINUTE / 2): OrderChange => ({ kind: "put-back", units, at });

describe("H5: what orders do not explain of a number that compare-and-set met", () => {
  test.each<[number, OrderChange[], number, string]>([
    [25, [], 15, "somebody set it higher"],
    [4, [], -6, "somebody set it lower"],
    [7, [sold(3)], 0, "a late order explains all of it"],
    [4, [sold(3)], -3, "a late order explains a part"],
    [25, [sold(3)], 18, "three were sold, and then it was set to 25"],
    [10, [sold(3)], 3, "what was sold was put back by hand"],
    [12, [back(2)], 0, "a cancellation put two back"],
    [12, [back(2, 9 * MINUTE)], 0, "which the order's last change dates later"],
    [12, [back(2, -MINUTE)], 2, "but not one before the number was told"],
    [10, [sold(2), back(2)], 0, "ordered and cancelled in between"],
    [9, [sold(2), back(2)], 0, "cancelled a part before the push, as far as is known"],
    [13, [back(1), back(1)], 1, "more than all that was put back"],
    [9, [sold(1, MINUTE + 2_000)], 0, "bought while the push was under way"],
    [10, [sold(1, MINUTE + 2_000)], 0, "or a moment after it"],
    [9, [sold(1, MINUTE + 20_000)], -1, "not one that was bought long after it"],
    [9, [sold(1, -2_000)], 0, "bought as the first number was told"],
    [-2, [sold(12)], 0, "a marketplace that sold more than it had"],
  ])("found %i after %j: %i (%s)", (found, changes, units) => {
    expect(unexplained(met(found), changes)).toBe(units);
  });

  test("an item that several listings sell leaves open whose sale it was", () => {
    expect(unexplained(met(10), [sold(3)], { shared: true })).toBe(0);
    expect(unexplained(met(7), [sold(3)], { shared: true })).toBe(0);
    expect(unexplained(met(5), [sold(3)], { shared: true })).toBe(-2);
    expect(unexplained(met(11), [sold(3)], { shared: true })).toBe(1);
  });
});
