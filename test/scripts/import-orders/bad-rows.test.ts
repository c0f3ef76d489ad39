import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BadRows } from "../../../scripts/import-orders/bad-rows.ts";

test("the screen gets the first bad rows and the name of a file that has them all", () => {
  const folder = mkdtempSync(join(tmpdir(), "ballast-report-"));
  const report = new BadRows(join(folder, "reports", "bad.csv"));
  expect(report.lines()).toEqual([]);
  for (let line = 2; line < 27; line += 1) {
    report.add({
      where: `line ${line}`,
      column: "Quantity",
      why: '"=1+1" is no number',
      fix: "fix it",
    });
  }
  report.add({ where: "=cmd", column: "x", why: "y", fix: "z" });
  report.close();
  expect(report.lines()).toHaveLength(12);
  expect(report.lines()[0]).toBe('  line 2, Quantity: "=1+1" is no number; fix it');
  expect(report.lines()[10]).toBe("  ... and 16 more");
  expect(report.lines()[11]).toBe(`  All of them: ${report.file}`);
  const rows = readFileSync(report.file, "utf8").trimEnd().split("\r\n");
  expect(rows).toHaveLength(27);
  expect(rows[0]).toBe('"where","column","problem","what to do"');
  expect(rows[1]).toBe('"line 2","Quantity","""=1+1"" is no number","fix it"');
  expect(rows[26]).toBe(`"'=cmd","x","y","z"`);
  rmSync(folder, { recursive: true });
});

test("without a bad row there is no file", () => {
  const report = new BadRows(join(tmpdir(), "ballast-never-written.csv"));
  report.close();
  expect(existsSync(report.file)).toBe(false);
});
