import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/services/paths.ts";

/** What each part of the house may import: design section 8, one way down. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  inventory: [],
  ledger: ["inventory"],
  // Of what stands beside it the record knows the types it stores and nothing that runs.
  prisma: [
    "inventory",
    "generated",
    "connectors/connector.ts",
    "ledger/contract.ts",
    "ledger/entry.ts",
    "ledger/record.ts",
  ],
  connectors: ["inventory"],
  jobs: ["inventory", "ledger", "prisma", "connectors"],
  app: ["inventory", "ledger", "prisma", "connectors", "jobs"],
};

/**
 * Things with one owner: only these places may touch them. The documentation of the API writes
 * examples for others to run, and runs none of them.
 */
const OWNERS: { what: string; pattern: RegExp; may: RegExp }[] = [
  {
    what: "Prisma's client",
    pattern: /from "(@prisma\/client|@prisma\/adapter-pg|.*generated\/prisma.*)"/,
    may: /^(prisma|test|scripts)\//,
  },
  { what: "Redis clients", pattern: /from "ioredis"/, may: /^(ledger|jobs|test|scripts)\// },
  {
    what: "fetch",
    pattern: /(?<![.\w"])fetch\(/,
    may: /^(connectors\/http\.ts|connectors\/.*sandbox\/|app\/api\/docs\/|test\/|scripts\/)/,
  },
  {
    what: "how a page writes numbers and times (see docs/decisions/0007)",
    pattern: /\bIntl\.|\.toLocale(Date|Time)?String\(/,
    may: /^(?!app\/)/,
  },
  {
    what: "the environment",
    pattern: /process\.env\b/,
    may: /^(app\/env\.server\.ts|app\/api\/docs\/|jobs\/env\.ts|connectors\/sandbox\/(main|env)\.ts|scripts\/|test\/|prisma\.config\.ts)/,
  },
];

const sources = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(ts|tsx)$/.test(file) && !file.endsWith(".d.ts"));

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const withoutComments = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");

function importsOf(file: string): string[] {
  const specifiers = [...read(file).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]*)"/g)];
  return specifiers.map(([, path = ""]) => relative(ROOT, join(ROOT, dirname(file), path)));
}

describe("imports go one way", () => {
  test.each(Object.entries(MAY_IMPORT))("%s imports only %j", (part, allowed) => {
    const files = sources.filter((file) => file.startsWith(`${part}/`));
    expect(files.length).toBeGreaterThan(0);
    const strays = files.flatMap((file) =>
      importsOf(file)
        .filter(
          (target) =>
            ![part, ...allowed].some((root) => target === root || target.startsWith(`${root}/`)),
        )
        .map((target) => `${file} imports ${target}`),
    );
    expect(strays).toEqual([]);
  });

  test("the record takes only types from the ledger and the connectors", () => {
    const value = /^import (?!type )[^;]*from "\.\.\/(ledger|connectors)\//m;
    const files = sources.filter((file) => file.startsWith("prisma/"));
    expect(files.filter((file) => value.test(read(file)))).toEqual([]);
  });

  test("the app uses what jobs catalogue, never a handler", () => {
    const strays = sources
      .filter((file) => file.startsWith("app/"))
      .flatMap((file) => importsOf(file).map((target) => `${file} imports ${target}`))
      .filter((line) => line.includes("imports jobs/handlers/"));
    expect(strays).toEqual([]);
  });

  test("the domain is pure: no library, no clock, no randomness, no environment", () => {
    const impure =
      /from "(?!\.)|Date\.now|new Date\(\)|Math\.random|process\.|globalThis|setTimeout/;
    const files = sources.filter((file) => file.startsWith("inventory/"));
    expect(files.filter((file) => impure.test(withoutComments(read(file))))).toEqual([]);
  });
});

test.each(OWNERS)("$what has a single owner", ({ pattern, may }) => {
  const strays = sources.filter(
    (file) => !may.test(file) && pattern.test(withoutComments(read(file))),
  );
  expect(strays).toEqual([]);
});
