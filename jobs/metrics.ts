import { createServer } from "node:http";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { JobName } from "./catalogue.ts";

/** The worker's own numbers. What the record knows (latencies, dead letters) the app tells. */
export interface WorkerMetrics {
  registry: Registry;
  /** Times a job and counts how it ended. */
  job<T>(name: JobName, run: () => Promise<T>): Promise<T>;
  /** One call that told a marketplace some numbers. */
  push(channel: string, outcomes: readonly string[], ms: number): void;
  /** One batch that a group of consumers took from the ledger's events. */
  consumed(group: string, events: number): void;
  /** Asks for the events each group has still to see, whenever Prometheus asks. */
  watchLag(read: () => Promise<Map<string, number>>): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createWorkerMetrics(): WorkerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "ballast_worker_" });
  const jobs = new Histogram({
    ...{ name: "ballast_job_seconds", help: "Duration of background jobs.", registers },
    ...{ labelNames: ["name", "outcome"], buckets: SECONDS },
  });
  const calls = new Histogram({
    ...{ name: "ballast_push_call_seconds", help: "Duration of push calls.", registers },
    ...{ labelNames: ["channel"], buckets: SECONDS },
  });
  const pushes = new Counter({
    ...{ name: "ballast_pushes_total", help: "Numbers told to marketplaces.", registers },
    labelNames: ["channel", "outcome"],
  });
  const events = new Counter({
    ...{ name: "ballast_events_consumed_total", help: "Events of the ledger seen.", registers },
    labelNames: ["group"],
  });
  return {
    registry,
    job: async (name, run) => {
      const end = jobs.startTimer({ name });
      try {
        const result = await run();
        end({ outcome: "done" });
        return result;
      } catch (error) {
        end({ outcome: "failed" });
        throw error;
      }
    },
    push: (channel, outcomes, ms) => {
      calls.observe({ channel }, ms / 1_000);
      for (const outcome of outcomes) pushes.inc({ channel, outcome });
    },
    consumed: (group, count) => events.inc({ group }, count),
    watchLag: (read) => {
      const name = "ballast_consumer_lag_events";
      const help = "Events of the ledger that a group of consumers has still to see.";
      const lag: Gauge = new Gauge({
        ...{ name, help, labelNames: ["group"], registers },
        collect: async () => {
          for (const [group, behind] of await read()) lag.set({ group }, behind);
        },
      });
    },
  };
}

/** Serves the numbers at /metrics. @returns the port and how to stop. */
export async function serveMetrics(
  { registry }: Pick<WorkerMetrics, "registry">,
  host: string,
  port: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    if (request.url !== "/metrics") return void response.writeHead(404).end();
    const text = await registry.metrics().catch(() => null);
    if (text === null) return void response.writeHead(503).end();
    response.writeHead(200, { "content-type": registry.contentType }).end(text);
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail).listen(port, host, done);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
