import { setTimeout as sleep } from "node:timers/promises";
import { CONNECTORS } from "../../connectors/registry.ts";
import {
  SANDBOX_CHANNELS,
  type SandboxChannel,
  sandboxAccount,
} from "../../connectors/sandbox/sandboxes.ts";
import { importConnection } from "../../jobs/import-listings.ts";
import { openQueues, type Queues } from "../../jobs/queues.ts";
import { createLedger } from "../../ledger/client.ts";
import type { Ledger } from "../../ledger/contract.ts";
import { listRules, saveRule } from "../../prisma/buffers.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { ensureConnection, listConnections, openConnection } from "../../prisma/connections.ts";
import { ensureItems, type ItemRow } from "../../prisma/items.ts";
import { ensureLocation } from "../../prisma/locations.ts";
import { type Keyring, keyring } from "../../prisma/sealed.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { createToken, tokenOwner } from "../../prisma/tokens.ts";
import { dataFolder } from "../services/paths.ts";
import { DEMO_ITEMS } from "./catalogue.ts";
import type { Running } from "./running.ts";
import { sandboxSession } from "./sandbox-session.ts";
import { ownSecret, replaceSecret } from "./secrets.ts";

const LOCATION = "main";
const TOKEN_FILE = "demo-token";

/** What seeding works with. */
interface Seeding {
  db: Database;
  ledger: Ledger;
  queues: Queues;
  ring: Keyring;
  shop: string;
  sandboxUrl: string;
  report(line: string): void;
}

/**
 * Makes the demo merchant on the first start, and finds everything in place on the next.
 * @returns an API token of the merchant, kept in a file that only its owner can read.
 */
export async function seedDemo(running: Running, report: (line: string) => void): Promise<string> {
  const shop = await seedMerchant(running, report);
  const db = openDatabase(running.databaseUrl, 1);
  return demoToken(db, shop).finally(() => db.$disconnect());
}

/**
 * A shop, items with stock, and a connection to each sandbox marketplace that sells them.
 * @returns the shop's id.
 */
export async function seedMerchant(
  running: Pick<Running, "databaseUrl" | "redisUrl" | "sandboxUrl" | "shopDomain" | "keys">,
  report: (line: string) => void,
): Promise<string> {
  const db = openDatabase(running.databaseUrl, 3);
  const ledger = createLedger({ url: running.redisUrl });
  const queues = openQueues(running.redisUrl);
  try {
    const shop = await ensureShop(db, running.shopDomain, "Demo merchant");
    const ring = keyring(running.keys);
    const { sandboxUrl } = running;
    const seeding: Seeding = { db, ledger, queues, ring, shop: shop.id, sandboxUrl, report };
    await openShop(seeding);
    for (const channel of SANDBOX_CHANNELS) await connect(seeding, channel);
    return shop.id;
  } finally {
    await queues.close();
    await ledger.close();
    await db.$disconnect();
  }
}

/** Items, a warehouse, and what lies in it on opening day. */
async function openShop({ db, ledger, shop, report }: Seeding): Promise<void> {
  await ensureLocation(db, shop, { code: LOCATION, name: "Main warehouse" });
  const wanted = DEMO_ITEMS.map(({ sku, title, category }) => ({ sku, title, category }));
  const items = await ensureItems(db, shop, wanted);
  if ((await listRules(db, shop)).length === 0) {
    // Percentages shrink to nothing exactly when stock does; the floor is what stays.
    const buffer = { kind: "percent", show: 90 } as const;
    await saveRule(db, shop, { channel: "amazon", buffer, floor: 3 });
  }
  await verified(ledger);
  for (const { sku, units } of DEMO_ITEMS) {
    const item = items.get(sku);
    if (item) await receiveOnce(ledger, shop, item, units);
  }
  report(`the demo merchant has ${DEMO_ITEMS.length} items`);
}

async function receiveOnce(
  ledger: Ledger,
  shop: string,
  item: ItemRow,
  units: number,
): Promise<void> {
  const stock = await ledger.stock(shop, item.id);
  if ("outcome" in stock) throw new Error(`the ledger is unavailable: ${stock.why}`);
  if (stock.version > 0) return;
  const answer = await ledger.apply({
    type: "receive",
    shop,
    item: item.id,
    activity: `demo/opening-stock/${item.id}`,
    location: LOCATION,
    quantity: units,
    actor: "demo",
    reason: "opening stock",
  });
  if (answer.outcome !== "applied") throw new Error(`opening stock: ${answer.outcome}`);
}

const VERIFIED_WITHIN_MS = 60_000;

/** Waits until the worker has compared every partition with the record. */
async function verified(ledger: Ledger): Promise<void> {
  for (const until = Date.now() + VERIFIED_WITHIN_MS; ; await sleep(50)) {
    const { partitions } = await ledger.health();
    if (partitions.length > 0 && partitions.every((one) => one.verified)) return;
    if (Date.now() > until) throw new Error("the ledger was not verified in time: see worker.log");
  }
}

/** Stocks a sandbox's shop window, connects it, and the first time takes over its listings. */
async function connect(seeding: Seeding, channel: SandboxChannel): Promise<void> {
  const { db, queues, ring, shop, sandboxUrl, report } = seeding;
  const { title } = CONNECTORS[channel];
  const own = sandboxAccount(channel);
  const rows = await listConnections(db, shop);
  // One that is there keeps its tokens, which may have been renewed since, and its state.
  const connection =
    rows.find((row) => row.channel === channel && row.account === own.account) ??
    (await ensureConnection(db, ring, shop, { channel, name: `${title} (sandbox)`, ...own }));
  const listings = DEMO_ITEMS.map(({ sku, title, units }) => ({ sku, title, quantity: units }));
  await control(sandboxUrl, "PUT", `/sandbox/${channel}/account`, { connection: connection.id });
  await control(sandboxUrl, "POST", `/sandbox/${channel}/listings`, listings);
  const known = await db.listing.count({ where: { shopId: shop, connectionId: connection.id } });
  if (known > 0) return report(`${title} is connected, with ${known} listings`);
  const open = await openConnection(db, ring, shop, connection.id);
  if (!open) throw new Error(`the connection to ${title} is gone`);
  const session = sandboxSession({ db, ring, sandboxUrl }, open);
  const pause = async (ms: number) => void (await sleep(ms));
  const imported = await importConnection({ db, session, now: Date.now, pause }, shop, open.id);
  if (imported.outcome !== "imported") throw new Error(`${title}: ${imported.why}`);
  await queues.enqueue("listings.replan", { shop, connection: open.id });
  report(`${title} is connected: ${imported.listings} listings, ${imported.matched} matched`);
}

/**
 * Asks every sandbox to send its messages to the doors of the app, which has to be there by now: a
 * marketplace makes sure of a door before it uses it.
 */
export async function openDoors(running: Running, report: (line: string) => void): Promise<void> {
  const db = openDatabase(running.databaseUrl, 3);
  const ring = keyring(running.keys);
  try {
    const shop = await ensureShop(db, running.shopDomain, "Demo merchant");
    for (const { id, channel, disconnected } of await listConnections(db, shop.id)) {
      const open = await openConnection(db, ring, shop.id, id);
      if (!open || disconnected) continue;
      const session = sandboxSession({ db, ring, sandboxUrl: running.sandboxUrl }, open);
      const answer = await session.subscribe?.(`${running.appUrl}/webhooks/${channel}/${id}`);
      // Told on the channel's page as well; the daily check asks again.
      if (answer && answer.outcome !== "subscribed") report(`${channel}: ${answer.why}`);
    }
  } finally {
    await db.$disconnect();
  }
}

async function control(base: string, method: string, path: string, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(base + path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  await response.arrayBuffer();
}

/** The token of the last start, or a new one when the database does not know it. */
async function demoToken(db: Database, shop: string): Promise<string> {
  const folder = dataFolder();
  const known = ownSecret(folder, TOKEN_FILE, () => "none yet");
  if ((await tokenOwner(db, known))?.shop === shop) return known;
  const token = await createToken(db, shop, "npm start");
  replaceSecret(folder, TOKEN_FILE, token);
  return token;
}
