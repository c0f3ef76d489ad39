import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { between, uuid } from "../../sandbox/random.ts";
import { SHIP_NODE } from "./account.ts";
import { apiError, invalid, notFound } from "./errors.ts";
import { guarded } from "./guard.ts";
import { setQuantity } from "./set-quantity.ts";
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

const fileSchema = z.object({
  InventoryHeader: z.object({ version: z.literal("1.4") }),
  Inventory: z.array(
    z.object({
      sku: z.string(),
      quantity: z.object({ unit: z.literal("EACH"), amount: z.number().int() }),
    }),
  ),
});

async function submit(moment: WalmartMoment, request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  if (query.get("feedType") !== "inventory") return invalid("feedType", "The feed is unknown.");
  const form = await request.formData().catch(() => null);
  const file = form?.get("file");
  if (!(file instanceof Blob)) return invalid("file", "The file is missing.");
  if (file.size > BYTES_MAX) {
    return apiError(413, { code: "REQUEST_TOO_LARGE", description: "The file is too large." });
  }
  const content = fileSchema.safeParse(parsed(await file.text()));
  const rows = content.success ? content.data.Inventory : [];
  if (!content.success || rows.length > ROWS_MAX) return invalid("file", "The file is invalid.");
  const { state, lag, now } = moment;
  const tookMs = SLOWER * between(state.market, lag.minMs, lag.maxMs);
  const node = query.get("shipNode") ?? SHIP_NODE;
  const feedId = `${uuid(state.market).replaceAll("-", "").toUpperCase()}@AU8BAQA`;
  state.feeds[feedId] = {
    submittedAt: now,
    doneAt: now + tookMs,
    rows: rows.map((row) => ingest(moment, row, node, tookMs)),
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
  { sku, quantity }: z.infer<typeof fileSchema>["Inventory"][number],
  node: string,
  tookMs: number,
): Feed["rows"][number] {
  const listing = moment.state.market.listings[sku];
  if (!listing) return { sku, status: "DATA_ERROR", error: "No item with this sku." };
  if (quantity.amount < 0) return { sku, status: "DATA_ERROR", error: "The amount is negative." };
  if (node !== SHIP_NODE)
    return { sku, status: "DATA_ERROR", error: "The ship node is not valid." };
  if (moment.state.brokenNodes.includes(node)) {
    return { sku, status: "SYSTEM_ERROR", error: "An internal error occurred." };
  }
  setQuantity(moment, listing, quantity.amount, { minMs: tookMs, maxMs: tookMs });
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
