import { pino } from "pino";
import type { Connector } from "../../../connectors/connector.ts";
import type { OrderActivity } from "../../../inventory/activity.ts";
import { applyMessage, type InboxApplyDeps } from "../../../jobs/handlers/inbox-apply.ts";
import { type RecoveryDeps, recover } from "../../../jobs/recovery.ts";
import { createCarts } from "../../../ledger/carts.ts";
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
  deps: InboxApplyDeps & RecoveryDeps;
  close(): Promise<void>;
}

export const SKUS = ["tea", "cup", "pot"] as const;

/** Few, so that items meet in one. */
export const PARTITIONS = 4;

/** For messages that say everything themselves. */
const NOBODY: InboxApplyDeps["pointing"] = {
  handOver: () => Promise.reject(new Error("this test did not expect a message that points")),
};

export async function openWorld(): Promise<World> {
  const [database, redis] = await Promise.all([freshDatabase(), freshRedis()]);
  const db = openDatabase(database.url);
  const ledger = createLedger({ url: redis.url, partitions: PARTITIONS, timeoutMs: 5_000 });
  await ledger.whenConnected();
  await recover({ db, ledger, log: silent });
  const connector = fakeConnector();
  const connectorOf = (channel: string) => (channel === "fake" ? connector : undefined);
  const carts = createCarts(ledger);
  const deps = { db, ledger, carts, connectorOf, pointing: NOBODY, now: Date.now, log: silent };
  return {
    ...{ db, redis, ledger, connector, deps },
    ...(await openShop(db, "tea.example")),
    close: async () => {
      await ledger.close();
      await db.$disconnect();
      await Promise.all([database.stop(), redis.stop()]);
    },
  };
}

/** A shop with its items, its location and a connection. */
export async function openShop(
  db: Database,
  domain: string,
): Promise<Pick<World, "shop" | "connection" | "items">> {
  const { id: shop } = await ensureShop(db, domain, domain);
  const found = await ensureItems(
    db,
    shop,
    SKUS.map((sku) => ({ sku, title: sku })),
  );
  const items = Object.fromEntries([...found].map(([sku, item]) => [sku, item.id]));
  await ensureLocation(db, shop, { code: "MAIN", name: "Main" });
  return { shop, items, connection: await connect(db, shop, "seller-1", items) };
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
