/** `npm run replay -- FILE --day 2011-09-22`: one real day through the sandbox marketplaces. */
import { UnreadableFile } from "../jobs/order-files/source.ts";
import { createLedger } from "../ledger/client.ts";
import { openDatabase } from "../prisma/client.ts";
import { fileOf, readScriptEnv } from "./env.ts";
import { openProgress } from "./progress.ts";
import { readDay } from "./replay/day.ts";
import { openDoors } from "./replay/doors.ts";
import { sumDay } from "./replay/expected.ts";
import { type ReplayOptions, replayOptions } from "./replay/options.ts";
import { findMerchant } from "./replay/prepare.ts";
import { nearestDays, replayDay } from "./replay/replay-day.ts";

const say = (line: string) => console.log(`[replay] ${line}`);

async function main(options: ReplayOptions): Promise<number> {
  const env = readScriptEnv();
  const path = fileOf(options.file, env);
  const progress = openProgress();
  const day = await readDay(path, options.day, options, (rows) =>
    progress.show(() => `${rows} rows read`),
  );
  progress.end();
  if (day.badRows > 0) say(`${day.badRows} bad rows are left out: import:orders names them`);
  if (day.lines.length === 0) {
    say(`${options.file} has no orders on ${options.day}; ${nearestDays(day, options.day)}`);
    const nothing = { orders: 0, cancellations: 0, lines: 0, units: 0, skus: 0, oversold: 0 };
    console.log(JSON.stringify({ day: options.day, ...nothing, mismatches: 0, ok: true }));
    return 0;
  }
  const expected = await sumDay(path, { ...options, timezone: day.timezone });
  const db = openDatabase(env.DATABASE_URL, 5);
  const ledger = createLedger({ url: env.REDIS_URL });
  try {
    await ledger.whenConnected();
    const merchant = await findMerchant(db, env.STANDALONE_SHOP);
    const tools = { db, ledger, doors: openDoors(env), env, say, progress };
    const result = await replayDay(tools, merchant, { day, expected, options });
    console.log(JSON.stringify(result));
    return result.ok ? 0 : 1;
  } finally {
    await ledger.close();
    await db.$disconnect();
  }
}

try {
  process.exitCode = await main(replayOptions(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UnreadableFile) console.error(error.message);
  else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
