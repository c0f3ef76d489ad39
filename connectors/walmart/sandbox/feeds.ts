import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { rowFault } from "../../sandbox/faults.ts";
import { between, uuid } from "../../sandbox/random.ts";
import { SHIP_NODE } from "./account.ts";
import { apiError, invalid, notFound } from "./errors.ts";
import { guarded } from "./guard.ts";
import { setQuantity } from "./set-quantity.ts";
import { isNode } from "./ship-nodes.ts";
import type { Feed, WalmartMoment } from "./state.ts";

const FEEDS = "https://marketplace.walmartapis.com/v3/feeds";

/**
 * A file takes so much longer than a single number: half an hour at most where a number takes five
 * minutes, as Walmart says of its files ("30 minutes to process").
 */
const SLOWER = 6;

const BYTES_MAX = 5_000_000;
const ROWS_MAX = 10_000;

/** Files of quantities: taken at once, worked off later, answered row by row. */
export function feedHandlers(moment: () => WalmartMoment): RequestHandler[] {
  return [
    http.post(FEEDS, ({ request }) => {
      const now = moment();
      return guarded(now, "inventoryFeed", request, () => submit(now, request));
    }),
    http.get(`${FEEDS}/:feedId`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "feeds", request, () =>
        status(now, decodeURIComponent(String(params.feedId)), new URL(request.url)),
      );
    }),
  ];
}

const quantitySchema = z.object({ unit: z.literal("EACH"), amount: z.number().int() });

const fileSchema = z.object({
  InventoryHeader: z.object({ version: z.literal("1.4") }),
  Inventory: z.array(z.object({ sku: z.string(), quantity: quantitySchema })),
});

/** The other kind of file, whose names are written small: each SKU with its nodes. */
const nodesFileSchema = z.object({
  inventoryHeader: z.object({ version: z.literal("1.5") }),
  inventory: z.array(
    z.object({
      sku: z.string(),
      shipNodes: z.array(z.object({ shipNode: z.string(), quantity: quantitySchema })).min(1),
    }),
  ),
});

interface Row {
  sku: string;
  amounts: { node: string; amount: number }[];
}

/** The rows of a file of its kind; null = it is not of that kind. */
function rowsOf(feedType: string, content: unknown, node: string): Row[] | null {
  if (feedType === "MP_INVENTORY") {
    const read = nodesFileSchema.safeParse(content);
    if (!read.success) return null;
    return read.data.inventory.map(({ sku, shipNodes }) => {
      const amounts = shipNodes.map((one) => ({ node: one.shipNode, ...one.quantity }));
      return { sku, amounts };
    });
  }
  const read = fileSchema.safeParse(content);
  if (!read.success) return null;
  return read.data.Inventory.map(({ sku, quantity }) => {
    return { sku, amounts: [{ node, amount: quantity.amount }] };
  });
}

async function submit(moment: WalmartMoment, request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const feedType = query.get("feedType") ?? "";
  if (!["inventory", "MP_INVENTORY"].includes(feedType)) {
    return invalid("feedType", "The feed is unknown.");
  }
  const form = await request.formData().catch(() => null);
  const file = form?.get("file");
  if (!(file instanceof Blob)) return invalid("file", "The file is missing.");
  if (file.size > BYTES_MAX) {
    return apiError(413, { code: "REQUEST_TOO_LARGE", description: "The file is too large." });
  }
  const node = query.get("shipNode") ?? SHIP_NODE;
  const rows = rowsOf(feedType, parsed(await file.text()), node);
  if (rows === null || rows.length > ROWS_MAX) return invalid("file", "The file is invalid.");
  const { state, lag, now } = moment;
  const tookMs = SLOWER * between(state.market, lag.minMs, lag.maxMs);
  const feedId = `${uuid(state.market).replaceAll("-", "").toUpperCase()}@AU8BAQA`;
  state.feeds[feedId] = {
    submittedAt: now,
    doneAt: now + tookMs,
    rows: rows.map((row) => ingest(moment, row, tookMs)),
  };
  return HttpResponse.json({ feedId });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function ingest(
  moment: WalmartMoment,
  { sku, amounts }: Row,
  tookMs: number,
): Feed["rows"][number] {
  const { state } = moment;
  const listing = state.market.listings[sku];
  if (!listing) return { sku, status: "DATA_ERROR", error: "No item with this sku." };
  if (amounts.some(({ amount }) => amount < 0)) {
    return { sku, status: "DATA_ERROR", error: "The amount is negative." };
  }
  if (rowFault(state.market.faults, sku) === "refuse") {
    return { sku, status: "DATA_ERROR", error: "The inventory of this item cannot be changed." };
  }
  if (!amounts.every(({ node }) => isNode(state, node))) {
    return { sku, status: "DATA_ERROR", error: "The ship node is not valid." };
  }
  if (amounts.some(({ node }) => state.brokenNodes.includes(node))) {
    return { sku, status: "SYSTEM_ERROR", error: "An internal error occurred." };
  }
  const lag = { minMs: tookMs, maxMs: tookMs };
  for (const { node, amount } of amounts) setQuantity(moment, listing, node, amount, lag);
  return { sku, status: "SUCCESS", error: null };
}

function status({ state, now }: WalmartMoment, feedId: string, url: URL): Response {
  const feed = state.feeds[feedId];
  if (!feed) return notFound("No such feed.");
  const offset = Number(url.searchParams.get("offset") ?? 0);
  const limit = Number(url.searchParams.get("limit") ?? 50);
  if (!(limit >= 1 && limit <= 50)) return invalid("limit", "The limit must be at most 50.");
  const done = feed.doneAt <= now;
  const failed = done ? feed.rows.filter((row) => row.status !== "SUCCESS").length : 0;
  return HttpResponse.json({
    feedId,
    feedStatus: done ? "PROCESSED" : now === feed.submittedAt ? "RECEIVED" : "INPROGRESS",
    itemsReceived: feed.rows.length,
    itemsSucceeded: done ? feed.rows.length - failed : 0,
    itemsFailed: failed,
    itemsProcessing: done ? 0 : feed.rows.length,
    offset,
    limit,
    itemDetails: {
      itemIngestionStatus: feed.rows
        .slice(offset, offset + limit)
        .map((row, n) => rowJson(row, offset + n, done)),
    },
  });
}

function rowJson(
  { sku, status: outcome, error }: Feed["rows"][number],
  index: number,
  done: boolean,
) {
  const ingestionError = [
    { type: outcome, code: "ERR_INT_01", field: "sku", description: error ?? "" },
  ];
  return {
    martId: 0,
    sku,
    index,
    ingestionStatus: done ? outcome : "INPROGRESS",
    ingestionErrors: { ingestionError: done && error !== null ? ingestionError : null },
  };
}
