import { setTimeout as sleep } from "node:timers/promises";
import { assert } from "../../inventory/assert.ts";
import { importConnection } from "../../jobs/import-listings.ts";
import type { Database } from "../../prisma/client.ts";
import { type ConnectionRow, listConnections, openConnection } from "../../prisma/connections.ts";
import { ensureItems } from "../../prisma/items.ts";
import { listLocations } from "../../prisma/locations.ts";
import { keyring } from "../../prisma/sealed.ts";
import { findShopByDomain } from "../../prisma/shops.ts";
import { sandboxSession } from "../ballast/sandbox-session.ts";
import type { ScriptEnv } from "../env.ts";
import type { Doors } from "./doors.ts";

/** The merchant a day is replayed for. */
export interface Merchant {
  shop: string;
  /** Code of the location that ships first. */
  location: string;
  connections: ConnectionRow[];
}

/** Throws, with what to do, when the merchant has nothing to sell on or from. */
export async function findMerchant(db: Database, domain: string): Promise<Merchant> {
  const shop = await findShopByDomain(db, domain);
  if (!shop) throw new Error(`there is no shop ${domain}: run npm start once`);
  const [location] = await listLocations(db, shop.id);
  const connections = await listConnections(db, shop.id);
  if (!location || connections.length === 0) {
    throw new Error(`the shop ${domain} has no location or no marketplace: run npm start once`);
  }
  return { shop: shop.id, location: location.code, connections };
}

const ROWS = 500;

/** Items of the day's SKUs, listed on every marketplace. Answers their ids by SKU. */
export async function listItems(
  { db, doors, env }: { db: Database; doors: Doors; env: ScriptEnv },
  { shop, connections }: Merchant,
  items: readonly { sku: string; title: string }[],
  progress: (text: string) => void,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (let from = 0; from < items.length; from += ROWS) {
    const rows = items.slice(from, from + ROWS);
    for (const [sku, { id }] of await ensureItems(db, shop, rows)) ids.set(sku, id);
    for (const { channel } of connections) await doors.list(channel, rows);
  }
  await Promise.all(connections.map((one) => takeListings(db, env, one, progress)));
  for (const one of connections) await assertListed(db, one, [...ids.values()]);
  return ids;
}

/** An order of an item that a connection does not list could never be applied. */
async function assertListed(
  db: Database,
  { shop, id, channel }: ConnectionRow,
  items: readonly string[],
): Promise<void> {
  const where = { shopId: shop, connectionId: id, itemId: { in: [...items] } };
  const listed = await db.listing.findMany({ where, select: { itemId: true } });
  const missing = items.length - new Set(listed.map(({ itemId }) => itemId)).size;
  if (missing > 0)
    throw new Error(`${missing} of ${items.length} SKUs are not listed on ${channel}`);
}

/** Takes a marketplace's listings over, as the product does when it is connected. */
async function takeListings(
  db: Database,
  env: ScriptEnv,
  { shop, id, channel }: ConnectionRow,
  progress: (text: string) => void,
): Promise<void> {
  const ring = keyring(env.BALLAST_KEYS);
  const open = await openConnection(db, ring, shop, id);
  assert(open !== null, "a connection that is listed can be opened");
  const session = sandboxSession({ db, ring, sandboxUrl: env.SANDBOX_URL }, open);
  progress(`${channel}: taking over its listings`);
  const deps = { db, session, now: Date.now, pause: (ms: number) => sleep(ms) };
  const result = await importConnection(deps, shop, id);
  if (result.outcome === "imported") return;
  throw new Error(`the listings of ${channel} cannot be read: ${result.outcome}, ${result.why}`);
}

/** Movements under way at once. The API answers each when it is in PostgreSQL. */
const AT_ONCE = 16;

/** Receives units of each SKU at the merchant's location, through the API, each once per run. */
export async function receiveStock(
  doors: Doors,
  { location }: Merchant,
  needed: ReadonlyMap<string, number>,
  run: string,
  progress: (done: number) => void,
): Promise<void> {
  const queue = [...needed].entries();
  let done = 0;
  const work = async () => {
    for (const [index, [sku, quantity]] of queue) {
      const reason = `replay ${run}: stock for the day`;
      const report = { sku, location, type: "receive", quantity, reason } as const;
      await doors.report(`${run}/receive/${index}`, report);
      done += 1;
      progress(done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
