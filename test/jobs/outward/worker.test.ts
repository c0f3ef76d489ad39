import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { CONNECTORS } from "../../../connectors/registry.ts";
import { type SandboxChannel, sandboxAccount } from "../../../connectors/sandbox/sandboxes.ts";
import { type SandboxServer, startSandboxes } from "../../../connectors/sandbox/server.ts";
import { importConnection } from "../../../jobs/import-listings.ts";
import { createLedger, type LedgerClient } from "../../../ledger/client.ts";
import { type Database, openDatabase } from "../../../prisma/client.ts";
import { ensureConnection, openConnection } from "../../../prisma/connections.ts";
import { ensureItems } from "../../../prisma/items.ts";
import { ensureLocation } from "../../../prisma/locations.ts";
import { keyring } from "../../../prisma/sealed.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { freePort, ROOT } from "../../../scripts/services/paths.ts";
import { end, launch } from "../../../scripts/services/server.ts";
import { freshDatabase, freshRedis } from "../../support/servers.ts";

/*
 * The worker as its own process, between real servers and the sandbox marketplaces: a sale on
 * Amazon comes in through its queue and goes out to Shopify.
 */
const KEYS = `k1:${Buffer.alloc(32, 9).toString("base64")}`;
const SKU = "JACKET";

let database: Awaited<ReturnType<typeof freshDatabase>>;
let redis: Awaited<ReturnType<typeof freshRedis>>;
let sandbox: SandboxServer;
let db: Database;
let ledger: LedgerClient;
let metricsPort: number;
let worker: Awaited<ReturnType<typeof launch>> | undefined;

beforeAll(async () => {
  [database, redis, metricsPort] = await Promise.all([freshDatabase(), freshRedis(), freePort()]);
  sandbox = await startSandboxes({ port: 0, lag: { minMs: 20, maxMs: 40 } });
  db = openDatabase(database.url);
  ledger = createLedger({ url: redis.url });
});

afterAll(async () => {
  if (worker) await end(worker, "SIGKILL");
  await sandbox.stop();
  await ledger.close();
  await db.$disconnect();
  await Promise.all([database.stop(), redis.stop()]);
});

async function startWorker(): Promise<void> {
  worker = await launch(process.execPath, ["jobs/worker.ts"], "worker ready", {
    cwd: ROOT,
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SANDBOX_URL: sandbox.url,
      BALLAST_KEYS: KEYS,
      WORKER_METRICS_PORT: String(metricsPort),
    },
  });
}

/** A shop with one jacket on both marketplaces. */
async function seed(units: number): Promise<void> {
  const { id: shop } = await ensureShop(db, "demo.example", "Demo");
  await ensureLocation(db, shop, { code: "main", name: "Main" });
  await ensureItems(db, shop, [{ sku: SKU, title: "Jacket" }]);
  const ring = keyring(KEYS);
  for (const channel of ["shopify", "amazon"] as const) {
    const account = sandboxAccount(channel);
    const row = await ensureConnection(db, ring, shop, { channel, name: channel, ...account });
    sandbox.sandboxes[channel].connect(row.id);
    sandbox.sandboxes[channel].stock([{ sku: SKU, title: "Jacket", quantity: 0 }]);
    const open = await openConnection(db, ring, shop, row.id);
    if (!open) throw new Error("the connection was just made");
    const world = { baseUrl: sandbox.url, now: Date.now };
    const session = CONNECTORS[channel].connect(open.credentials, world);
    const deps = { db, session, now: Date.now, pause: async () => {} };
    expect(await importConnection(deps, shop, row.id)).toMatchObject({ listings: 1, matched: 1 });
  }
  await receive(units);
}

/** Units arrive, whether or not a worker runs. */
async function receive(quantity: number): Promise<void> {
  const { id: item, shopId: shop } = await db.item.findFirstOrThrow();
  const answer = await ledger.apply({
    ...{ type: "receive", shop, item, location: "main", quantity },
    activity: randomUUID(),
  });
  expect(answer.outcome).toBe("applied");
}

/** What a marketplace's shoppers see. */
function shows(channel: SandboxChannel): number | undefined {
  return sandbox.sandboxes[channel].describe().listings.find((one) => one.sku === SKU)?.displayed;
}

function buyOnAmazon(quantity: number): void {
  const bought = sandbox.sandboxes.amazon.order({ lines: [{ sku: SKU, quantity }] });
  expect(bought.outcome).toBe("sold");
}

async function stopped(signal: NodeJS.Signals): Promise<number | null> {
  const child = worker;
  if (!child) throw new Error("no worker runs");
  await end(child, signal);
  worker = undefined;
  return child.exitCode;
}

/** A job whose process was killed is taken over after some seconds. */
const SOON = { timeout: 60_000, interval: 50 };

test("a sale on Amazon reaches Shopify, and what was received reaches both", async () => {
  await startWorker();
  await vi.waitFor(async () => {
    const { partitions } = await ledger.health();
    expect(partitions.filter((one) => !one.verified)).toEqual([]);
  }, SOON);
  await seed(100);
  await vi.waitFor(() => expect([shows("shopify"), shows("amazon")]).toEqual([100, 90]), SOON);
  buyOnAmazon(3);
  await vi.waitFor(() => expect([shows("shopify"), shows("amazon")]).toEqual([97, 87]), SOON);
  await vi.waitFor(async () => {
    const listings = await db.listing.findMany({ orderBy: { planned: "asc" } });
    expect(listings.map((one) => [one.planned, one.accepted, one.shown])).toEqual([
      [87, 87, 87],
      [97, 97, 97],
    ]);
    expect(listings[1]?.saleToAckMs).toBeGreaterThanOrEqual(0);
    expect(listings[1]?.saleToShownMs).toBeGreaterThanOrEqual(listings[1]?.saleToAckMs ?? 0);
  }, SOON);
  expect(await db.movement.count()).toBe(2);
}, 120_000);

test("the worker tells its own numbers, with the lag of every group", async () => {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(text).toMatch(/ballast_pushes_total\{channel="shopify",outcome="accepted"\} [1-9]/);
  for (const group of ["persister", "channel:shopify", "channel:amazon"]) {
    expect(text).toMatch(new RegExp(`ballast_consumer_lag_events\\{group="${group}"\\} \\d+`));
  }
});

test("told to stop it ends by itself, and the next one takes up what happened meanwhile", async () => {
  expect(await stopped("SIGTERM")).toBe(0);
  await receive(20);
  await startWorker();
  await vi.waitFor(() => expect([shows("shopify"), shows("amazon")]).toEqual([117, 105]), SOON);
}, 120_000);

test("killed in the middle of its work, the next one finishes it", async () => {
  await receive(30);
  await stopped("SIGKILL");
  await receive(3);
  await startWorker();
  await vi.waitFor(() => expect([shows("shopify"), shows("amazon")]).toEqual([150, 135]), SOON);
}, 120_000);
