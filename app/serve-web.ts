import cluster from "node:cluster";
import type { AddressInfo } from "node:net";
import type { Express } from "express";
import { metricsOfAll, tellMetricsOfAll } from "./all-metrics.ts";
import type { Env } from "./env.server.ts";
import type { Gate } from "./gate.ts";
import type { Services } from "./services.ts";
import { createWeb, type Pages } from "./web.ts";

/** A request that is under way when the process is told to stop may take this long. */
const GRACE_MS = 3_000;
/** A process that dies at once is not started again at once. */
const PAUSE_MS = 500;

interface Opened {
  services: Services;
  gate: Gate;
  pages?: Pages;
  /** Adds routes that the product does not have: for benchmarks. */
  extend?(app: Express): void;
  close(): Promise<void>;
}

/**
 * Serves until it is told to stop: in this process, or in WEB_PROCESSES of them that share the port.
 * They share nothing else, so that any number may run on any number of machines.
 */
export async function serveWeb(env: Env, open: () => Promise<Opened>): Promise<void> {
  if (env.WEB_PROCESSES > 1 && cluster.isPrimary) serveFromMany(env);
  else await serveHere(env, await open());
}

function serveFromMany({ HOST, WEB_PROCESSES }: Env): void {
  let stopping = false;
  let listening = 0;
  cluster.on("listening", (_worker, { port }) => {
    listening += 1;
    if (listening === WEB_PROCESSES) ready(HOST, port);
  });
  tellMetricsOfAll();
  const begin = (n: number) => {
    const worker = cluster.fork({ WEB_PROCESS: String(n) });
    worker.once("exit", () => {
      if (!stopping) setTimeout(() => !stopping && begin(n), PAUSE_MS);
    });
  };
  for (let n = 1; n <= WEB_PROCESSES; n += 1) begin(n);
  whenTold(() => {
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.kill("SIGTERM");
  });
}

async function serveHere(
  env: Env,
  { services, gate, pages, extend, close }: Opened,
): Promise<void> {
  const { TRUSTED_PROXIES: proxies, WEB_PROCESS: number } = env;
  const many = number === undefined ? {} : { many: { process: number, metricsOfAll } };
  const web = createWeb(services, gate, pages, { proxies, ...many });
  extend?.(web);
  const server = web.listen(env.PORT, env.HOST);
  server.once("listening", () => {
    const { port } = server.address() as AddressInfo;
    if (cluster.isPrimary) ready(env.HOST, port);
  });
  whenTold(() => {
    server.close(() => void close().then(() => process.exit(0)));
    server.closeIdleConnections();
    // Live pages would stay for ever; everyone else gets the time to hear an answer.
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  });
}

function ready(host: string, port: number): void {
  process.stdout.write(`app listening on http://${host}:${port}\n`);
}

/** Runs once, at the first signal to stop. */
function whenTold(stop: () => void): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop();
    });
  }
}
