import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { SANDBOX_CHANNELS, type SandboxChannel } from "../../connectors/sandbox/sandboxes.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { grouped, openProgress } from "../../scripts/progress.ts";
import { dataFolder, ROOT } from "../../scripts/services/paths.ts";
import { startPostgres } from "../../scripts/services/postgres.ts";
import { openRig } from "./push/rig.ts";
import { callsOfRush, type Shown, showChanges } from "./push/runs.ts";

/**
 * npm run bench:push [-- channel ...]: how close pushing comes to the least time that a marketplace's
 * limits and propagation allow, for 1, 100 and 10,000 changed listings, and how many calls a rush
 * on one SKU makes. The worker's real jobs on a real PostgreSQL, against every sandbox with its
 * realistic lag; only waiting is skipped. Last line: JSON.
 */
const CATALOGUE = 10_000;
const SIZES = [1, 100, CATALOGUE];
const SHOWS = 1_000;
const RUSH = { units: 5_000, count: 1_000, overMs: 10_000 };

/** The bar: see ../../docs/decisions/0005-pushing.md. */
const OF_BOUND_MAX = 1.15;
const RUSH_CALLS_MAX = 25;

const say = (line: string) => console.log(line);

interface Measured {
  shown: Shown[];
  rushCalls: number;
}

async function main(): Promise<void> {
  const chosen = SANDBOX_CHANNELS.filter(
    (channel) => process.argv.length < 3 || process.argv.includes(channel, 2),
  );
  const folder = join(dataFolder(), `bench-push-${process.pid}`);
  const server = await startPostgres(folder);
  try {
    execFileSync(join(ROOT, "node_modules/.bin/prisma"), ["migrate", "deploy"], {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: server.url },
      stdio: "pipe",
    });
    const db = openDatabase(server.url);
    const results = new Map<string, Measured>();
    for (const channel of chosen) results.set(channel, await measure(db, channel));
    await db.$disconnect();
    report(results);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(db: Database, channel: SandboxChannel): Promise<Measured> {
  const progress = openProgress();
  progress.show(() => `${channel}: ${grouped(CATALOGUE)} listings are imported`);
  const skus = Array.from({ length: CATALOGUE }, (_, n) => `SKU-${String(n).padStart(5, "0")}`);
  const rig = await openRig(db, channel, skus, SHOWS);
  try {
    const shown: Shown[] = [];
    for (const [round, size] of SIZES.entries()) {
      // Each round below the last; a fiftieth of it is sold out.
      const unitsOf = (n: number) => (n % 50 === 49 - round ? 0 : 900 - round * 200 + (n % 97));
      const doing = (done: number) =>
        progress.show(() => `${channel}: ${grouped(done)} of ${grouped(size)} accepted`);
      shown.push(await showChanges(rig, skus.slice(0, size), unitsOf, doing));
    }
    progress.show(() => `${channel}: a rush on one SKU`);
    const rushCalls = await callsOfRush(rig, skus[0] ?? "", RUSH);
    progress.end();
    say(table(channel, shown, rushCalls));
    return { shown, rushCalls };
  } finally {
    await rig.close();
  }
}

function table(channel: string, shown: readonly Shown[], rushCalls: number): string {
  const heads = ["listings", "took s", "least s", "ratio", "calls", "files"];
  const rows = shown.map(({ listings, tookMs, leastMs, calls, files }) => [
    grouped(listings),
    (tookMs / 1_000).toFixed(1),
    (leastMs / 1_000).toFixed(1),
    (tookMs / leastMs).toFixed(3),
    grouped(calls),
    grouped(files),
  ]);
  const line = (cells: string[]) => cells.map((cell) => cell.padStart(11)).join("");
  const rush = `  ${grouped(RUSH.count)} sales of one SKU in 10 s: ${rushCalls} calls`;
  return [channel, line(heads), ...rows.map(line), rush, ""].join("\n");
}

function report(results: ReadonlyMap<string, Measured>): void {
  const ofBound = Object.fromEntries(
    [...results].flatMap(([channel, { shown }]) =>
      shown.map((one) => [
        `${channel}-${one.listings}`,
        Number((one.tookMs / one.leastMs).toFixed(3)),
      ]),
    ),
  );
  const rushCalls = Object.fromEntries([...results].map(([name, one]) => [name, one.rushCalls]));
  const met =
    Object.values(ofBound).every((ratio) => ratio <= OF_BOUND_MAX) &&
    Object.values(rushCalls).every((calls) => calls <= RUSH_CALLS_MAX);
  say(met ? "Every number is within its bar." : "A NUMBER MISSED ITS BAR.");
  if (!met) process.exitCode = 1;
  say(JSON.stringify({ ofBound, rushCalls, met }));
}

await main();
