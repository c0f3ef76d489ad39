import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import { stockView } from "../../inventory/stock-view.ts";
import { findItemBySku } from "../../prisma/items.ts";
import { itemMovements, type MovementRow } from "../../prisma/movements.ts";
import { type RecordedAnswer, recordMovement } from "../items/record-movement.ts";
import type { Services } from "../services.ts";
import { tooMany } from "../texts.ts";
import { API_FORMAT } from "./format.ts";
import { type MovementBody, movementBody, movementCommand } from "./movement-body.ts";
import {
  ADJUST_EXAMPLE,
  ALLOCATE_EXAMPLE,
  HISTORY_EXAMPLE,
  RECEIVE_EXAMPLE,
  TRANSFER_EXAMPLE,
} from "./movement-examples.ts";
import { invalid, Problem, type ProblemLine } from "./problem.ts";
import { reusedKey, unavailable } from "./refusals.ts";
import { type Route, route } from "./route.ts";
import { limit, movedSchema, movementSchema, page, pageOf, sku } from "./schemas.ts";
import type { SkuIndex } from "./sku-index.ts";

const pageQuery = z.object({
  sku,
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit,
});
const movementPage = pageOf("MovementPage", movementSchema);
const TAG = "Movements";

/** POST and GET /movements: what moves stock at our own places, and the item's history. */
export function movementRoutes(services: Services, index: SkuIndex): Route[] {
  return [createMovement(services, index), listMovements(services)];
}

function createMovement(services: Services, index: SkuIndex): Route {
  return route({
    ...{ id: "createMovement", method: "post", path: "/movements", tag: TAG },
    scope: "movements:write",
    summary: "Receive, correct, transfer or set aside stock",
    description:
      "Answered when the movement is in the durable record. With expectedVersion it is refused " +
      "when the stock has changed since you read it.",
    body: movementBody,
    answer: {
      status: 201,
      description: "It has moved; this is what there is now.",
      schema: movedSchema,
    },
    problems: ["insufficient-stock", "version-conflict", "idempotency-key-reused", "unavailable"],
    examples: [RECEIVE_EXAMPLE, ADJUST_EXAMPLE, TRANSFER_EXAMPLE, ALLOCATE_EXAMPLE],
    async handle({ caller: { shop, name }, key, body }) {
      const item = await resolve(index, shop, body);
      const context = { shop, item, activity: `movement/${key}`, actor: `api:${name}` };
      const recorded = await recordMovement(services, movementCommand(body, context));
      return movementView(recorded, body.type);
    },
  });
}

function listMovements({ db }: Services): Route {
  return route({
    ...{ id: "listMovements", method: "get", path: "/movements", tag: TAG, scope: "stock:read" },
    summary: "Read an item's history",
    description: "Oldest first. Nothing slips in behind a page that was read: keep `next`.",
    query: pageQuery,
    answer: { status: 200, description: "A page of movements.", schema: movementPage },
    problems: ["unknown-sku"],
    examples: [HISTORY_EXAMPLE],
    async handle({ caller: { shop }, query: { sku, after, limit } }) {
      const item = await findItemBySku(db, shop, sku);
      if (!item) throw new Problem("unknown-sku", `No item has the SKU ${sku}.`, { sku });
      const rows = await itemMovements(db, { shop, item: item.id, after, limit: limit + 1 });
      const found = page(rows.map(movementOf), limit, (row) => String(row.seq));
      // Where to ask again later for what is new, also when there is nothing now.
      const next = found.next ?? (after === 0 ? null : String(after));
      return { ...found, next };
    },
  });
}

function movementOf(row: MovementRow) {
  const occurredAt = row.occurredAt?.toISOString() ?? null;
  return { ...row, at: row.at.toISOString(), occurredAt };
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
      throw new Problem("insufficient-stock", tooMany(type, answer.available, API_FORMAT), {
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
