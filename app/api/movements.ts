import type { Router } from "express";
import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import { findItemBySku } from "../../prisma/items.ts";
import { itemMovements } from "../../prisma/movements.ts";
import { type RecordedAnswer, recordMovement } from "../record-movement.ts";
import type { Services } from "../services.ts";
import { tooMany } from "../texts.ts";
import { callerOf } from "./authorize.ts";
import { handler, idempotencyKey, parseBody, parseQuery } from "./http.ts";
import { type MovementBody, movementBody, movementCommand, sku } from "./movement-body.ts";
import { invalid, Problem, type ProblemLine } from "./problem.ts";
import { recordAway, reusedKey, unavailable } from "./refusals.ts";
import type { SkuIndex } from "./sku-index.ts";
import { stockView } from "./stock-view.ts";

const PAGE = 100;
const pageQuery = z.object({
  sku,
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(PAGE),
});

/** POST and GET /movements: what moves stock at our own places, and the item's history. */
export function movementRoutes(router: Router, services: Services, index: SkuIndex): void {
  router.post(
    "/movements",
    handler(async (request, response) => {
      const { shop, name } = callerOf(response);
      const key = idempotencyKey(request);
      const body = parseBody(movementBody, request.body);
      if (!services.heartbeat.alive()) throw recordAway();
      const item = await resolve(index, shop, body);
      const context = { shop, item, activity: `movement/${key}`, actor: `api:${name}` };
      const answer = await recordMovement(services, movementCommand(body, context));
      response.status(201).json(movementView(answer, body.type));
    }),
  );
  router.get(
    "/movements",
    handler(async (request, response) => {
      const { shop } = callerOf(response);
      const query = parseQuery(pageQuery, request.query);
      response.json(await page(services, shop, query));
    }),
  );
}

/** The item's id, when both the SKU and the location exist. */
async function resolve(index: SkuIndex, shop: string, body: MovementBody): Promise<string> {
  const [items, locations] = await Promise.all([
    index.items(shop, [body.sku]),
    index.locations(shop),
  ]);
  const errors: ProblemLine[] = [];
  const item = items.get(body.sku);
  if (!item) errors.push({ pointer: "#/sku", detail: `no item has the SKU ${body.sku}` });
  for (const [member, location] of placesOf(body)) {
    if (locations.includes(location)) continue;
    const known = locations.join(", ") || "none";
    errors.push({
      pointer: `#/${member}`,
      detail: `there is no location ${location}; known: ${known}`,
    });
  }
  if (errors.length > 0 || !item) throw invalid(errors);
  return item;
}

/** The locations a body names, by its member. */
function placesOf(body: MovementBody): [member: string, location: string][] {
  switch (body.type) {
    case "receive":
    case "adjust":
      return [["location", body.location]];
    case "transfer":
      return [
        ["location", body.location],
        ["to", body.to],
      ];
    case "allocate":
      return [];
    default:
      return exhaustive(body);
  }
}

function movementView(answer: RecordedAnswer, type: MovementBody["type"]) {
  switch (answer.outcome) {
    case "applied":
      return { seq: answer.seq, oversold: answer.oversold, ...stockView(answer.stock) };
    case "insufficient":
      throw new Problem("insufficient-stock", tooMany(type, answer.available), {
        available: answer.available,
      });
    case "version-conflict":
      throw new Problem("version-conflict", "Read it again, then decide again.", {
        current: stockView(answer.stock),
      });
    case "reused-activity":
      throw reusedKey();
    case "not-recorded": {
      const detail =
        "The movement was taken but is not in the record yet. " +
        "Ask again with the same Idempotency-Key; it will not be taken twice.";
      throw new Problem("unavailable", detail, { why: "not-recorded" });
    }
    case "unavailable":
      throw unavailable(answer);
    case "unknown-hold":
    case "hold-over":
      throw new Error(`the ledger answered ${answer.outcome} to a movement`);
    default:
      return exhaustive(answer);
  }
}

async function page({ db }: Services, shop: string, query: z.infer<typeof pageQuery>) {
  const item = await findItemBySku(db, shop, query.sku);
  if (!item) throw new Problem("unknown-sku", `No item has the SKU ${query.sku}.`);
  const { after, limit } = query;
  const rows = await itemMovements(db, { shop, item: item.id, after, limit: limit + 1 });
  const movements = rows.slice(0, limit);
  return {
    sku: query.sku,
    movements,
    /** Where the next page starts, and where to ask again later for what is new. */
    next: movements.at(-1)?.seq ?? after,
    more: rows.length > limit,
  };
}
