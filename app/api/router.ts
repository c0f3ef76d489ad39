import express, { type RequestHandler, Router } from "express";
import type { Services } from "../services.ts";
import { authorize } from "./authorize.ts";
import { apiErrors } from "./errors.ts";
import { holdRoutes } from "./holds.ts";
import type { Metrics } from "./metrics.ts";
import { movementRoutes } from "./movements.ts";
import { Problem } from "./problem.ts";
import { createSkuIndex } from "./sku-index.ts";
import { stockRoutes } from "./stock.ts";

/** A basket of a hundred lines is a tenth of this. */
const BODY_LIMIT = "256kb";

/** The HTTP API, version 1: docs in design order, each group of routes in its own file. */
export function apiRouter(services: Services, metrics: Metrics): Router {
  const router = Router();
  const index = createSkuIndex(services);
  router.use(authorize(services), onlyJson, express.json({ limit: BODY_LIMIT }));
  holdRoutes(router, services, index, metrics);
  movementRoutes(router, services, index);
  stockRoutes(router, services);
  router.use((request, _response, next) => {
    next(new Problem("unknown-route", `${request.method} ${request.originalUrl} does not exist.`));
  });
  router.use(apiErrors(services));
  return router;
}

/** A body of another type would be ignored, and a request without its body misunderstood. */
const onlyJson: RequestHandler = (request, _response, next) => {
  const hasBody = request.get("Transfer-Encoding") !== undefined || bodyLength(request) > 0;
  if (!hasBody || request.is("json")) return next();
  next(new Problem("not-json", "Send Content-Type: application/json."));
};

function bodyLength(request: { get(name: string): string | undefined }): number {
  return Number(request.get("Content-Length") ?? 0);
}
