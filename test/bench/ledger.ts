import { rmSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../../scripts/services/paths.ts";
import { measurePostgres, POSTGRES_CLIENTS, type PostgresResult } from "./postgres-strategies.ts";
import { measureRedis, REDIS_CALLERS, type RedisResult } from "./redis-runs.ts";
import { figures, table } from "./report.ts";

/**
 * npm run bench:ledger: what a hold costs (row D4). Real servers of our own, fsync as in production,
 * one hot SKU and 10,000 SKUs. Every run is checked for the exact count. Last line: JSON.
 */
const MANY = 10_000;
const ROUNDS = 3;
const SECONDS = 2;

const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  const folder = join(dataFolder(), `bench-${process.pid}`);
  try {
    const everysec = await bothShapes(folder, "everysec", ROUNDS);
    const always = await bothShapes(folder, "always", 1);
    // Last: what 32 clients leave in this process costs the ledger's client a tenth afterwards.
    say(`PostgreSQL, fsync on, ${POSTGRES_CLIENTS} clients: three strategies`);
    const postgres = await measurePostgres(join(folder, "postgres"), [1, MANY], SECONDS, say);
    report(postgres, everysec, always);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bothShapes(
  folder: string,
  fsync: "everysec" | "always",
  rounds: number,
): Promise<RedisResult[]> {
  const results: RedisResult[] = [];
  for (const skus of [1, MANY]) {
    say(`Redis, appendfsync ${fsync}, ${REDIS_CALLERS} callers, ${skus} SKUs`);
    const plan = { folder: join(folder, `${fsync}-${skus}`), fsync, skus, rounds };
    results.push(await measureRedis({ ...plan, seconds: SECONDS, say }));
  }
  return results;
}

function report(postgres: PostgresResult[], everysec: RedisResult[], always: RedisResult[]): void {
  const [hotPg, manyPg] = postgres;
  const [hot, many] = everysec;
  const [hotAlways, manyAlways] = always;
  if (!hotPg || !manyPg || !hot || !many || !hotAlways || !manyAlways) {
    throw new Error("a run is missing");
  }
  say("");
  say(table("one hot SKU", hot, hotAlways, hotPg));
  say(table(`${MANY} SKUs`, many, manyAlways, manyPg));
  const exact = [...postgres, ...everysec, ...always].every((result) => result.exact);
  say(exact ? "Every count was exact." : "A COUNT WAS WRONG.");
  if (!exact) process.exitCode = 1;
  const last = {
    hotSku: figures(hot, hotPg),
    manySkus: figures(many, manyPg),
    exact,
    always: { hotSku: figures(hotAlways, hotPg), manySkus: figures(manyAlways, manyPg) },
  };
  say(JSON.stringify(last));
}

await main();
