import { Router } from "express";
import type { Services } from "../services.ts";
import { API_TURNS, inTurn } from "../turns.ts";
import { authorize } from "./authorize.ts";
import { docsPage } from "./docs/docs-page.ts";
import { apiErrors } from "./errors.ts";
import { holdReads } from "./hold-reads.ts";
import { holdRoutes } from "./holds.ts";
import { itemRoutes } from "./items.ts";
import { limitRequests } from "./limit.ts";
import type { Metrics } from "./metrics.ts";
import { movementRoutes } from "./movements.ts";
import { openApi } from "./openapi.ts";
import { Problem, sendProblem } from "./problem.ts";
import { overloaded } from "./refusals.ts";
import type { Route } from "./route.ts";
import { serveRoutes } from "./serve.ts";
import { createSkuIndex } from "./sku-index.ts";
import { snapshotRoutes } from "./snapshots.ts";
import { stockRoutes } from "./stock.ts";
import { webhookRoutes } from "./webhooks.ts";

/** The HTTP API, version 1: every route declared once, for the server and for the document. */
export function apiRouter(services: Services, metrics: Metrics): Router {
  const router = Router();
  const routes = apiRoutes(services, metrics);
  const document = openApi(routes, services.publicUrl);
  const text = JSON.stringify(document);
  router.get("/openapi.json", (_request, response) => {
    response.type("application/openapi+json").set("Access-Control-Allow-Origin", "*").send(text);
  });
  router.get("/docs", (_request, response) => {
    const facts = { server: services.publicUrl, perMinute: services.rateLimits.limit };
    response.type("html").send(docsPage(routes, document, facts));
  });
  const turns = inTurn(API_TURNS, (response) => sendProblem(response, overloaded()));
  router.use(turns, authorize(services), limitRequests(services));
  serveRoutes(router, services, routes);
  router.use((request, _response, next) => {
    next(new Problem("unknown-route", `${request.method} ${request.originalUrl} does not exist.`));
  });
  router.use(apiErrors(services));
  return router;
}

/** All routes, in the order of the document; each group in its own file. */
export function apiRoutes(services: Services, metrics: Metrics): Route[] {
  const index = createSkuIndex(services);
  return [
    ...holdRoutes(services, index, metrics),
    ...holdReads(services),
    ...movementRoutes(services, index),
    ...stockRoutes(services),
    ...itemRoutes(services),
    ...snapshotRoutes(services),
    ...webhookRoutes(services),
  ];
}
