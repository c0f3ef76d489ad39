import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CSV_START, csvLine, withoutGuard } from "../../jobs/csv.ts";

test.each([
  ["=1+1", "'=1+1\r\n"],
  ["@SUM(A1)", "'@SUM(A1)\r\n"],
  ["\tcmd", "'\tcmd\r\n"],
  ["-2", "'-2\r\n"],
  ["'=1+1", "''=1+1\r\n"],
  [-2, "-2\r\n"],
  ["'tis", "'tis\r\n"],
  ['say "hi"', '"say ""hi"""\r\n'],
  [null, "\r\n"],
  [new Date(0), "1970-01-01T00:00:00.000Z\r\n"],
])("E8: %j is written as %j, which no spreadsheet runs", (cell, line) => {
  expect(csvLine([cell])).toBe(line);
});

test("any text comes back from a file as it was, and none begins like a formula", () => {
  const text = fc.string({ unit: fc.constantFrom(..."'=+-@\t\r\n\",aÜ ") });
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 })), (rows) => {
      const file = CSV_START + rows.map(csvLine).join("");
      const read: string[][] = parse(file, { bom: true, relaxColumnCount: true });
      for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
      expect(read.map((row) => row.map(withoutGuard))).toEqual(rows);
    }),
  );
});
