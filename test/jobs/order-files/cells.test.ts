import { describe, expect, test } from "vitest";
import { currencyOf, minorDigits, priceOf, quantityOf } from "../../../jobs/order-files/cells.ts";

const refused = expect.objectContaining({ why: expect.any(String), fix: expect.any(String) });

describe("a quantity", () => {
  test.each([
    ["6", 6],
    ["-6", -6],
    ["+6", 6],
    ["6.0", 6],
    ["0012", 12],
    ["80995", 80995],
    ["2147483647", 2147483647],
    ["-2147483647", -2147483647],
    ["2147483648", refused],
    ["99999999999999999999", refused],
    ["", refused],
    ["0", refused],
    ["6.5", refused],
    ["1,000", refused],
    ["1e3", refused],
    ["six", refused],
    ["--6", refused],
    ["٦", refused],
  ])("of %j is %j", (text, units) => {
    expect(quantityOf(text)).toEqual(units);
  });

  test("may end in a decimal comma where the file writes them", () => {
    expect(quantityOf("6,0", true)).toBe(6);
    expect(quantityOf("6,0")).toEqual(refused);
  });
});

describe("a price", () => {
  test.each([
    ["2.55", 2, 255],
    ["2.5", 2, 250],
    ["2", 2, 200],
    ["2.", 2, 200],
    ["0.285", 2, 29],
    ["0.284", 2, 28],
    ["0.001", 2, 0],
    ["-0.001", 2, 0],
    ["-0.285", 2, -29],
    ["11062.06", 2, 1106206],
    ["300", 0, 300],
    ["300.5", 0, 301],
    ["1.2345", 3, 1235],
    ["21474836.47", 2, 2147483647],
    ["21474836.48", 2, refused],
    ["", 2, refused],
    ["free", 2, refused],
    ["£2.55", 2, refused],
    ["1,234.50", 2, refused],
    ["2,55", 2, refused],
    ["NaN", 2, refused],
  ])("of %j with %i decimals is %j minor units", (text, digits, minor) => {
    expect(priceOf(text, digits)).toEqual(minor);
  });

  test("has a decimal comma where the file writes them", () => {
    expect(priceOf("2,55", 2, true)).toBe(255);
    expect(priceOf("1.234,56", 2, true)).toEqual(refused);
  });
});

test("a currency is three letters and knows its decimals", () => {
  expect(currencyOf("gbp")).toBe("GBP");
  expect(currencyOf("£")).toEqual(refused);
  expect([minorDigits("GBP"), minorDigits("JPY"), minorDigits("KWD")]).toEqual([2, 0, 3]);
});

test("a message quotes a cell in a line of bounded length", () => {
  const trouble = quantityOf(`a\n${"b".repeat(1_000)}`);
  expect(trouble).toMatchObject({ why: expect.stringMatching(/^"a b+…" is not a whole number$/) });
});
