import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { CATALOGUE, type JobName, type JobPayload } from "./catalogue.ts";
import type { Log } from "./log.ts";
import type { WorkerMetrics } from "./metrics.ts";
import { QUEUE_PREFIX } from "./queues.ts";

/** What does each kind of work. The compiler lists a kind that nobody does. */
export type Handlers = { [N in JobName]: (payload: JobPayload<N>) => Promise<unknown> };

/**
 * How many jobs of a kind run at once. A connection's job never sleeps and waits for nothing but
 * its marketplace's answer, and each connection has one at most: with a place for every connection,
 * a marketplace that answers slowly, or not at all, keeps no place from another (row D7).
 */
const CONCURRENCY: Record<JobName, number> = {
  "inbox.apply": 32,
  "inbox.batch": 4,
  // Each waits for its marketplace: in the places above, one that hangs would keep all sales waiting.
  "inbox.follow": 1_000,
  "push.connection": 1_000,
  "readback.connection": 1_000,
  "file.poll": 1_000,
  "orders.sweep": 1_000,
  "returns.sweep": 100,
  "push.sweep": 1,
  "listings.replan": 4,
  "listings.import": 100,
  "connection.feed": 100,
  "batch.run": 4,
  "tasks.sweep": 1,
  "connection.health": 100,
  "inbox.sweep": 1,
  "webhooks.deliver": 1_000,
  "webhooks.sweep": 1,
  "holds.expire": 1,
  "events.trim": 1,
  "notify.sweep": 1,
  "notify.shop": 8,
  "ledger.check": 1,
};

/** A job whose process died is taken over after this long at most (twice, in the worst case). */
const LOCK_MS = 5_000;

export interface WorkersOptions {
  redisUrl: string;
  handlers: Handlers;
  metrics: Pick<WorkerMetrics, "job">;
  log: Log;
}

export interface Workers {
  /** Takes no more work and waits for the work under way. */
  close(): Promise<void>;
}

/** Starts doing the work of the queues. Each kind has its own, so none waits behind another. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { redisUrl, log } = options;
  // A worker waits for Redis however long: it has nothing else to do.
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  connection.on("error", (error) => log.warn({ error: error.message }, "the queues are away"));
  const names = Object.keys(CATALOGUE) as JobName[];
  const workers = names.map((name) => startWorker(options, connection, name));
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  return {
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      connection.disconnect();
    },
  };
}

function startWorker<N extends JobName>(
  { handlers, metrics, log }: WorkersOptions,
  connection: Redis,
  name: N,
): Worker {
  const run = handlers[name] as (payload: unknown) => Promise<unknown>;
  const worker = new Worker(
    name,
    async (job) => {
      const payload = CATALOGUE[name].payload.parse(job.data);
      await metrics.job(name, () => run(payload));
    },
    {
      connection,
      prefix: QUEUE_PREFIX,
      concurrency: CONCURRENCY[name],
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS,
      // A job that is taken over is simply done again: every handler reads its state anew.
      maxStalledCount: 1_000,
    },
  );
  worker.on("error", (error) =>
    log.warn({ job: name, error: error.message }, "a queue is in trouble"),
  );
  // The record knows what was to be done; a sweeper asks for it again.
  worker.on("failed", (job, error) =>
    log.error({ job: name, id: job?.id, err: error }, "job failed"),
  );
  return worker;
}
