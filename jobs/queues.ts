import { type JobsOptions, Queue } from "bullmq";
import { Redis } from "ioredis";
import { CATALOGUE, type JobName, type JobPayload } from "./catalogue.ts";

/** All keys of all queues share a slot, so that BullMQ's scripts run on Redis Cluster too. */
export const QUEUE_PREFIX = "{jobs}";

/** Finished jobs tell nothing the record does not tell better. */
const FORGET = { removeOnComplete: true, removeOnFail: { count: 200 } } as const;

export interface EnqueueOptions {
  /** Starts no sooner than this, ms from now. Not for kinds that coalesce. */
  delayMs?: number;
}

/** Adds work for the worker process. Both processes open one; adding needs no worker. */
export interface Queues {
  enqueue<N extends JobName>(
    name: N,
    payload: JobPayload<N>,
    options?: EnqueueOptions,
  ): Promise<void>;
  /** The queue of a kind, for its schedule and its depth. */
  queue(name: JobName): Queue;
  close(): Promise<void>;
}

/**
 * Opens the queues for adding, over one connection. A kind has its own queue, so that a backlog of
 * one kind never delays another. While Redis is away an add fails within seconds instead of
 * waiting: what is durable is in PostgreSQL, and the sweepers find it.
 */
export function openQueues(redisUrl: string): Queues {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
  // Every failed command says so itself; a listener keeps the client from writing to the console.
  connection.on("error", () => {});
  const opened = new Map<JobName, Queue>();
  const queue = (name: JobName): Queue => {
    const known = opened.get(name);
    if (known) return known;
    const fresh = new Queue(name, {
      connection,
      prefix: QUEUE_PREFIX,
      skipWaitingForReady: true,
      defaultJobOptions: FORGET,
    });
    fresh.on("error", () => {});
    opened.set(name, fresh);
    return fresh;
  };
  return {
    queue,
    enqueue: async (name, payload, options = {}) => {
      const parsed = CATALOGUE[name].payload.parse(payload);
      await queue(name).add(name, parsed, jobOptions(name, parsed, options));
    },
    close: async () => {
      await Promise.all([...opened.values()].map((one) => one.close()));
      connection.disconnect();
    },
  };
}

/** Runs once at a time for its subject, and once more when it was asked for meanwhile. */
const ONE_AT_A_TIME: readonly JobName[] = [
  "push.connection",
  "readback.connection",
  "file.poll",
  "orders.sweep",
  "returns.sweep",
  "listings.replan",
  "listings.import",
  "connection.feed",
  "batch.run",
  "connection.health",
  "webhooks.deliver",
];

/**
 * A job is named by its subject, so that asking twice is asking once. What is asked for while it
 * runs runs again afterwards, because the run may have read its numbers before the asker changed
 * them: at most one runs and one waits.
 */
function jobOptions(name: JobName, payload: object, options: EnqueueOptions): JobsOptions {
  const subject = Object.entries(payload).map(([key, value]) => `${key}=${value}`);
  return {
    ...(options.delayMs === undefined ? {} : { delay: options.delayMs }),
    deduplication: {
      id: subject.sort().join("&") || name,
      keepLastIfActive: ONE_AT_A_TIME.includes(name),
    },
  };
}
