import type { RequestHandler, Router } from "express";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { type Backlog, readBacklog } from "../../prisma/backlog.ts";
import type { Services } from "../services.ts";
import { handler } from "./http.ts";

/** What the process counts about itself. One registry per app, so that two may share a process. */
export interface Metrics {
  /** How a request for a hold ended: "held", "insufficient", "unavailable" ... */
  holds: Counter<"outcome">;
  /** Measures every request that passes. */
  measure: RequestHandler;
  registry: Registry;
  /** What is counted as text: by this process, or by all that share its port. */
  text(): Promise<string>;
}

/** One of several processes that share a port. */
export interface OneOfMany {
  /** Its number, which the one that takes its place inherits: counters start anew in place. */
  process: number;
  /** What all of them count, given what this one does. */
  metricsOfAll(own: Registry): () => Promise<string>;
}

export function createMetrics(many?: OneOfMany): Metrics {
  const registry = new Registry();
  if (many) registry.setDefaultLabels({ process: String(many.process) });
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "ballast_http_request_seconds",
    help: "Requests by route, method and status, and how long they took.",
    labelNames: ["route", "method", "status"],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const holds = new Counter({
    name: "ballast_holds_total",
    help: "Requests for a hold, by how they ended.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const measure: RequestHandler = (request, response, next) => {
    const started = performance.now();
    response.once("finish", () => {
      // The route's pattern, not its address: an address has as many values as there are SKUs.
      const route = request.route ? `${request.baseUrl}${request.route.path}` : "page";
      const labels = { route, method: request.method, status: response.statusCode };
      requests.observe(labels, (performance.now() - started) / 1_000);
    });
    next();
  };
  const text = many ? many.metricsOfAll(registry) : () => registry.metrics();
  return { registry, holds, measure, text };
}

/**
 * GET /metrics, for Prometheus. Counts and times only: no name of a shop, no SKU, no secret. What
 * processes count is told for each; what the record and the ledger say is told once.
 */
export function metricsRoutes(router: Router, services: Services, metrics: Metrics): void {
  const shared = new Registry();
  const gauges = createGauges(shared);
  router.get(
    "/metrics",
    handler(async (_request, response) => {
      const [backlog, health, own] = await Promise.all([
        readBacklog(services.db).catch(() => null),
        services.ledger.health().catch(() => null),
        metrics.text().catch(() => null),
      ]);
      if (own === null) return void response.status(503).end();
      gauges.up.set({ dependency: "postgres" }, backlog ? 1 : 0);
      gauges.up.set({ dependency: "ledger" }, health?.connected ? 1 : 0);
      for (const { partition, seq, verified } of health?.partitions ?? []) {
        gauges.seq.set({ partition }, seq);
        gauges.verified.set({ partition }, verified ? 1 : 0);
      }
      if (backlog) setBacklog(gauges, backlog);
      response.type(shared.contentType).send(`${own.trimEnd()}\n${await shared.metrics()}`);
    }),
  );
}

type Gauges = ReturnType<typeof createGauges>;

function createGauges(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: `ballast_${name}`, help, labelNames, registers: [registry] });
  return {
    up: gauge("up", "1 while a dependency answers.", ["dependency"]),
    seq: gauge("ledger_seq", "Number of a partition's latest movement.", ["partition"]),
    verified: gauge("ledger_verified", "1 while a partition may promise.", ["partition"]),
    dead: gauge("dead_letters_open", "What a person has to look at.", ["kind"]),
    inbox: gauge("inbox_unapplied", "Messages stored and not yet in the ledger.", []),
    oldest: gauge("inbox_oldest_seconds", "Age of the oldest of them.", []),
    ack: gauge("sale_to_ack_ms", "From a sale to the other channel's acceptance.", [
      "channel",
      "quantile",
    ]),
    shown: gauge("sale_to_shown_ms", "From a sale to the other channel showing it.", [
      "channel",
      "quantile",
    ]),
  };
}

const QUANTILES = ["0.5", "0.95", "0.99"];

function setBacklog(gauges: Gauges, backlog: Backlog): void {
  gauges.inbox.set(backlog.inboxUnapplied);
  gauges.oldest.set(backlog.inboxOldestSeconds);
  gauges.dead.reset();
  for (const { kind, count } of backlog.deadLetters) gauges.dead.set({ kind }, count);
  for (const measure of ["ack", "shown"] as const) {
    gauges[measure].reset();
    for (const latency of backlog.latencies) {
      QUANTILES.forEach((quantile, at) => {
        const value = latency[measure][at];
        const { channel } = latency;
        if (value !== null && value !== undefined)
          gauges[measure].set({ channel, quantile }, value);
      });
    }
  }
}
