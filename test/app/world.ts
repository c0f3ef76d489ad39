import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { personOf } from "../../app/access/person.ts";
import { demoGate, type Gate } from "../../app/gate.ts";
import { startHeartbeat } from "../../app/heartbeat.ts";
import type { Services } from "../../app/services.ts";
import { createWeb, type Pages } from "../../app/web.ts";
import { readAppKeys } from "../../connectors/app-keys.ts";
import { createPacer } from "../../connectors/pacer.ts";
import { CONNECTORS, findConnector } from "../../connectors/registry.ts";
import { createLivePublisher, createLiveSubscriber } from "../../jobs/live.ts";
import { createLog } from "../../jobs/log.ts";
import { PERSISTER_GROUP, startPersister } from "../../jobs/persister.ts";
import { openQueues } from "../../jobs/queues.ts";
import { createRateLimits } from "../../jobs/rate-limits.ts";
import { createSessions } from "../../jobs/sessions.ts";
import { createAddresses } from "../../ledger/addresses.ts";
import { createBaskets } from "../../ledger/baskets.ts";
import { createCarts } from "../../ledger/carts.ts";
import { createLedger, type LedgerClient } from "../../ledger/client.ts";
import type { Command } from "../../ledger/contract.ts";
import { createEventReader } from "../../ledger/events.ts";
import { openDatabase } from "../../prisma/client.ts";
import { ensureItems } from "../../prisma/items.ts";
import { ensureLocation } from "../../prisma/locations.ts";
import { waitUntilRecorded } from "../../prisma/movements.ts";
import { keyring } from "../../prisma/sealed.ts";
import { ensureShop, type ShopRow } from "../../prisma/shops.ts";
import { createToken } from "../../prisma/tokens.ts";
import type { Server } from "../../scripts/services/server.ts";
import { freshDatabase, freshRedis } from "../support/servers.ts";

/** The web process on real servers, with a persister beside it, listening on a free port. */
export interface World {
  url: string;
  services: Services;
  ledger: LedgerClient;
  postgres: Server;
  redis: Awaited<ReturnType<typeof freshRedis>>;
  live: ReturnType<typeof createLivePublisher>;
  shop: ShopRow;
  token: string;
  /** Ids of the items by SKU; makes them when they are not there. */
  item(sku: string, shop?: ShopRow): Promise<string>;
  /** Puts units on the shelf of MAIN and waits until they are in the record. */
  stock(sku: string, quantity: number, shop?: ShopRow): Promise<void>;
  /** Applies a command and waits until it is in the record. */
  apply(command: Command): Promise<void>;
  /** Makes PostgreSQL refuse everyone; the answer lets them in again. */
  cutPostgres(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** What BALLAST_KEYS says. */
export const KEYS = `k1:${Buffer.alloc(32, 7).toString("base64")}`;
export const RING = keyring(KEYS);
/** Somebody who may do everything. */
export const OWNER = personOf({ id: "p1", name: "Ada", role: "owner", entry: "demo" });
export const DEMO = "demo.myshopify.com";

export interface WorldOptions {
  gate?: (services: Services) => Gate;
  pages?: Pages;
  /** What the web process has beyond the usual: other connectors, sandboxes, app keys. */
  services?: Partial<Services>;
  /** How long the web process waits for Redis; long, where no test is about it. */
  ledgerPatienceMs?: number;
  /** The same for PostgreSQL. */
  heartbeat?: Parameters<typeof startHeartbeat>[1];
  /** Where PostgreSQL is reached, when not directly. */
  postgresBy?(url: string): Promise<string>;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const [postgres, redis] = await Promise.all([freshDatabase(), freshRedis()]);
  const databaseUrl = (await options.postgresBy?.(postgres.url)) ?? postgres.url;
  const db = openDatabase(databaseUrl);
  const pulse = openDatabase(databaseUrl, 1);
  const ledger = createLedger({ url: redis.url, timeoutMs: options.ledgerPatienceMs ?? 2_000 });
  await verifyAll(ledger);
  const log = createLog("silent", "test");
  const queues = openQueues(redis.url);
  const subscriber = createLiveSubscriber(redis.url);
  const live = createLivePublisher(redis.url);
  const heartbeat = await startHeartbeat(pulse, options.heartbeat ?? { patienceMs: 3_000 });
  const rateLimits = createRateLimits(redis.url, { limit: 60_000, now: Date.now });
  const services: Services = {
    ...{
      rateLimits,
      db,
      ledger,
      baskets: createBaskets(ledger),
      carts: createCarts(ledger),
      addresses: createAddresses(ledger),
      heartbeat,
      queues,
      live: subscriber,
    },
    ...{
      channels: Object.keys(CONNECTORS),
      connectorOf: findConnector,
      keyring: RING,
      callable: { allowLoopback: true, resolve: async () => ["93.184.216.34"] },
      log,
      now: Date.now,
    },
    ...{ appKeys: readAppKeys(Object.values(CONNECTORS), {}), sandboxUrl: undefined },
    ...{
      session: async () => null,
      publicUrl: "",
      notify: { mail: null, allowLoopback: true },
      ...options.services,
    },
  };
  const { connectorOf, appKeys, sandboxUrl: baseUrl } = services;
  services.session = createSessions({
    ...{ db, ring: RING, appKeys, baseUrl, now: Date.now },
    connectorOf: (channel) => connectorOf(channel) ?? undefined,
    pacer: createPacer({ now: Date.now }),
  });
  const shop = await ensureShop(db, DEMO, "North Outfitters");
  await ensureLocation(db, shop.id, { code: "MAIN", name: "Main warehouse" });
  const gate = options.gate?.(services) ?? demoGate(db, DEMO);
  const server = createWeb(services, gate, options.pages).listen(0, "127.0.0.1");
  // Nobody is hung up on between two requests of a test.
  server.keepAliveTimeout = 120_000;
  await new Promise((done) => server.once("listening", done));
  const reader = createEventReader({ url: redis.url, group: PERSISTER_GROUP });
  const persister = startPersister({ db, reader, ledger, live, log }, { waitMs: 50 });
  const { port } = server.address() as AddressInfo;
  services.publicUrl = `http://127.0.0.1:${port}`;
  let named = 0;
  const item = async (sku: string, owner = shop) => {
    const items = await ensureItems(db, owner.id, [{ sku, title: `Title of ${sku}` }]);
    return items.get(sku)?.id ?? "";
  };
  const apply = async (command: Command) => {
    const answer = await ledger.apply(command);
    if (answer.outcome !== "applied") throw new Error(`refused: ${answer.outcome}`);
    const { partition, seq } = answer;
    const recorded = await waitUntilRecorded(db, { shop: command.shop, partition, seq }, 5_000);
    if (!recorded) throw new Error(`not recorded: ${JSON.stringify(persister.state())}`);
  };
  return {
    ...{ url: `http://127.0.0.1:${port}`, services, ledger, postgres, redis, live, shop },
    ...{ token: await createToken(db, shop.id, "warehouse"), item, apply },
    stock: async (sku, quantity, owner = shop) =>
      apply({
        ...{ shop: owner.id, item: await item(sku, owner), activity: `seed/${++named}` },
        ...{ type: "receive", location: "MAIN", quantity },
      }),
    cutPostgres: () => cutOff(postgres.url),
    stop: async () => {
      await closeServer(server);
      await persister.stop();
      heartbeat.stop();
      services.rateLimits.close();
      rateLimits.close();
      await Promise.all([queues.close(), subscriber.close(), live.close(), ledger.close()]);
      await Promise.all([db.$disconnect(), pulse.$disconnect()]);
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

/** What recovery writes for a partition that is known to be right: here, because it is new. */
async function verifyAll({ connection, keys }: LedgerClient): Promise<void> {
  const { epoch } = await connection.whenKnown();
  for (const partition of keys.all()) {
    await connection.redis.hset(keys.meta(partition), { epoch, seq: "0" });
  }
}

/** The database stays, and lets nobody in: what a failover or a full server looks like. */
async function cutOff(url: string): Promise<() => Promise<void>> {
  const name = new URL(url).pathname.slice(1);
  const admin = new URL(url);
  admin.pathname = "/postgres";
  const run = async (...statements: string[]) => {
    const connection = new pg.Client({ connectionString: admin.href });
    await connection.connect();
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  };
  const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
  await run(`alter database ${name} with allow_connections false`, end);
  return () => run(`alter database ${name} with allow_connections true`);
}

async function closeServer(server: HttpServer): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on whatever came
  body: any;
}

/** Asks the API as the token's owner. A POST gets a fresh Idempotency-Key unless it brings one. */
export function client(url: string, token: string) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(method === "POST" ? { "Idempotency-Key": crypto.randomUUID() } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const json = response.headers.get("Content-Type")?.includes("json");
    return {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(text) : text,
    };
  };
}
