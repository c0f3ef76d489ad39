import { randomUUID } from "node:crypto";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { sameOrigin } from "./access/same-origin.ts";
import { healthRoutes } from "./api/health.ts";
import { createMetrics, metricsRoutes, type OneOfMany } from "./api/metrics.ts";
import { problemsPage } from "./api/problems-page.ts";
import { apiRouter } from "./api/router.ts";
import { appDoors } from "./doors/app-doors.ts";
import { appWebhooks } from "./doors/app-webhooks.ts";
import { storefrontDoor } from "./doors/storefront.ts";
import { uploadDoor } from "./doors/upload.ts";
import { webhookDoor } from "./doors/webhooks.ts";
import { downloadRoutes } from "./files/downloads.ts";
import type { Gate } from "./gate.ts";
import type { Services } from "./services.ts";
import { smallBody } from "./small-body.ts";

/** What Remix serves: the build, and the folder its client files are in. */
export interface Pages {
  build: ServerBuild;
  folder: string;
}

export interface WebOptions {
  /** So many proxies stand before us and say where a request comes from. */
  proxies?: number;
  /** Set where several processes serve one port. */
  many?: OneOfMany;
}

/**
 * The whole web process as an express app: health, doors and API first, because they are what is
 * asked for a thousand times a second, then the pages.
 */
export function createWeb(
  services: Services,
  gate: Gate,
  pages?: Pages,
  { proxies = 0, many }: WebOptions = {},
): Express {
  const app = express();
  const metrics = createMetrics(many);
  app.disable("x-powered-by");
  app.set("trust proxy", proxies);
  app.set("etag", false); // numbers change between any two answers
  app.use(metrics.measure, securityHeaders);
  healthRoutes(app, services);
  metricsRoutes(app, services, metrics);
  if (gate.appSecrets) appWebhooks(app, services, gate.appSecrets);
  appDoors(app, services);
  webhookDoor(app, services);
  storefrontDoor(app, services, metrics, proxies);
  app.use("/api/v1", apiRouter(services, metrics));
  problemsPage(app);
  if (pages) servePages(app, services, gate, pages);
  app.use(unexpected(services));
  return app;
}

function servePages(app: Express, services: Services, gate: Gate, { build, folder }: Pages): void {
  // An event stream that waits to be compressed is not live.
  const filter: compression.CompressionFilter = (request, response) =>
    response.getHeader("Content-Type") !== "text/event-stream" &&
    compression.filter(request, response);
  app.use(compression({ filter }));
  // Built files carry a hash of their content in their name: they never change.
  const built = { immutable: true, maxAge: "1y", index: false } as const;
  app.use("/assets", express.static(`${folder}/assets`, built));
  app.use(express.static(folder, { maxAge: "1h", index: false }));
  if (!gate.embedded) app.use(sameOrigin(services.publicUrl));
  downloadRoutes(app, services, gate);
  uploadDoor(app, services, gate);
  const getLoadContext = ({ ip = "" }: express.Request) => ({ services, gate, from: ip });
  app.all("*", smallBody, createRequestHandler({ build, getLoadContext }));
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "strict-origin-when-cross-origin");
  next();
};

/** For whatever is not the API: the status says enough, the log says the rest. */
function unexpected({ log }: Services): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const given = error instanceof Error && "status" in error ? Number(error.status) : 500;
    const status = given >= 400 && given < 500 ? given : 500;
    const id = randomUUID();
    if (status === 500) log.error({ error, id }, "a request failed");
    response
      .status(status)
      .type("text/plain")
      .send(status === 500 ? `Failed: ${id}\n` : "");
  };
}
