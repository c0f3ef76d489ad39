/** `npm run import:orders -- FILE`: a retailer's past orders into items and sales history. */
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { importOrders } from "../jobs/order-files/import-orders.ts";
import type { ReadOptions } from "../jobs/order-files/row.ts";
import { type Database, openDatabase } from "../prisma/client.ts";
import { findShopByDomain } from "../prisma/shops.ts";
import { fileOf, readDatabaseEnv } from "./env.ts";
import { BadRows } from "./import-orders/bad-rows.ts";
import { importJson, importLines } from "./import-orders/summary.ts";
import { grouped, openProgress } from "./progress.ts";
import { dataFolder } from "./services/paths.ts";

const USAGE = `npm run import:orders -- FILE [options]

FILE is a CSV or CSV.gz with the columns of UCI Online Retail or of Shopify's order export; its
header says which. What was imported before is not added again.

  --timezone ZONE    of dates that carry none (UCI: Europe/London, Shopify: UTC)
  --currency CODE    of a file without a currency column (UCI: GBP)
  --day-first        1/12/2010 is the first of December
  --not-stock CODES  further codes that are no items, separated by commas
  --report FILE      where every bad row is written
`;

interface Command extends ReadOptions {
  file: string;
  report?: string;
}

function commandOf(args: string[]): Command | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        timezone: { type: "string" },
        currency: { type: "string" },
        "day-first": { type: "boolean" },
        "not-stock": { type: "string" },
        report: { type: "string" },
      },
    });
    const { timezone, currency, report, "day-first": dayFirst, "not-stock": notStock } = values;
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) return "name one file";
    // Both throw a RangeError for a name that does not exist.
    if (timezone) new Intl.DateTimeFormat("en", { timeZone: timezone });
    if (currency) new Intl.NumberFormat("en", { style: "currency", currency });
    const codes = notStock?.split(",").map((code) => code.trim());
    return { file, report, timezone, currency, dayFirst, notStock: codes };
  } catch (error) {
    return (error as Error).message;
  }
}

async function main(): Promise<number> {
  const command = commandOf(process.argv.slice(2));
  if (typeof command === "string") {
    console.error(`${command}\n\n${USAGE}`);
    return 2;
  }
  const env = readDatabaseEnv();
  const db = openDatabase(env.DATABASE_URL);
  try {
    const shop = await findShopByDomain(db, env.STANDALONE_SHOP);
    if (shop) return await run(command, fileOf(command.file, env), db, shop.id);
    console.error(
      `there is no shop ${env.STANDALONE_SHOP}: run npm start once, or set STANDALONE_SHOP`,
    );
    return 1;
  } finally {
    await db.$disconnect();
  }
}

async function run(command: Command, path: string, db: Database, shop: string): Promise<number> {
  const reports = join(dataFolder(), "reports");
  const badRows = new BadRows(command.report ?? join(reports, `${basename(path)}.bad-rows.csv`));
  const progress = openProgress();
  const started = performance.now();
  const result = await importOrders(db, shop, path, command, {
    bad: ({ line, problems }) => {
      for (const problem of problems) badRows.add({ where: `line ${line}`, ...problem });
    },
    changed: ({ order, line }) =>
      badRows.add({
        where: `order ${order}`,
        column: `its row ${Math.abs(line)}`,
        why: "is stored already with other content",
        fix: "nothing was changed: what is stored stays",
      }),
    progress: ({ step, rows, done }) =>
      progress.show(() => `${step} ${Math.round(done * 100)} %, ${grouped(rows)} rows`),
  });
  badRows.close();
  progress.end();
  if (result.outcome === "unreadable") {
    console.error(`${result.why}\nNothing was stored.`);
    console.log(JSON.stringify({ ok: false, why: result.why }));
    return 1;
  }
  const seconds = (performance.now() - started) / 1_000;
  for (const line of [...importLines(result), ...badRows.lines()]) console.log(line);
  if (result.notUtf8 > 0) console.log(`  ${result.notUtf8} lines were read as Windows-1252`);
  const rowsPerSecond = Math.round(result.summary.rows / seconds);
  const badRowsFile = badRows.count > 0 ? badRows.file : null;
  const told = { ok: true, ...importJson(result), badRowsFile, rowsPerSecond };
  console.log(JSON.stringify(told));
  return 0;
}

process.exitCode = await main();
