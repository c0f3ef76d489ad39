import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import type { HoldState } from "../../inventory/hold.ts";
import type { BasketRequest } from "../../ledger/basket-contract.ts";
import type { BasketHeld, BasketOrder } from "../../ledger/baskets.ts";
import { findConnection } from "../../prisma/connections.ts";
import type { Services } from "../services.ts";
import {
  COMMIT_EXAMPLE,
  commitBody,
  committedSchema,
  EXTEND_EXAMPLE,
  extendBody,
  extendedSchema,
  HOLD_EXAMPLE,
  holdBody,
  SHORT_EXAMPLE,
} from "./hold-bodies.ts";
import { pointer } from "./http.ts";
import type { Metrics } from "./metrics.ts";
import { invalid, Problem } from "./problem.ts";
import { recordAway, reusedKey, unavailable, whileAlive } from "./refusals.ts";
import { type Route, route } from "./route.ts";
import { heldSchema } from "./schemas.ts";
import { unshippable } from "./shippable.ts";
import type { SkuIndex } from "./sku-index.ts";

/** Orders that no marketplace will report: the storefront's own. */
const OWN_ORDERS = "api";

interface Line {
  sku: string;
  item: string;
  quantity: number;
}

const holdId = z.object({ id: z.string().min(1).max(100).describe("The hold's id.") });
const LINKS = {
  extendHold: { id: "id" },
  commitHold: { id: "id" },
  releaseHold: { id: "id" },
  getHold: { id: "id" },
};
const TAG = "Holds";

/** Claims on stock that a storefront takes, keeps, turns into an order or gives back. Row C1. */
export function holdRoutes(services: Services, index: SkuIndex, metrics: Metrics): Route[] {
  return [
    createHold(services, index, metrics),
    extendHold(services),
    commitHold(services, index),
    releaseHold(services),
  ];
}

function createHold(services: Services, index: SkuIndex, metrics: Metrics): Route {
  const { baskets, heartbeat } = services;
  return route({
    ...{ id: "createHold", method: "post", path: "/holds", tag: TAG, scope: "holds:write" },
    summary: "Hold units for a cart",
    description:
      "All lines are held or none. Of any number of simultaneous requests for the last unit one " +
      "wins. A hold ends by itself when its time is over. One that names a channel takes only what " +
      "the locations that serve it can ship.",
    record: "looks-itself",
    body: holdBody,
    answer: { status: 201, description: "The units are held.", schema: heldSchema, links: LINKS },
    problems: ["insufficient-stock", "idempotency-key-reused", "hold-over", "unavailable"],
    examples: [HOLD_EXAMPLE, SHORT_EXAMPLE],
    async handle({ caller: { shop, name }, key, body: { lines: asked, channel, ttlSeconds } }) {
      if (!heartbeat.alive()) {
        metrics.holds.inc({ outcome: "unavailable" });
        throw recordAway();
      }
      const skus = asked.map(({ sku }) => sku);
      const items =
        index.remembered(shop, skus) ?? (await whileAlive(heartbeat, index.items(shop, skus)));
      const lines = linesOf(items, asked);
      const ttlMs = ttlSeconds * 1_000;
      const check = channel === undefined ? {} : await servedBy(services, index, shop, channel);
      const actor = `api:${name}`;
      const held = await baskets.hold({ shop, lines, channel, ttlMs, key, actor, ...check });
      metrics.holds.inc({ outcome: held.outcome });
      return heldView(held, lines);
    },
  });
}

/** What looks at a hold for a channel, where not every location ships for every channel. */
async function servedBy(
  services: Services,
  index: SkuIndex,
  shop: string,
  channel: string,
): Promise<Pick<BasketRequest, "check">> {
  const places = await whileAlive(services.heartbeat, index.places(shop));
  if (places === null) return {};
  return { check: (lines) => unshippable(services, { shop, channel, places }, lines) };
}

function extendHold({ baskets }: Services): Route {
  return route({
    ...{ id: "extendHold", method: "patch", path: "/holds/{id}", tag: TAG, scope: "holds:write" },
    summary: "Extend a hold",
    params: holdId,
    body: extendBody,
    answer: { status: 200, description: "It lives so long from now on.", schema: extendedSchema },
    problems: ["unknown-hold", "hold-over", "unavailable"],
    examples: [EXTEND_EXAMPLE],
    async handle({ caller: { shop }, params: { id }, body: { ttlSeconds } }) {
      const extended = await baskets.extend(shop, id, ttlSeconds * 1_000);
      if (extended.outcome !== "extended") throw notLive(extended);
      return { id, expiresAt: new Date(extended.expiresAt).toISOString() };
    },
  });
}

function releaseHold({ baskets }: Services): Route {
  return route({
    ...{ id: "releaseHold", method: "delete", path: "/holds/{id}", tag: TAG },
    scope: "holds:write",
    summary: "Give a hold back",
    description: "Twice is the same as once.",
    record: "not-needed",
    params: holdId,
    answer: { status: 204, description: "Its units are available again.", schema: z.undefined() },
    problems: ["unknown-hold", "hold-over", "unavailable"],
    examples: [{ summary: "Give it back" }],
    async handle({ caller: { shop }, params: { id } }) {
      const released = await baskets.release(shop, id);
      if (released.outcome !== "released") throw notLive(released);
      return undefined;
    },
  });
}

function commitHold(services: Services, index: SkuIndex): Route {
  return route({
    ...{ id: "commitHold", method: "post", path: "/holds/{id}/commit", tag: TAG },
    scope: "holds:write",
    summary: "Turn a hold into an order",
    description: "The order's id is the real key: one order commits a hold once.",
    params: holdId,
    body: commitBody,
    answer: {
      status: 200,
      description: "Its units are committed to the order.",
      schema: committedSchema,
    },
    problems: ["unknown-hold", "hold-over", "unavailable"],
    examples: [COMMIT_EXAMPLE],
    async handle({ caller: { shop }, params: { id }, body: { orderId, connection } }) {
      const order = await orderOf(services, shop, orderId, connection);
      const committed = await services.baskets.commit(shop, id, order);
      if (committed.outcome !== "committed") throw notLive(committed);
      const skus = await index.skus(
        shop,
        committed.lines.map(({ item }) => item),
      );
      const lines = committed.lines.map(({ item, quantity }) => {
        return { sku: skus.get(item) ?? item, quantity };
      });
      return { id, orderId, lines };
    },
  });
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
function linesOf(
  items: ReadonlyMap<string, string>,
  asked: readonly { sku: string; quantity: number }[],
): Line[] {
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
