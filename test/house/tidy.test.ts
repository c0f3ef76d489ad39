import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/services/paths.ts";

const LINES_IN_A_FILE = 400;
const LINES_IN_A_FUNCTION = 70;
const COLUMNS = 100;

const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
}).split("\n");
const code = files.filter((file) => /\.(ts|tsx|mjs|lua)$/.test(file));
const lines = (file: string) => readFileSync(join(ROOT, file), "utf8").split("\n");

test("a file can be read in one sitting", () => {
  const long = code.filter((file) => lines(file).length > LINES_IN_A_FILE);
  expect(long).toEqual([]);
});

test("a line fits the page", () => {
  // A long string in one piece (a path, a pattern, a query to search for) is left whole.
  const long = code.flatMap((file) =>
    lines(file).flatMap((line, index) =>
      line.length > COLUMNS + 20 && !/["'`/].{60,}["'`/]/.test(line)
        ? [`${file}:${index + 1}`]
        : [],
    ),
  );
  expect(long).toEqual([]);
});

test("a function can be seen whole", () => {
  const long = code
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("test/"))
    .flatMap((file) => longFunctions(file));
  expect(long).toEqual([]);
});

test("nothing is left for later, and nothing is switched off", () => {
  const marks = new RegExp(
    [
      "TO" + "DO",
      "FIX" + "ME",
      "XX" + "X\\b",
      "HA" + "CK\\b",
      "\\.on" + "ly\\(",
      "\\.sk" + "ip\\(",
      "@ts-ig" + "nore",
    ].join("|"),
  );
  const marked = code.flatMap((file) =>
    lines(file).flatMap((line, index) => (marks.test(line) ? [`${file}:${index + 1}`] : [])),
  );
  expect(marked).toEqual([]);
});

test("names are kebab-case", () => {
  const odd = code.filter(
    (file) => !file.startsWith("app/routes/") && !/^[a-z0-9./-]+$/.test(file),
  );
  expect(odd).toEqual([]);
});

function longFunctions(file: string): string[] {
  const source = ts.createSourceFile(file, lines(file).join("\n"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body) {
      const from = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const to = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      if (to - from + 1 > LINES_IN_A_FUNCTION) found.push(`${file}:${from + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
