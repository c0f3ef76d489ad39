import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startProgram } from "../../scripts/ballast/program.ts";
import { dataFolder, freePort, ROOT } from "../../scripts/services/paths.ts";
import { startPostgres } from "../../scripts/services/postgres.ts";
import { startRedis } from "../../scripts/services/redis.ts";

/** A migrated PostgreSQL and a Redis of a benchmark's own, and what stops them again. */
export interface Ground {
  folder: string;
  databaseUrl: string;
  redisUrl: string;
  /** Called in the opposite order. */
  stops: (() => Promise<unknown>)[];
}

/** What the product's processes seal with on a bench's ground. */
export const KEYS = `k1:${Buffer.alloc(32, 7).toString("base64")}`;

/** Starts the servers. Whatever was started is stopped when a later one fails. */
export async function openGround(name: string): Promise<Ground> {
  const folder = join(dataFolder(), `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const stops = [async () => rmSync(folder, { recursive: true, force: true })];
  try {
    const postgres = await startPostgres(folder);
    stops.push(postgres.stop);
    const redis = await startRedis({ folder: join(folder, "redis") });
    stops.push(redis.stop);
    execFileSync(join(ROOT, "node_modules/.bin/prisma"), ["migrate", "deploy"], {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: postgres.url },
      stdio: "pipe",
    });
    return { folder, databaseUrl: postgres.url, redisUrl: redis.url, stops };
  } catch (error) {
    await leave({ stops });
    throw error;
  }
}

export async function leave({ stops }: Pick<Ground, "stops">): Promise<void> {
  for (const one of stops.splice(0).reverse()) await one();
}

/** The product's own processes, as they are deployed. */
export interface Processes {
  url: string;
  /** The process that now does each part. */
  pids: Record<"worker" | "web", number>;
}

/** Starts the worker and the web process of one stand-alone shop. */
export async function startProcesses(
  { folder, databaseUrl, redisUrl, stops }: Ground,
  shop: string,
  say: (line: string) => void,
): Promise<Processes> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, BALLAST_KEYS: KEYS },
    ...{ NODE_ENV: "production", STANDALONE: "1", BALLAST_DEMO: "1", STANDALONE_SHOP: shop },
    ...{ PORT: String(port), APP_URL: url, SANDBOX_URL: `http://127.0.0.1:${await freePort()}` },
  };
  const pids = { worker: 0, web: 0 };
  const programs = [
    ["worker", "jobs/worker.ts", "worker ready"],
    ["web", "app/server.ts", "app listening on"],
  ] as const;
  for (const [name, entry, ready] of programs) {
    say(`the ${name} process starts`);
    const log = join(folder, `${name}.log`);
    const started = (pid: number) => {
      pids[name] = pid;
    };
    const program = await startProgram({ name, entry, env, ready, log, report: say, started });
    stops.push(program.stop);
  }
  return { url, pids };
}
