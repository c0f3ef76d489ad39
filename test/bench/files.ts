import { openDatabase } from "../../prisma/client.ts";
import { ensureLocation } from "../../prisma/locations.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { MemoryWatch } from "./files/memory.ts";
import { Merchant } from "./files/merchant.ts";
import { fileRound, type Step } from "./files/round.ts";
import { leave, openGround, startProcesses } from "./ground.ts";

/**
 * npm run bench:files [rows]: files of 10,000 rows, then of a million: items and quantities in
 * (upload, dry run, apply), back (undo), items, quantities and movements out. Over HTTP, by the
 * product's own web process and worker, on a PostgreSQL and a Redis of their own; the worker is
 * killed once in each round. What the two processes take of memory must not grow with the file.
 * Last line: JSON.
 */
const SMALL = 10_000;
const LARGE = Number(process.argv[2] ?? 1_000_000);

/** A hundred times the rows may take so much more memory: what a collector leaves for later. */
const GROWTH_MAX = 1.3;
const GROWTH_MB = 64;

/** Nothing that a person watches stands still for longer. */
const STILL_MAX_S = 60;

const SHOP = "bench.example";
const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  const ground = await openGround("bench-files");
  try {
    const db = openDatabase(ground.databaseUrl);
    ground.stops.push(() => db.$disconnect());
    const { id: shop } = await ensureShop(db, SHOP, "Bench");
    await ensureLocation(db, shop, { code: "MAIN", name: "Main warehouse" });
    const { url, pids } = await startProcesses(ground, SHOP, say);
    const memory = new MemoryWatch(pids);
    ground.stops.push(async () => memory.stop());
    const deps = { db, shop, merchant: new Merchant(db, shop, url), memory, pids, say };
    const rounds: Step[][] = [];
    for (const rows of [SMALL, LARGE]) {
      say(`files of ${rows.toLocaleString("en-US")} rows`);
      rounds.push(await fileRound(deps, rows));
    }
    report(rounds);
  } finally {
    await leave(ground);
  }
}

function report([small = [], large = []]: readonly Step[][]): void {
  const [peakAt10k, peak] = [peakOf(small), peakOf(large)];
  const within = (["web", "worker"] as const).every(
    (name) => peak[name] <= peakAt10k[name] * GROWTH_MAX + GROWTH_MB,
  );
  const stillSeconds = Math.max(...large.map((step) => step.stillSeconds));
  const met = within && stillSeconds <= STILL_MAX_S;
  say(met ? "Every number is within its bar." : "A NUMBER MISSED ITS BAR.");
  if (!met) process.exitCode = 1;
  const paces = large.map(({ name, rows, seconds }) => [name, Math.round(rows / seconds)]);
  const rowsPerSecond = Object.fromEntries(paces);
  const seconds = Math.round(large.reduce((sum, step) => sum + step.seconds, 0));
  const numbers = { rows: LARGE, seconds, rowsPerSecond, stillSeconds, peakAt10k, peak, met };
  say(JSON.stringify(numbers));
}

function peakOf(steps: readonly Step[]): Step["peak"] {
  const most = (name: "web" | "worker") => Math.max(...steps.map(({ peak }) => peak[name]));
  return { web: most("web"), worker: most("worker") };
}

await main();
process.exit();
