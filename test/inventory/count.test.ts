import { expect, test } from "vitest";
import { judgeCounts } from "../../inventory/count.ts";

const known = { sku: (sku: string) => sku === "TEA", location: (code: string) => code !== "MOON" };
const line = (line: number, sku: string, location: string, quantity: number | null) => {
  return { line, sku, location, quantity };
};
const errors = (...lines: ReturnType<typeof line>[]) =>
  judgeCounts(lines, known).map(({ error }) => error);

test("C3: each line that cannot be applied says why, and good ones are kept", () => {
  expect(
    errors(
      line(2, "TEA", "MAIN", 5),
      line(3, "GHOST", "MAIN", 5),
      line(4, "TEA", "MOON", 5),
      line(5, "TEA", "A", -1),
      line(6, "TEA", "B", 1.5),
      line(7, "TEA", "C", null),
      line(8, "", "MAIN", 1),
      line(9, "TEA", "", 1),
      line(10, "TEA", "D", 0),
    ),
  ).toEqual([
    null,
    "no item has the SKU GHOST",
    "there is no location MOON",
    ...Array(3).fill("the quantity must be a whole number of at least 0"),
    "there is no SKU",
    "there is no location",
    null,
  ]);
});

test("C3: an item counted twice at one place is an error of both lines", () => {
  expect(
    errors(line(2, "TEA", "MAIN", 5), line(3, "TEA", "B", 5), line(4, "TEA", "MAIN", 5)),
  ).toEqual([
    "the same item and location is counted again on line 4",
    null,
    "the same item and location is counted again on line 2",
  ]);
});
