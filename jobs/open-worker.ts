import type { Connector } from "../connectors/connector.ts";
import { createPacer } from "../connectors/pacer.ts";
import { CONNECTORS, findConnector } from "../connectors/registry.ts";
import { createCarts } from "../ledger/carts.ts";
import { createLedger, type LedgerClient } from "../ledger/client.ts";
import { createEventReader } from "../ledger/events.ts";
import { groupLags } from "../ledger/stream.ts";
import { openDatabase } from "../prisma/client.ts";
import { channelGroup, consumeForChannel } from "./channel-consumer.ts";
import { type Consumer, startConsumer } from "./consumer-loop.ts";
import type { WorkerEnv } from "./env.ts";
import { type House, handlersOf } from "./handlers.ts";
import { keepPaces } from "./keep-paces.ts";
import { createLivePublisher } from "./live.ts";
import type { Log } from "./log.ts";
import { createWorkerMetrics, serveMetrics } from "./metrics.ts";
import { PERSISTER_GROUP, startPersister } from "./persister.ts";
import { openQueues } from "./queues.ts";
import { startReceiver } from "./receiver.ts";
import { startRecovery } from "./recovery.ts";
import { writeSchedule } from "./schedule.ts";
import { createSessions } from "./sessions.ts";
import { createSharedBuckets } from "./shared-buckets.ts";
import { createTimers } from "./timers.ts";
import { startWorkers } from "./workers.ts";

export interface OpenWorker {
  /** Where the worker's own numbers are served, when they are. */
  metricsPort: number | undefined;
  /** Ends everything in order: what is under way is finished, nothing new is begun. */
  close(): Promise<void>;
}

/** A connection that is new is swept from this long after it at most. */
const SCHEDULE_EVERY_MS = 30_000;

/**
 * Everything the worker process does, composed: it lets the ledger serve, carries its events into
 * the record and into plans, does the work of the queues, and reads the marketplaces' own queues.
 */
export async function openWorker(env: WorkerEnv, log: Log): Promise<OpenWorker> {
  const house = openHouse(env, log);
  const { db, ledger, queues, live, timers, metrics } = house;
  metrics.watchLag(() => lagByGroup(ledger));
  const recovery = startRecovery({ db, ledger, log });
  const persister = startPersister({
    db,
    ledger,
    log,
    live,
    reader: readerOf(env, PERSISTER_GROUP, log),
    tell: (endpoints) => tellEndpoints(house, endpoints),
  });
  const channels = Object.keys(CONNECTORS).map((channel) => consumerOf(env, house, channel));
  const queueUrl = env.QUEUE_REDIS_URL ?? env.REDIS_URL;
  const handlers = handlersOf(house);
  const workers = await startWorkers({ redisUrl: queueUrl, handlers, metrics, log });
  const receiver = startReceiver(house);
  const paces = keepPaces(house);
  const schedule = await keepSchedule(house);
  const served = await serve(env, house);
  log.info({ metricsPort: served?.port }, "worker started");
  return {
    metricsPort: served?.port,
    close: async () => {
      house.stopping.abort();
      clearInterval(schedule);
      timers.stop();
      await receiver.stop();
      await workers.close();
      await Promise.all([...channels.map((one) => one.stop()), persister.stop()]);
      await Promise.all([recovery.stop(), paces.stop()]);
      house.buckets.close();
      await Promise.all([queues.close(), live.close(), ledger.close(), served?.close()]);
      await db.$disconnect();
    },
  };
}

/** What all of the worker's parts work with. */
function openHouse(env: WorkerEnv, log: Log): House & { buckets: { close(): void } } {
  const db = openDatabase(env.DATABASE_URL, env.WORKER_DATABASE_POOL);
  const queueUrl = env.QUEUE_REDIS_URL ?? env.REDIS_URL;
  const connectorOf = (channel: string): Connector | undefined =>
    findConnector(channel) ?? undefined;
  const queues = openQueues(queueUrl);
  const onTrouble = (error: Error) => log.warn({ error: error.message }, "the ledger is away");
  const { appKeys, SANDBOX_URL: baseUrl } = env;
  const buckets = createSharedBuckets(queueUrl);
  const pacer = createPacer({ now: Date.now }, buckets);
  const sessions = { db, connectorOf, pacer, ring: env.BALLAST_KEYS, appKeys, baseUrl };
  const ledger = createLedger({ url: env.REDIS_URL, onTrouble });
  return {
    ...{ db, queues, connectorOf, log, now: Date.now, enqueue: queues.enqueue },
    ledger,
    carts: createCarts(ledger),
    live: createLivePublisher(queueUrl),
    session: createSessions({ ...sessions, now: Date.now }),
    keyring: env.BALLAST_KEYS,
    allowLoopback: env.WEBHOOKS_TO_LOOPBACK,
    publicUrl: env.APP_URL,
    ring: env.BALLAST_KEYS,
    notify: { mail: env.mail, allowLoopback: env.WEBHOOKS_TO_LOOPBACK },
    pacer,
    buckets,
    timers: createTimers(Date.now),
    metrics: createWorkerMetrics(),
    stopping: new AbortController(),
  };
}

/** Asks for their jobs; what a queue that is away does not take, the sweep finds. */
function tellEndpoints({ enqueue, log }: House, endpoints: readonly string[]): void {
  for (const endpoint of endpoints) {
    enqueue("webhooks.deliver", { endpoint }).catch((error) => {
      log.warn({ endpoint, error: String(error) }, "could not be asked for: the sweep will");
    });
  }
}

function readerOf(env: WorkerEnv, group: string, log: Log) {
  const onTrouble = (error: Error) => log.debug({ group, error: error.message }, "events away");
  return createEventReader({ url: env.REDIS_URL, group, onTrouble });
}

function consumerOf(env: WorkerEnv, house: House, channel: string): Consumer {
  const group = channelGroup(channel);
  const { ledger, log, metrics } = house;
  const partitionOf = (shop: string, item: string) => ledger.keys.of(shop, item);
  return startConsumer({
    group,
    reader: readerOf(env, group, log),
    handle: (batch) => consumeForChannel({ ...house, partitionOf }, channel, batch),
    metrics,
    log,
  });
}

/** Events each group has still to see or to finish, over all partitions. */
async function lagByGroup(ledger: LedgerClient): Promise<Map<string, number>> {
  const behind = new Map<string, number>();
  for (const { group, waiting, pending } of await groupLags(ledger)) {
    behind.set(group, (behind.get(group) ?? 0) + waiting + pending);
  }
  return behind;
}

async function keepSchedule(house: House): Promise<NodeJS.Timeout> {
  await writeSchedule(house);
  return setInterval(() => {
    writeSchedule(house).catch((error) => {
      house.log.warn({ error: String(error) }, "the schedule could not be written");
    });
  }, SCHEDULE_EVERY_MS);
}

async function serve(env: WorkerEnv, { metrics }: House) {
  const { WORKER_METRICS_PORT: port, WORKER_METRICS_HOST: host } = env;
  return port === undefined ? undefined : serveMetrics(metrics, host, port);
}
