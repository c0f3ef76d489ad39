import { createPacer } from "../connectors/pacer.ts";
import { CONNECTORS, findConnector } from "../connectors/registry.ts";
import { whoIs } from "../connectors/shopify/who-is.ts";
import { createLiveSubscriber } from "../jobs/live.ts";
import { createLog } from "../jobs/log.ts";
import { openQueues } from "../jobs/queues.ts";
import { createRateLimits } from "../jobs/rate-limits.ts";
import { createSessions } from "../jobs/sessions.ts";
import { createSharedBuckets } from "../jobs/shared-buckets.ts";
import { createAddresses } from "../ledger/addresses.ts";
import { createBaskets } from "../ledger/baskets.ts";
import { createCarts } from "../ledger/carts.ts";
import { createLedger } from "../ledger/client.ts";
import { openDatabase } from "../prisma/client.ts";
import { createShopify } from "./access/shopify.server.ts";
import type { Env } from "./env.server.ts";
import { demoGate, embeddedGate, type Gate, loginGate } from "./gate.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { Services } from "./services.ts";
import { worldOf } from "./world.server.ts";

/** Who holds stock is told within 200 ms that nothing can be promised (row D5). */
const LEDGER_PATIENCE_MS = 150;

/** Connects everything the web process works with. `close` ends it all, in the right order. */
export async function openServices(
  env: Env,
): Promise<{ services: Services; close(): Promise<void> }> {
  const log = createLog(env.LOG_LEVEL, "app");
  const db = openDatabase(env.DATABASE_URL);
  const pulse = openDatabase(env.DATABASE_URL, 1);
  const onTrouble = (error: Error) => log.warn({ error: error.message }, "the ledger is away");
  const ledger = createLedger({ url: env.REDIS_URL, timeoutMs: LEDGER_PATIENCE_MS, onTrouble });
  const queueUrl = env.QUEUE_REDIS_URL ?? env.REDIS_URL;
  const queues = openQueues(queueUrl);
  const live = createLiveSubscriber(queueUrl);
  const heartbeat = await startHeartbeat(pulse);
  const limit = env.API_REQUESTS_PER_MINUTE;
  const rateLimits = createRateLimits(queueUrl, { limit, now: Date.now });
  const buckets = createSharedBuckets(queueUrl);
  const services: Services = {
    db,
    ledger,
    baskets: createBaskets(ledger),
    carts: createCarts(ledger),
    addresses: createAddresses(ledger),
    heartbeat,
    rateLimits,
    queues,
    live,
    channels: Object.keys(CONNECTORS),
    connectorOf: findConnector,
    keyring: env.BALLAST_KEYS,
    callable: { allowLoopback: env.WEBHOOKS_TO_LOOPBACK },
    session: createSessions({
      ...{ db, ring: env.BALLAST_KEYS, appKeys: env.appKeys, baseUrl: env.SANDBOX_URL },
      ...{ connectorOf: (channel) => findConnector(channel) ?? undefined, now: Date.now },
      pacer: createPacer({ now: Date.now }, buckets),
    }),
    appKeys: env.appKeys,
    sandboxUrl: env.SANDBOX_URL,
    publicUrl: publicUrl(env),
    notify: { mail: env.mail, allowLoopback: env.WEBHOOKS_TO_LOOPBACK },
    log,
    now: Date.now,
  };
  const close = async () => {
    heartbeat.stop();
    rateLimits.close();
    buckets.close();
    await Promise.all([queues.close(), live.close(), ledger.close()]);
    await Promise.all([db.$disconnect(), pulse.$disconnect()]);
  };
  return { services, close };
}

/** The address others know us by; at the least, one that works on this machine. */
function publicUrl({ APP_URL, SHOPIFY_APP_URL, HOST, PORT }: Env): string {
  const host = ["0.0.0.0", "::"].includes(HOST) ? "127.0.0.1" : HOST;
  return (APP_URL ?? SHOPIFY_APP_URL ?? `http://${host}:${PORT}`).replace(/\/+$/, "");
}

/** Who may see the pages: a stand-alone merchant's people, or whoever Shopify vouches for. */
export function openGate(env: Env, services: Services): Gate {
  const { db, log, now } = services;
  const { SHOPIFY_API_KEY: apiKey, SHOPIFY_API_SECRET: apiSecret, SHOPIFY_APP_URL: appUrl } = env;
  if (env.STANDALONE)
    return env.BALLAST_DEMO
      ? demoGate(db, env.STANDALONE_SHOP, now)
      : loginGate(db, env.STANDALONE_SHOP, now);
  if (!apiKey || !apiSecret || !appUrl) throw new Error("readEnv lets nobody in without these");
  const shopify = createShopify({ apiKey, apiSecret, appUrl }, log);
  const app = { clientId: apiKey, clientSecret: apiSecret };
  const secrets = [apiSecret, env.SHOPIFY_API_SECRET_BEFORE].filter((one) => one !== undefined);
  return embeddedGate(db, shopify, {
    ...{ apiKey, secrets, now },
    whoIs: (shop, sessionToken) => whoIs({ shop, sessionToken, app }, worldOf(services)),
  });
}
