import { spawn } from "node:child_process";
import { join } from "node:path";
import pino from "pino";
import { recover } from "../../../jobs/recovery.ts";
import { createLedger } from "../../../ledger/client.ts";
import { openDatabase } from "../../../prisma/client.ts";
import { ensureConnection } from "../../../prisma/connections.ts";
import { ensureItems } from "../../../prisma/items.ts";
import { keyring } from "../../../prisma/sealed.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { createToken } from "../../../prisma/tokens.ts";
import { startProgram } from "../../../scripts/ballast/program.ts";
import { freePort, ROOT } from "../../../scripts/services/paths.ts";
import { KEYS, leave, openGround } from "../ground.ts";
import type { Measured, Plan } from "./load.ts";
import { skuOf, type Target } from "./requests.ts";

const SHOP = "bench.myshopify.com";
const SECRET = "the-bench-app-s-secret";

export interface BenchHouse {
  target: Target;
  load(plan: Omit<Plan, "target">): Promise<Measured>;
  /** Fetches from the web process, e.g. its metrics. */
  url: string;
  stock(sku: string, units: number): Promise<void>;
  /** Units of an item that live holds claim. */
  held(sku: string): Promise<number>;
  stop(): Promise<void>;
}

/** A real PostgreSQL that flushes each commit, a real Redis, and the web processes on them. */
export async function openBenchHouse(skus: number, processes: number): Promise<BenchHouse> {
  const ground = await openGround("bench-web");
  const { folder, databaseUrl, redisUrl } = ground;
  const db = openDatabase(databaseUrl);
  const ledger = createLedger({ url: redisUrl });
  await ledger.whenConnected();
  await recover({ db, ledger, log: pino({ level: "silent" }) });
  const shop = await ensureShop(db, SHOP, "Bench");
  const named = Array.from({ length: skus }, (_, n) => ({ sku: skuOf(n), title: skuOf(n) }));
  const items = await ensureItems(db, shop.id, named);
  const connection = await ensureConnection(db, keyring(KEYS), shop.id, {
    ...{ channel: "shopify", name: "Shopify", account: SHOP, settings: { shop: SHOP } },
    secrets: { clientSecret: SECRET, accessToken: "none" },
  });
  let received = 0;
  const stock = async (sku: string, units: number) => {
    const found =
      items.get(sku) ?? (await ensureItems(db, shop.id, [{ sku, title: sku }])).get(sku);
    if (found) items.set(sku, found);
    await ledger.apply({
      ...{ type: "receive", shop: shop.id, item: found?.id ?? "", activity: `r/${++received}` },
      ...{ location: "MAIN", quantity: units },
    });
  };
  for (const { sku } of named) await stock(sku, 1_000_000);
  await stock("WARM", 1);
  const port = await freePort();
  const program = await startProgram({
    ...{ name: "web", entry: "test/bench/web/server.ts", ready: "app listening on" },
    log: join(folder, "web.log"),
    report: (line) => console.error(line),
    started: () => {},
    env: {
      ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, BALLAST_KEYS: KEYS },
      ...{ PORT: String(port), WEB_PROCESSES: String(processes), NODE_ENV: "production" },
      ...{ STANDALONE: "1", BALLAST_DEMO: "1", LOG_LEVEL: "error" },
      // The limit of a token is not what is measured.
      API_REQUESTS_PER_MINUTE: "100000000",
      NODE_OPTIONS: "--expose-gc",
    },
  });
  const target: Target = {
    ...{ host: "127.0.0.1", port, skus, shop: SHOP, secret: SECRET },
    token: await createToken(db, shop.id, "bench"),
    door: `/webhooks/shopify/${connection.id}`,
  };
  return {
    target,
    stock,
    url: `http://127.0.0.1:${port}`,
    load: (plan) => loadProcess({ ...plan, target }),
    held: async (sku) => {
      const answer = await ledger.stock(shop.id, items.get(sku)?.id ?? "");
      if ("outcome" in answer) throw new Error(answer.why);
      return answer.held;
    },
    stop: async () => {
      await program.stop();
      await ledger.close();
      await db.$disconnect();
      await leave(ground);
    },
  };
}

function loadProcess(plan: Plan): Promise<Measured> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ["test/bench/web/load.ts", JSON.stringify(plan)], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.once("exit", (code) => {
      if (code === 0) done(JSON.parse(said));
      else fail(new Error(`the load ended with ${code}`));
    });
  });
}
