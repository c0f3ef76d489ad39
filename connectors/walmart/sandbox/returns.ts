import { HttpResponse, http, type RequestHandler } from "msw";
import type { MarketReturn } from "../../sandbox/market.ts";
import { wrappedError } from "./errors.ts";
import { guarded } from "./guard.ts";
import type { WalmartMoment } from "./state.ts";

/** Returns, with their buyer in them. */
export function returnHandlers(moment: () => WalmartMoment): RequestHandler[] {
  return [
    http.get("https://marketplace.walmartapis.com/v3/returns", ({ request }) => {
      const now = moment();
      return guarded(now, "returns", request, () => search(now, new URL(request.url)));
    }),
  ];
}

function search({ state }: WalmartMoment, url: URL): Response {
  const query = url.searchParams;
  const named = query.get("returnOrderId");
  const from = Date.parse(query.get("returnLastModifiedStartDate") ?? "1970-01-01T00:00:00Z");
  const to = Date.parse(query.get("returnLastModifiedEndDate") ?? "9999-12-31T00:00:00Z");
  const limit = Number(query.get("limit") ?? 10);
  const offset = Number(query.get("offset") ?? 0);
  const found = Object.values(state.market.returns)
    .filter((back) => named === null || back.id === named)
    .filter((back) => back.updatedAt >= from && back.updatedAt <= to);
  if (found.length === 0) {
    const code = "CONTENT_NOT_FOUND.GMP_RETURN_API";
    return wrappedError(404, { code, description: "No returns found." });
  }
  const next = new URLSearchParams(query);
  next.set("offset", String(offset + limit));
  const more = offset + limit < found.length;
  const nextCursor = more ? { nextCursor: `?${next}` } : {};
  return HttpResponse.json({
    meta: { totalCount: found.length, limit, ...nextCursor },
    returnOrders: found.slice(offset, offset + limit).map(returnJson),
  });
}

const STATUS = { announced: "INITIATED", arrived: "DELIVERED", closed: "COMPLETED" } as const;

const TAG = {
  announced: "RETURN_INITIATED",
  arrived: "DELIVERED_AT_RETURN_CENTER",
  closed: "RETURN_CANCELLED",
} as const;

function returnJson(back: MarketReturn) {
  return {
    returnOrderId: back.id,
    customerEmailId: "ada.buyer@example.com",
    customerName: { firstName: "Ada", lastName: "Buyer" },
    returnOrderDate: new Date(back.createdAt).toISOString(),
    returnType: "REFUND",
    returnOrderLines: back.lines.map((line, n) => ({
      returnOrderLineNumber: n + 1,
      purchaseOrderId: back.order,
      item: { sku: line.sku },
      quantity: { unitOfMeasure: "EACH", measurementValue: line.quantity },
      status: STATUS[back.stage],
      statusTime: new Date(back.updatedAt).toISOString(),
      returnTrackingDetail: [{ sequenceNo: 1, eventTag: TAG[back.stage] }],
      isWFSEnabled: "N",
    })),
  };
}
