import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createLedger, type LedgerClient } from "../../../ledger/client.ts";
import { openDatabase } from "../../../prisma/client.ts";
import { ensureConnection } from "../../../prisma/connections.ts";
import { ensureItems } from "../../../prisma/items.ts";
import { ensureLocation } from "../../../prisma/locations.ts";
import { keyring } from "../../../prisma/sealed.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { startProgram } from "../../../scripts/ballast/program.ts";
import { dataFolder, freePort, ROOT } from "../../../scripts/services/paths.ts";
import { startPostgres } from "../../../scripts/services/postgres.ts";
import { startRedis } from "../../../scripts/services/redis.ts";
import { seedCatalogue } from "./seed.ts";

/** The product's own processes on servers of their own, with one large shop. */
export interface House {
  url: string;
  shop: string;
  ledger: LedgerClient;
  /** Items that the ledger knows, by SKU; they are the first of every list by SKU. */
  live: Map<string, string>;
  stop(): Promise<void>;
}

const DOMAIN = "bench.example";
const KEYS = `k1:${Buffer.alloc(32, 7).toString("base64")}`;
const LIVE = 40;

/** Starts everything and fills it. Whatever was started is stopped when a later step fails. */
export async function openHouse(items: number, say: (line: string) => void): Promise<House> {
  const folder = join(dataFolder(), `bench-pages-${process.pid}`);
  const stops: (() => Promise<unknown>)[] = [
    async () => rmSync(folder, { recursive: true, force: true }),
  ];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
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
    say(`${items.toLocaleString("en-US")} items are seeded`);
    const filled = await fill(postgres.url, items);
    const ledger = createLedger({ url: redis.url });
    stops.push(() => ledger.close());
    const url = await startProcesses(folder, postgres.url, redis.url, stops, say);
    await receive(ledger, filled);
    return { ...filled, url, ledger, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill(databaseUrl: string, items: number) {
  const db = openDatabase(databaseUrl);
  const { id: shop } = await ensureShop(db, DOMAIN, "Bench");
  await ensureLocation(db, shop, { code: "MAIN", name: "Main warehouse" });
  const connections: string[] = [];
  for (const channel of ["shopify", "amazon"]) {
    const account = { channel, name: channel, account: channel, settings: {}, secrets: {} };
    connections.push((await ensureConnection(db, keyring(KEYS), shop, account)).id);
  }
  // Nobody is there to be called.
  await db.connection.updateMany({ where: { shopId: shop }, data: { disconnectedAt: new Date() } });
  await seedCatalogue(db, { shop, items, movements: 3 }, connections);
  const skus = Array.from({ length: LIVE }, (_, n) => `A-LIVE-${String(n).padStart(2, "0")}`);
  const made = await ensureItems(
    db,
    shop,
    skus.map((sku) => ({ sku, title: `Live item ${sku}` })),
  );
  await db.$disconnect();
  return { shop, live: new Map([...made].map(([sku, { id }]) => [sku, id])) };
}

async function startProcesses(
  folder: string,
  databaseUrl: string,
  redisUrl: string,
  stops: (() => Promise<unknown>)[],
  say: (line: string) => void,
): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, BALLAST_KEYS: KEYS },
    ...{ NODE_ENV: "production", STANDALONE: "1", BALLAST_DEMO: "1", STANDALONE_SHOP: DOMAIN },
    ...{ PORT: String(port), APP_URL: url, SANDBOX_URL: `http://127.0.0.1:${await freePort()}` },
  };
  const programs = [
    ["worker", "jobs/worker.ts", "worker ready"],
    ["app", "app/server.ts", "app listening on"],
  ] as const;
  for (const [name, entry, ready] of programs) {
    say(`the ${name} starts`);
    const log = join(folder, `${name}.log`);
    const program = await startProgram({ name, entry, env, ready, log, report: say, started() {} });
    stops.push(program.stop);
  }
  return url;
}

async function receive(
  ledger: LedgerClient,
  { shop, live }: { shop: string; live: Map<string, string> },
): Promise<void> {
  for (const item of live.values()) {
    const command = { shop, item, activity: `seed/${item}`, location: "MAIN", quantity: 1_000 };
    for (;;) {
      const answer = await ledger.apply({ ...command, type: "receive" });
      if (answer.outcome === "applied") break;
      // The worker verifies the partitions when it starts.
      if (answer.outcome !== "unavailable") throw new Error(answer.outcome);
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
