import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { appKeyVariables, readAppKeys } from "../../../connectors/app-keys.ts";
import { CONNECTORS } from "../../../connectors/registry.ts";
import {
  SANDBOX_CHANNELS,
  type SandboxChannel,
  sandboxAccount,
} from "../../../connectors/sandbox/sandboxes.ts";
import { type SandboxServer, startSandboxes } from "../../../connectors/sandbox/server.ts";
import { FLASH_SKU } from "../../../scripts/ballast/catalogue.ts";
import { seedMerchant } from "../../../scripts/ballast/demo.ts";
import { DEMO, KEYS, startWorld, type World } from "../../app/world.ts";
import { openWorkerOf, type WorkerOf } from "../../browser/worker.ts";

/**
 * D7 on real parts: the web process with its doors, the worker with all of its jobs, and five
 * sandbox marketplaces with their limits, of which one is away.
 */
let sandboxes: SandboxServer;
let world: World;
let worker: WorkerOf;

const WAIT = { timeout: 60_000, interval: 50 };
const DARK = "ebay";

beforeAll(async () => {
  sandboxes = await startSandboxes({ port: 0, lag: "none" });
  const keys = Object.assign(
    {},
    ...SANDBOX_CHANNELS.map((name) => appKeyVariables(name, sandboxAccount(name).app)),
  );
  const appKeys = readAppKeys(Object.values(CONNECTORS), keys);
  world = await startWorld({ services: { sandboxUrl: sandboxes.url, appKeys } });
  await control("PUT", "/settings", { doorUrl: world.url });
  worker = await openWorkerOf(world, { ...keys, SANDBOX_URL: sandboxes.url });
  const { postgres, redis } = world;
  const urls = { databaseUrl: postgres.url, redisUrl: redis.url, sandboxUrl: sandboxes.url };
  await seedMerchant({ ...urls, shopDomain: DEMO, keys: KEYS }, () => {});
}, 180_000);

afterAll(async () => {
  await worker.close();
  await world.stop();
  await sandboxes.stop();
});

async function control(method: string, path: string, body: unknown): Promise<void> {
  const init = { method, body: JSON.stringify(body) };
  const response = await fetch(`${sandboxes.url}/sandbox${path}`, init);
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
}

const buy = (channel: SandboxChannel) =>
  control("POST", `/${channel}/buy`, { sku: FLASH_SKU, quantity: 1 });

/** What shoppers see on each marketplace. */
function displayed(): Record<string, number | undefined> {
  const shows = (channel: SandboxChannel) =>
    sandboxes.sandboxes[channel].describe().listings.find((row) => row.sku === FLASH_SKU)
      ?.displayed;
  return Object.fromEntries(SANDBOX_CHANNELS.map((channel) => [channel, shows(channel)]));
}

/** What each listing should show by its newest plan. */
async function planned(): Promise<Record<string, number | null>> {
  const rows = await world.services.db.listing.findMany({
    where: { sku: FLASH_SKU },
    select: { planned: true, connection: { select: { channel: true } } },
  });
  return Object.fromEntries(rows.map((row) => [row.connection.channel, row.planned]));
}

const committed = async () => {
  const stock = await world.ledger.stock(world.shop.id, await world.item(FLASH_SKU));
  if ("outcome" in stock) throw new Error(stock.why);
  return stock.committed;
};

/** All of these marketplaces show what they should. */
async function agree(channels: readonly SandboxChannel[]): Promise<void> {
  await vi.waitFor(async () => {
    const [plans, shows] = [await planned(), displayed()];
    for (const channel of channels) expect(shows[channel], channel).toBe(plans[channel]);
  }, WAIT);
}

test("D7: while one marketplace answers nothing, sales of the four others reach the four others", async () => {
  const others = SANDBOX_CHANNELS.filter((channel) => channel !== DARK);
  await agree(SANDBOX_CHANNELS);
  await control("POST", `/${DARK}/faults`, { outage: true });
  const before = displayed()[DARK] ?? 0;
  // Shoppers still buy there: its messages come, and the orders they point at cannot be read.
  for (let n = 0; n < 12; n += 1) await buy(DARK);
  let sold = await committed();
  for (let round = 0; round < 3; round += 1) {
    for (const seller of others) {
      await buy(seller);
      sold += 1;
      await vi.waitFor(async () => expect(await committed()).toBe(sold), WAIT);
      await agree(others);
    }
  }
  expect(displayed()[DARK], "it has heard of nothing, and sold by itself").toBe(before - 12);
  await control("POST", `/${DARK}/faults`, { outage: false });
  await vi.waitFor(async () => expect(await committed()).toBe(sold + 12), WAIT);
  await agree(SANDBOX_CHANNELS);
}, 240_000);
