import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { cancelOrder } from "../../sandbox/shop-floor.ts";
import { SHIP_NODE, WALMART_HOUSE } from "./account.ts";
import { wrappedError } from "./errors.ts";
import { guarded } from "./guard.ts";
import { orderJson, shipNodeType } from "./order-json.ts";
import { setQuantity } from "./set-quantity.ts";
import type { WalmartMoment } from "./state.ts";

const ORDERS = "https://marketplace.walmartapis.com/v3/orders";

/** Purchase orders: searched, looked at, and cancelled by the merchant. */
export function orderHandlers(moment: () => WalmartMoment): RequestHandler[] {
  return [
    http.get(ORDERS, ({ request }) => {
      const now = moment();
      return guarded(now, "orders", request, () => search(now, new URL(request.url)));
    }),
    http.get(`${ORDERS}/:id`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "orders", request, () => {
        const order = now.state.market.orders[String(params.id)];
        return order ? HttpResponse.json({ order: orderJson(now.state, order) }) : noOrders();
      });
    }),
    http.post(`${ORDERS}/:id/cancel`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "cancel", request, async () =>
        cancel(now, String(params.id), await request.json().catch(() => null)),
      );
    }),
  ];
}

const noOrders = () =>
  wrappedError(404, {
    code: "CONTENT_NOT_FOUND.GMP_ORDER_API",
    description: "No orders found for the given parameters.",
  });

const DAY_MS = 24 * 60 * 60_000;

/** Orders of the last seven days unless told otherwise, and none that is older than half a year. */
function search({ state, now }: WalmartMoment, url: URL): Response {
  const query = url.searchParams;
  const created = Date.parse(
    query.get("createdStartDate") ?? new Date(now - 7 * DAY_MS).toISOString(),
  );
  const from = Date.parse(query.get("lastModifiedStartDate") ?? "");
  const to = Date.parse(query.get("lastModifiedEndDate") ?? "");
  const limit = Number(query.get("limit") ?? 100);
  const oldest = now - 180 * DAY_MS;
  if (!(from >= oldest && created >= oldest) || Number.isNaN(to) || !(limit >= 1 && limit <= 200)) {
    const code = "INVALID_REQUEST_CONTENT.GMP_ORDER_API";
    return wrappedError(400, { code, field: "lastModifiedStartDate", description: "Invalid." });
  }
  const kind = query.get("shipNodeType") ?? "SellerFulfilled";
  const found = Object.values(state.market.orders)
    .filter((order) => order.createdAt >= created)
    .filter((order) => order.updatedAt >= from && order.updatedAt <= to)
    .filter((order) => shipNodeType(state, order) === kind)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  if (found.length === 0) return noOrders();
  const index = Number(query.get("soIndex") ?? 0);
  const more = index + limit < found.length;
  return HttpResponse.json({
    list: {
      meta: {
        totalCount: found.length,
        limit,
        ...(more ? { nextCursor: cursorAfter(query, index + limit) } : {}),
      },
      elements: {
        order: found.slice(index, index + limit).map((order) => orderJson(state, order)),
      },
    },
  });
}

/** The whole query once more, with the place in it. */
function cursorAfter(query: URLSearchParams, index: number): string {
  const next = new URLSearchParams(query);
  next.set("hasMoreElements", "true");
  next.set("soIndex", String(index));
  next.set("poIndex", String(index));
  return `?${next}`;
}

const cancelSchema = z.object({
  orderCancellation: z.object({
    orderLines: z.object({
      orderLine: z.array(
        z.object({
          lineNumber: z.string(),
          orderLineStatuses: z.object({
            orderLineStatus: z.array(z.object({ cancellationReason: z.string() })),
          }),
        }),
      ),
    }),
  }),
});

/**
 * The merchant cancels: nobody is told. Whoever says that he is out of stock is taken at his word,
 * and the number at his node is 0 from then on.
 */
function cancel(moment: WalmartMoment, id: string, body: unknown): Response {
  const { state, now } = moment;
  const order = state.market.orders[id];
  const wanted = cancelSchema.safeParse(body);
  if (!order) return noOrders();
  if (!wanted.success) {
    const code = "INVALID_REQUEST_CONTENT.GMP_ORDER_API";
    return wrappedError(400, { code, field: "orderLines", description: "Invalid." });
  }
  const told = wanted.data.orderCancellation.orderLines.orderLine;
  const named = new Set(told.map((line) => line.lineNumber));
  const lines = orderJson(state, order).orderLines.orderLine.filter((line) =>
    named.has(line.lineNumber),
  );
  const skus = lines.map(({ item, orderLineQuantity }) => ({
    sku: item.sku,
    quantity: Number(orderLineQuantity.amount),
  }));
  cancelOrder(state.market, WALMART_HOUSE, id, skus, now);
  const reasons = told.flatMap((line) => line.orderLineStatuses.orderLineStatus);
  if (reasons.some((one) => one.cancellationReason === "SELLER_CANCEL_OUT_OF_STOCK")) {
    for (const { sku } of skus) {
      const listing = state.market.listings[sku];
      if (listing) setQuantity(moment, listing, SHIP_NODE, 0);
    }
  }
  return HttpResponse.json({ order: orderJson(state, order) });
}
