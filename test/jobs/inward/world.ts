import { pino } from "pino";
import type { Connector } from "../../../connectors/connector.ts";
import type { OrderActivity } from "../../../inventory/activity.ts";
import { applyMessage, type InboxApplyDeps } from "../../../jobs/handlers/inbox-apply.ts";
import { createLedger, type LedgerClient } from "../../../ledger/client.ts";
import { type Database, openDatabase } from "../../../prisma/client.ts";
import { type ConnectionRow, ensureConnection } from "../../../prisma/connections.ts";
import { storeMessage } from "../../../prisma/inbox.ts";
import { ensureItems } from "../../../prisma/items.ts";
import { ensureLocation } from "../../../prisma/locations.ts";
import { keyring } from "../../../prisma/sealed.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { freshDatabase, freshRedis } from "../../support/servers.ts";
import { fakeConnector } from "./fake-connector.ts";

export const silent = pino({ level: "silent" });

const ring = keyring(`k1:${Buffer.alloc(32, 7).toString("base64")}`);

/** A shop with items, a connection whose listings are matched to them, a ledger and a record. */
export interface World {
  db: Database;
  redis: Awaited<ReturnType<typeof freshRedis>>;
  ledger: LedgerClient;
  shop: string;
  connection: ConnectionRow;
  connector: Connector;
  /** Item ids by SKU. The listing of SKU "tea" is "L-tea". */
  items: Record<string, string>;
  deps: InboxApplyDeps;
  close(): Promise<void>;
}

export const SKUS = ["tea", "cup", "pot"] as const;

export async function openWorld(): Promise<World> {
  const [database, redis] = await Promise.all([freshDatabase(), freshRedis()]);
  const db = openDatabase(database.url);
  const ledger = createLedger({ url: redis.url, partitions: 4, timeoutMs: 5_000 });
  await ledger.whenConnected();
  await verifyAll(ledger);
  const connector = fakeConnector();
  const { id: shop } = await ensureShop(db, "tea.example", "Tea");
  const found = await ensureItems(
    db,
    shop,
    SKUS.map((sku) => ({ sku, title: sku })),
  );
  const items = Object.fromEntries([...found].map(([sku, item]) => [sku, item.id]));
  await ensureLocation(db, shop, { code: "MAIN", name: "Main" });
  const connection = await connect(db, shop, "seller-1", items);
  const connectorOf = (channel: string) => (channel === "fake" ? connector : undefined);
  const deps = { db, ledger, connectorOf, now: Date.now, log: silent };
  return {
    ...{ db, redis, ledger, shop, connection, connector, items, deps },
    close: async () => {
      await ledger.close();
      await db.$disconnect();
      await Promise.all([database.stop(), redis.stop()]);
    },
  };
}

/** One more connection of the shop, each item listed on it. */
export async function connect(
  db: Database,
  shop: string,
  account: string,
  items: Record<string, string>,
): Promise<ConnectionRow> {
  const connection = await ensureConnection(db, ring, shop, {
    ...{ channel: "fake", name: account, account, settings: {}, secrets: {} },
  });
  await db.listing.createMany({
    data: Object.entries(items).map(([sku, itemId]) => ({
      ...{ shopId: shop, connectionId: connection.id, itemId, externalId: `L-${sku}` },
      ...{ sku, title: sku },
    })),
  });
  return connection;
}

/** What recovery writes for a partition that is known to be right: here, because it is new. */
export async function verifyAll(ledger: LedgerClient): Promise<void> {
  const { epoch } = await ledger.connection.whenKnown();
  for (const partition of ledger.keys.all()) {
    const { redis } = ledger.connection;
    await redis.hset(ledger.keys.meta(partition), "epoch", epoch);
    await redis.hsetnx(ledger.keys.meta(partition), "seq", "0");
  }
}

let named = 0;

/** Stores activities as a message of the connection. */
export async function message(
  { db, shop, connection }: Pick<World, "db" | "shop" | "connection">,
  activities: OrderActivity[] | unknown,
  externalId = `m-${++named}`,
): Promise<string> {
  const stored = await storeMessage(db, shop, connection.id, {
    ...{ externalId, topic: "orders", payload: activities },
  });
  return stored.id;
}

/** Stores a message and applies it. */
export async function hear(world: World, activities: OrderActivity[]) {
  return applyMessage(world.deps, await message(world, activities));
}
