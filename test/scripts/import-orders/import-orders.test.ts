import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../../prisma/client.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { importCommand } from "../../../scripts/import-orders/options.ts";
import { ROOT } from "../../../scripts/services/paths.ts";
import type { Server } from "../../../scripts/services/server.ts";
import { UCI_HEADER, withFile } from "../../jobs/order-files/read.ts";
import { freshDatabase } from "../../support/servers.ts";

let server: Server;

beforeAll(async () => {
  server = await freshDatabase();
  const db = openDatabase(server.url);
  await ensureShop(db, "demo.myshopify.com", "Demo");
  await db.$disconnect();
});

afterAll(() => server.stop());

/** Runs the command as npm would, and answers what it printed and how it ended. */
async function command(...args: string[]) {
  const child = spawn(process.execPath, [join(ROOT, "scripts/import-orders.ts"), ...args], {
    env: { ...process.env, DATABASE_URL: server.url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { code, err, lines: out.trimEnd().split("\n") };
}

test("import:orders ends with one line of JSON and names the bad rows", async () => {
  const rows = [
    `1,85123A,LAMP,6,2011-09-22 09:00:00,2.55,17850.0,UK`,
    `C2,85123A,LAMP,-1,2011-09-23 09:00:00,2.55,17850.0,UK`,
    `3,POST,POSTAGE,1,2011-09-23 09:00:00,18,,UK`,
    `4,85123A,LAMP,many,2011-09-23 09:00:00,2.55,,UK`,
  ];
  const content = gzipSync([UCI_HEADER, ...rows].join("\r\n"));
  await withFile(content, async (path) => {
    const report = `${path}.bad.csv`;
    const { code, lines, err } = await command(path, "--report", report);
    expect({ code, err: err.includes("Error") }).toEqual({ code: 0, err: false });
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      ok: true,
      format: "UCI Online Retail",
      rows: 4,
      kept: 2,
      bad: 1,
      notStock: 1,
      itemsNew: 1,
      linesAdded: 2,
      firstDay: "2011-09-22",
      lastDay: "2011-09-23",
      units: { sale: 6, cancellation: -1, return: 0, correction: 0 },
      revenue: { GBP: 12.75 },
      badRowsFile: report,
    });
    expect(lines.join("\n")).toContain('line 5, Quantity: "many" is not a whole number');
    const again = await command(path, "--report", report);
    expect(JSON.parse(again.lines.at(-1) ?? "")).toMatchObject({ linesAdded: 0, linesPresent: 2 });
  });
});

test("import:orders says what is wrong with a file or a command and stores nothing", async () => {
  await withFile("a,b\n1,2\n", async (path) => {
    const { code, err, lines } = await command(path);
    expect(code).toBe(1);
    expect(err).toContain("The closest is");
    expect(err).toContain("Nothing was stored.");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ ok: false });
  });
  const { code, err } = await command("a", "b");
  expect(code).toBe(2);
  expect(err).toContain("name one file\n\nnpm run import:orders -- FILE");
});

test.each([
  [[], "name one file"],
  [["a", "b"], "name one file"],
  [["a", "--timezone", "Atlantis"], "Invalid time zone specified: Atlantis"],
  [["a", "--currency", "POUNDS"], "Invalid currency code : POUNDS"],
  [["a", "--what"], "Unknown option '--what'"],
])("import:orders %j says: %s", (args, problem) => {
  expect(importCommand(args)).toEqual({ problem: expect.stringContaining(problem) });
});

test("import:orders takes what a person knows about a file", () => {
  const args = [
    "a",
    "--timezone",
    "UTC",
    "--currency",
    "EUR",
    "--day-first",
    "--not-stock",
    "X, Y",
  ];
  expect(importCommand(args)).toEqual({
    file: "a",
    report: undefined,
    timezone: "UTC",
    currency: "EUR",
    dayFirst: true,
    notStock: ["X", "Y"],
  });
});
