import type { Router } from "express";
import { exhaustive } from "../../inventory/assert.ts";
import type { HoldState } from "../../inventory/hold.ts";
import type { BasketHeld, BasketOrder } from "../../ledger/baskets.ts";
import { findConnection } from "../../prisma/connections.ts";
import type { Services } from "../services.ts";
import { callerOf } from "./authorize.ts";
import { commitBody, extendBody, holdBody } from "./hold-bodies.ts";
import { handler, idempotencyKey, parseBody, pointer } from "./http.ts";
import type { Metrics } from "./metrics.ts";
import { invalid, Problem } from "./problem.ts";
import { recordAway, reusedKey, unavailable } from "./refusals.ts";
import type { SkuIndex } from "./sku-index.ts";

/** Orders that no marketplace will report: the storefront's own. */
const OWN_ORDERS = "api";

interface Line {
  sku: string;
  item: string;
  quantity: number;
}

/** Claims on stock that a storefront takes, keeps, turns into an order or gives back. Row C1. */
export function holdRoutes(
  router: Router,
  services: Services,
  index: SkuIndex,
  metrics: Metrics,
): void {
  const { baskets, heartbeat } = services;
  router.post(
    "/holds",
    handler(async (request, response) => {
      const { shop, name } = callerOf(response);
      const key = idempotencyKey(request);
      const { lines: asked, channel, ttlSeconds } = parseBody(holdBody, request.body);
      // What a hold becomes could not be recorded: row D5 says refuse.
      if (!heartbeat.alive()) {
        metrics.holds.inc({ outcome: "unavailable" });
        throw recordAway();
      }
      const lines = await resolve(index, shop, asked);
      const ttlMs = ttlSeconds * 1_000;
      const held = await baskets.hold({ shop, lines, channel, ttlMs, key, actor: `api:${name}` });
      metrics.holds.inc({ outcome: held.outcome });
      response.status(201).json(heldView(held, lines));
    }),
  );
  router.patch(
    "/holds/:id",
    handler(async (request, response) => {
      const { shop } = callerOf(response);
      const { ttlSeconds } = parseBody(extendBody, request.body);
      if (!heartbeat.alive()) throw recordAway();
      const id = String(request.params.id);
      const answer = await baskets.extend(shop, id, ttlSeconds * 1_000);
      if (answer.outcome !== "extended") throw notLive(answer);
      response.json({ id, expiresAt: new Date(answer.expiresAt).toISOString() });
    }),
  );
  router.delete(
    "/holds/:id",
    handler(async (request, response) => {
      const { shop } = callerOf(response);
      const answer = await baskets.release(shop, String(request.params.id));
      if (answer.outcome !== "released") throw notLive(answer);
      response.status(204).end();
    }),
  );
  commitRoute(router, services, index);
}

function commitRoute(router: Router, services: Services, index: SkuIndex): void {
  router.post(
    "/holds/:id/commit",
    handler(async (request, response) => {
      const { shop } = callerOf(response);
      idempotencyKey(request); // the order's id is the real one: one order commits a hold once
      const { orderId, connection } = parseBody(commitBody, request.body);
      if (!services.heartbeat.alive()) throw recordAway();
      const order = await orderOf(services, shop, orderId, connection);
      const id = String(request.params.id);
      const answer = await services.baskets.commit(shop, id, order);
      if (answer.outcome !== "committed") throw notLive(answer);
      const skus = await index.skus(
        shop,
        answer.lines.map(({ item }) => item),
      );
      const lines = answer.lines.map(({ item, quantity }) => ({ sku: skus.get(item), quantity }));
      response.json({ id, orderId, lines });
    }),
  );
}

async function orderOf(
  { db }: Services,
  shop: string,
  order: string,
  connection: string | undefined,
): Promise<BasketOrder> {
  if (connection === undefined) return { order, connection: OWN_ORDERS };
  const found = await findConnection(db, shop, connection);
  if (found) return { order, connection: found.id, channel: found.channel };
  throw invalid([{ pointer: "#/connection", detail: `there is no connection ${connection}` }]);
}

/** Every SKU the shop does not have is named, with its line. */
async function resolve(
  index: SkuIndex,
  shop: string,
  asked: readonly { sku: string; quantity: number }[],
): Promise<Line[]> {
  const items = await index.items(
    shop,
    asked.map(({ sku }) => sku),
  );
  const lines = asked.flatMap(({ sku, quantity }) => {
    const item = items.get(sku);
    return item === undefined ? [] : [{ sku, item, quantity }];
  });
  if (lines.length === asked.length) return lines;
  const errors = asked.flatMap(({ sku }, at) =>
    items.has(sku)
      ? []
      : [{ pointer: pointer(["lines", at, "sku"]), detail: `no item has the SKU ${sku}`, sku }],
  );
  throw invalid(errors);
}

function heldView(held: BasketHeld, lines: readonly Line[]) {
  switch (held.outcome) {
    case "held": {
      const { id, expiresAt } = held;
      const asked = lines.map(({ sku, quantity }) => ({ sku, quantity }));
      return { id, expiresAt: new Date(expiresAt).toISOString(), lines: asked };
    }
    case "insufficient": {
      const skus = new Map(lines.map(({ item, sku }) => [item, sku]));
      const short = held.lines.map(({ item, requested, available }) => {
        return { sku: skus.get(item), requested, available };
      });
      throw new Problem("insufficient-stock", "Nothing was held.", { lines: short });
    }
    case "reused-key":
      throw reusedKey();
    case "hold-over":
    case "unavailable":
      throw notLive(held);
    default:
      return exhaustive(held);
  }
}

type NotLive =
  | { outcome: "unknown-hold" }
  | { outcome: "hold-over"; state: Exclude<HoldState, "live"> }
  | Parameters<typeof unavailable>[0];

function notLive(answer: NotLive): Problem {
  switch (answer.outcome) {
    case "unknown-hold":
      return new Problem("unknown-hold", "It was never taken, or was over more than a day ago.");
    case "hold-over":
      return new Problem("hold-over", `It has been ${answer.state}.`, { state: answer.state });
    case "unavailable":
      return unavailable(answer);
    default:
      return exhaustive(answer);
  }
}
