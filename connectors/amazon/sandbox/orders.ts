import { HttpResponse, http, type RequestHandler } from "msw";
import type { MarketOrder } from "../../sandbox/market.ts";
import { API, MARKETPLACE } from "./account.ts";
import { invalid } from "./errors.ts";
import { guarded } from "./guard.ts";
import type { AmazonMoment, AmazonState } from "./state.ts";

const TWO_MINUTES_MS = 120_000;

/** searchOrders of 2026-01-01: nothing of the last two minutes, 100 orders a page. */
export function orderHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.get(`${API}/orders/2026-01-01/orders`, ({ request }) => {
      const now = moment();
      return guarded(now, "searchOrders", request, () => search(now, new URL(request.url)));
    }),
  ];
}

function search(moment: AmazonMoment, url: URL): Response {
  const query = url.searchParams;
  const latest = moment.now - TWO_MINUTES_MS;
  const after = Date.parse(query.get("lastUpdatedAfter") ?? "");
  const before = query.has("lastUpdatedBefore")
    ? Date.parse(query.get("lastUpdatedBefore") ?? "")
    : latest;
  if (Number.isNaN(after)) return invalid("'lastUpdatedAfter' or 'createdAfter' is required.");
  if (!(before >= after && before <= latest)) return invalid("'lastUpdatedBefore' is invalid.");
  const size = Number(query.get("maxResultsPerPage") ?? 100);
  if (!(size >= 1 && size <= 100)) return invalid("'maxResultsPerPage' is invalid.");
  const found = Object.values(moment.state.market.orders)
    .filter((order) => order.updatedAt >= after && order.updatedAt <= before)
    .sort((a, b) => a.updatedAt - b.updatedAt);
  const from = Number(query.get("paginationToken") ?? 0);
  return HttpResponse.json({
    orders: found.slice(from, from + size).map((order) => orderJson(moment.state, order)),
    ...(from + size < found.length ? { pagination: { nextToken: String(from + size) } } : {}),
    lastUpdatedBefore: new Date(before).toISOString(),
  });
}

export function isMerchantFulfilled(state: AmazonState, order: MarketOrder): boolean {
  return order.lines.every((line) => state.market.listings[line.sku]?.merchantFulfilled ?? true);
}

function orderJson(state: AmazonState, order: MarketOrder) {
  return {
    orderId: order.id,
    createdTime: new Date(order.createdAt).toISOString(),
    lastUpdatedTime: new Date(order.updatedAt).toISOString(),
    salesChannel: { channelName: "AMAZON", marketplaceId: MARKETPLACE },
    fulfillment: {
      fulfillmentStatus: orderStatus(order).toUpperCase().replace("CANCELED", "CANCELLED"),
      fulfilledBy: isMerchantFulfilled(state, order) ? "MERCHANT" : "AMAZON",
    },
    orderItems: order.lines.map((line) => ({
      orderItemId: line.id,
      quantityOrdered: line.quantity,
      product: { sellerSku: line.sku },
      ...(line.cancelled > 0
        ? { cancellation: { cancellationExecution: { cancelledBy: "MERCHANT" } } }
        : {}),
      fulfillment: {
        quantityFulfilled: line.shipped,
        quantityUnfulfilled: line.quantity - line.shipped - line.cancelled,
      },
    })),
  };
}

/** In snake case: both spellings of Amazon's statuses are made from it. */
export function orderStatus(
  order: MarketOrder,
): "canceled" | "unshipped" | "partially_shipped" | "shipped" {
  if (order.cancelledAt !== null) return "canceled";
  if (order.lines.every((line) => line.shipped === 0)) return "unshipped";
  const open = order.lines.some((line) => line.shipped + line.cancelled < line.quantity);
  return open ? "partially_shipped" : "shipped";
}
