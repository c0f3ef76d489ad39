import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { sandboxAccount } from "../../connectors/sandbox/sandboxes.ts";
import { dataFolder, freePort, ROOT } from "../services/paths.ts";
import { startPostgres } from "../services/postgres.ts";
import { startRedis } from "../services/redis.ts";
import { given } from "../services/server.ts";
import { openDoors, seedDemo } from "./demo.ts";
import { endLeftovers, forget, remember, type Started } from "./leftovers.ts";
import { startProgram } from "./program.ts";
import { announce, environmentOf, type Running, withdraw } from "./running.ts";
import { ownKeyring } from "./secrets.ts";

export interface Ballast {
  running: Running;
  stop(): Promise<void>;
}

export interface StartOptions {
  report(line: string): void;
  /** Other sandbox behaviour than the default; see connectors/sandbox. */
  sandbox?: Record<string, string>;
}

const PORT = 3000;

/** What was started so far, in order: to be stopped in reverse, or ended by a later start. */
interface Yard {
  folder: string;
  stops: (() => Promise<void>)[];
  started(pid: number | undefined, mark: string): void;
  report(line: string): void;
}

/**
 * Starts everything the product needs, in order: servers, migrations, sandbox marketplaces,
 * worker, demo merchant, app. Whatever was started is stopped again when a later step fails.
 */
export async function startBallast({ report, sandbox = {} }: StartOptions): Promise<Ballast> {
  const folder = dataFolder();
  const ended = await endLeftovers(folder);
  if (ended > 0) report(`ended ${ended} processes that an earlier start left behind`);
  const yard = openYard(folder, report);
  const stop = async () => {
    withdraw();
    for (const one of yard.stops.splice(0).reverse()) await one();
    forget(folder);
  };
  try {
    const servers = await startServers(yard);
    return { running: await startProduct(yard, servers, sandbox), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openYard(folder: string, report: (line: string) => void): Yard {
  const list: Started[] = [];
  const started: Yard["started"] = (pid, mark) => {
    if (pid === undefined) return;
    list.push({ pid, mark });
    remember(folder, list);
  };
  return { folder, stops: [], started, report };
}

interface Servers {
  databaseUrl: string;
  redisUrl: string;
}

async function startServers({ folder, stops, started, report }: Yard): Promise<Servers> {
  const { DATABASE_URL, REDIS_URL } = process.env;
  report(DATABASE_URL ? "PostgreSQL: the one of DATABASE_URL" : "starting PostgreSQL");
  const postgres = DATABASE_URL ? given(DATABASE_URL) : await startPostgres(folder);
  stops.push(postgres.stop);
  started(postgres.pid, folder);
  report(REDIS_URL ? "Redis: the one of REDIS_URL" : "starting Redis");
  const redis = REDIS_URL ? given(REDIS_URL) : await startRedis({ folder: join(folder, "redis") });
  stops.push(redis.stop);
  // Redis writes its address over its command line.
  started(redis.pid, new URL(redis.url).host);
  report("migrating the database");
  migrate(postgres.url);
  return { databaseUrl: postgres.url, redisUrl: redis.url };
}

function migrate(url: string): void {
  const env = { ...process.env, DATABASE_URL: url };
  const done = spawnSync("prisma", ["migrate", "deploy"], { cwd: ROOT, env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`the database cannot be migrated:\n${done.stderr}`);
}

async function startProduct(
  yard: Yard,
  servers: Servers,
  sandbox: Record<string, string>,
): Promise<Running> {
  const appPort = await preferred(Number(process.env.PORT ?? PORT));
  const sandboxPort = await freePort();
  const running: Running = {
    pid: process.pid,
    appUrl: `http://127.0.0.1:${appPort}`,
    ...servers,
    sandboxUrl: `http://127.0.0.1:${sandboxPort}`,
    shopDomain: sandboxAccount("shopify").account,
    keys: ownKeyring(yard.folder),
    token: "",
  };
  const start = starter(yard, { ...environmentOf(running), NODE_ENV: "production" });
  await start("sandbox marketplaces", "connectors/sandbox/main.ts", "sandbox listening on", {
    SANDBOX_PORT: String(sandboxPort),
    SANDBOX_STATE: join(yard.folder, "sandbox.json"),
    DOOR_URL: running.appUrl,
    ...sandbox,
  });
  await start("worker", "jobs/worker.ts", "worker ready", {});
  running.token = await seedDemo(running, yard.report);
  // BALLAST_DEMO=0 npm start asks for a password: npm run owner makes the first one.
  const open = process.env.BALLAST_DEMO === "0" ? "0" : "1";
  const demo = { PORT: String(appPort), STANDALONE: "1", BALLAST_DEMO: open };
  await start("app", "app/server.ts", "app listening on", demo);
  await openDoors(running, yard.report);
  announce(running);
  return running;
}

function starter({ folder, stops, started, report }: Yard, env: Record<string, string>) {
  const logs = join(folder, "logs");
  mkdirSync(logs, { recursive: true });
  return async (name: string, entry: string, ready: string, more: Record<string, string>) => {
    report(`starting ${name}`);
    const program = await startProgram({
      name,
      entry,
      ready,
      report,
      env: { ...env, ...more },
      log: join(logs, `${name.replaceAll(" ", "-")}.log`),
      started: (pid) => started(pid, entry),
    });
    stops.push(program.stop);
  };
}

/** The wanted port, or a free one when somebody else has it. */
async function preferred(port: number): Promise<number> {
  const server = createServer();
  const free = await new Promise<boolean>((done) => {
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => done(true));
  });
  if (!free) return freePort();
  await new Promise((done) => server.close(done));
  return port;
}
