/** `npm run import:orders -- FILE`: a retailer's past orders into items and sales history. */
import { basename, join } from "node:path";
import { importOrders } from "../jobs/order-files/import-orders.ts";
import { type Database, openDatabase } from "../prisma/client.ts";
import { findShopByDomain } from "../prisma/shops.ts";
import { fileOf, readDatabaseEnv } from "./env.ts";
import { BadRows } from "./import-orders/bad-rows.ts";
import { IMPORT_USAGE, type ImportCommand, importCommand } from "./import-orders/options.ts";
import { importJson, importLines } from "./import-orders/summary.ts";
import { grouped, openProgress } from "./progress.ts";
import { dataFolder } from "./services/paths.ts";

async function main(): Promise<number> {
  const command = importCommand(process.argv.slice(2));
  if ("problem" in command) {
    console.error(`${command.problem}\n\n${IMPORT_USAGE}`);
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

async function run(
  command: ImportCommand,
  path: string,
  db: Database,
  shop: string,
): Promise<number> {
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
