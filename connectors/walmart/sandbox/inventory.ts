import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { rowFault } from "../../sandbox/faults.ts";
import { uuid } from "../../sandbox/random.ts";
import { SHIP_NODE, WFS_NODE } from "./account.ts";
import { invalid, notFound } from "./errors.ts";
import { guarded } from "./guard.ts";
import { setQuantity } from "./set-quantity.ts";
import { listingsOf, nodesOf } from "./shelf.ts";
import { isNode } from "./ship-nodes.ts";
import type { WalmartMoment } from "./state.ts";

const API = "https://marketplace.walmartapis.com/v3";

const quantitySchema = z.object({ unit: z.literal("EACH"), amount: z.number().int().min(0) });

const setSchema = z.object({ sku: z.string(), quantity: quantitySchema });

/** One SKU, at the seller's default node or node by node, and the pages of all of them. */
export function inventoryHandlers(moment: () => WalmartMoment): RequestHandler[] {
  return [
    http.put(`${API}/inventory`, ({ request }) => {
      const now = moment();
      return guarded(now, "putInventory", request, async () =>
        putDefault(now, new URL(request.url), await request.json().catch(() => null)),
      );
    }),
    http.get(`${API}/inventory`, ({ request }) => {
      const now = moment();
      return guarded(now, "getInventory", request, () => {
        const sku = new URL(request.url).searchParams.get("sku") ?? "";
        const listing = ownListing(now, sku);
        if (!listing) return notFound(`No inventory for sku ${sku}`);
        const [node] = nodesOf(now.state, listing);
        return HttpResponse.json({ sku, quantity: node?.inputQty });
      });
    }),
    http.put(`${API}/inventories/:sku`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "putInventories", request, async () =>
        putNodes(now, skuOf(params.sku), await request.json().catch(() => null)),
      );
    }),
    http.get(`${API}/inventories/:sku`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "getInventories", request, () => {
        const sku = skuOf(params.sku);
        const listing = ownListing(now, sku);
        if (!listing) return notFound(`No inventory for sku ${sku}`);
        return HttpResponse.json({ sku, nodes: nodesOf(now.state, listing) });
      });
    }),
    http.get(`${API}/inventories`, ({ request }) => {
      const now = moment();
      return guarded(now, "listInventories", request, () => list(now, new URL(request.url)));
    }),
    http.get(`${API}/wfs/inventory`, ({ request }) => {
      const now = moment();
      return guarded(now, "wfsInventory", request, () => listKept(now, new URL(request.url)));
    }),
  ];
}

const skuOf = (param: unknown) => decodeURIComponent(String(param));

function ownListing({ state }: WalmartMoment, sku: string) {
  const listing = state.market.listings[sku];
  return listing?.merchantFulfilled ? listing : undefined;
}

function putDefault(moment: WalmartMoment, url: URL, body: unknown): Response {
  const wanted = setSchema.safeParse(body);
  const sku = url.searchParams.get("sku");
  if (!wanted.success || wanted.data.sku !== sku) {
    return invalid("sku", "The sku of the query and of the body must be the same.");
  }
  const listing = moment.state.market.listings[sku];
  if (!listing) return notFound(`No item with sku ${sku}`);
  if (rowFault(moment.state.market.faults, sku) === "refuse") {
    return invalid("quantity", "The inventory of this item cannot be changed at the moment.");
  }
  // A number for what Walmart ships makes the merchant a seller of it, too: a trap to fall in.
  listing.merchantFulfilled = true;
  setQuantity(moment, listing, SHIP_NODE, wanted.data.quantity.amount);
  return HttpResponse.json(wanted.data);
}

const nodesSchema = z.object({
  inventories: z.object({
    nodes: z.array(z.object({ shipNode: z.string(), inputQty: quantitySchema })).min(1),
  }),
});

/** 200 whatever became of it: each node says for itself. */
function putNodes(moment: WalmartMoment, sku: string, body: unknown): Response {
  const wanted = nodesSchema.safeParse(body);
  if (!wanted.success) return invalid("inventories", "The request is invalid.");
  const listing = moment.state.market.listings[sku];
  if (!listing) return notFound(`No item with sku ${sku}`);
  const nodes = wanted.data.inventories.nodes.map(({ shipNode, inputQty }) => {
    const broken = moment.state.brokenNodes.includes(shipNode);
    const refused = rowFault(moment.state.market.faults, sku) === "refuse";
    if (!isNode(moment.state, shipNode) || broken || refused) return nodeError(shipNode, broken);
    setQuantity(moment, listing, shipNode, inputQty.amount);
    return { shipNode, status: "Success", errors: [] };
  });
  return HttpResponse.json({ sku, nodes });
}

function nodeError(shipNode: string, broken: boolean) {
  const error = broken
    ? { code: "SYSTEM_ERROR", description: "An internal error occurred.", category: "SYSTEM" }
    : { code: "INVALID_SHIP_NODE", description: "The ship node is not valid.", category: "DATA" };
  return {
    shipNode,
    status: "Error",
    errors: [{ ...error, field: "shipNode", severity: "ERROR" }],
  };
}

/** The cursor changes with every page and is good once: a page cannot be asked for again. */
function list(moment: WalmartMoment, url: URL): Response {
  const { state } = moment;
  const limit = Number(url.searchParams.get("limit") ?? 10);
  if (!(limit >= 1 && limit <= 50)) return invalid("limit", "The limit must be at most 50.");
  const cursor = url.searchParams.get("nextCursor");
  if (cursor !== null && cursor !== state.levelsCursor) return notFound("The cursor is not valid.");
  const from = cursor === null ? 0 : Number(cursor.split("@")[1]);
  const all = listingsOf(state, true);
  if (all.length === 0) return notFound("No inventory.");
  const more = from + limit < all.length;
  state.levelsCursor = more ? `${uuid(state.market)}@${from + limit}` : null;
  const inventories = all
    .slice(from, from + limit)
    .map((listing) => ({ sku: listing.sku, nodes: nodesOf(state, listing) }));
  const meta = {
    totalCount: all.length,
    ...(more ? { nextCursor: state.levelsCursor } : {}),
  };
  return HttpResponse.json({ meta, elements: { inventories } });
}

/** What Walmart keeps. The new call's answer is not published; this is the old one's. */
function listKept({ state }: WalmartMoment, url: URL): Response {
  const limit = Number(url.searchParams.get("limit") ?? 10);
  const offset = Number(url.searchParams.get("offset") ?? 0);
  if (!(limit >= 1 && limit <= 300)) return invalid("limit", "The limit must be at most 300.");
  const all = listingsOf(state, false);
  const inventory = all.slice(offset, offset + limit).map(({ sku, displayed }) => ({
    sku,
    shipNodes: [
      { shipNodeType: "WFSFulfilled", shipNode: WFS_NODE, availToSellQty: Math.max(0, displayed) },
    ],
  }));
  return HttpResponse.json({
    headers: { totalCount: all.length, limit, offset },
    payload: { inventory },
  });
}
