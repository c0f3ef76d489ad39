import { http, type RequestHandler } from "msw";
import { z } from "zod";
import type { MarketOrder } from "../../sandbox/market.ts";
import { skuId } from "./account.ts";
import { invalid, success } from "./answers.ts";
import { guarded } from "./guard.ts";
import { pageOf } from "./page.ts";
import type { TikTokMoment, TikTokState } from "./state.ts";

const ORDERS = "https://open-api.tiktokglobalshop.com/order/202309/orders";
const IDS_MAX = 50;

export function orderHandlers(moment: () => TikTokMoment): RequestHandler[] {
  return [
    http.post(`${ORDERS}/search`, ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "read" }, (url, body) => search(now, url, body));
    }),
    http.get(ORDERS, ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "read" }, (url) => details(now, url));
    }),
  ];
}

export const windowSchema = z.object({
  update_time_ge: z.number().int().optional(),
  update_time_lt: z.number().int().optional(),
});

export const seconds = (ms: number) => Math.floor(ms / 1_000);

/** What was changed in a window, oldest first. */
export function inWindow<T extends { updatedAt: number }>(
  rows: T[],
  { update_time_ge = 0, update_time_lt = Number.MAX_SAFE_INTEGER }: z.infer<typeof windowSchema>,
): T[] {
  return rows
    .filter(({ updatedAt }) => seconds(updatedAt) >= update_time_ge)
    .filter(({ updatedAt }) => seconds(updatedAt) < update_time_lt)
    .sort((a, b) => a.updatedAt - b.updatedAt);
}

function search({ state, now }: TikTokMoment, url: URL, body: unknown): Response {
  const window = windowSchema.safeParse(body);
  if (!window.success) return invalid("Invalid window.");
  const page = pageOf(inWindow(Object.values(state.market.orders), window.data), url);
  if (!page) return invalid("page_size must be between 1 and 100.");
  return success({
    total_count: page.total,
    ...(page.next ? { next_page_token: page.next } : {}),
    orders: page.rows.map((order) => orderJson(state, order, now)),
  });
}

function details({ state, now }: TikTokMoment, url: URL): Response {
  const ids = (url.searchParams.get("ids") ?? "").split(",");
  if (ids.length > IDS_MAX) return invalid("at most 50 ids.");
  const orders = ids.flatMap((id) => state.market.orders[id] ?? []);
  return success({ orders: orders.map((order) => orderJson(state, order, now)) });
}

export type OrderStatus =
  | "UNPAID"
  | "ON_HOLD"
  | "AWAITING_SHIPMENT"
  | "PARTIALLY_SHIPPING"
  | "IN_TRANSIT"
  | "CANCELLED";

/** Buyers may think better of it for an hour. */
const REMORSE_MS = 3_600_000;

/** Every order starts unpaid, and moves on at its first change. */
export function orderStatus(order: MarketOrder, now: number): OrderStatus {
  if (order.cancelledAt !== null) return "CANCELLED";
  if (order.lines.some((line) => line.shipped > 0)) {
    const open = order.lines.some((line) => line.quantity > line.cancelled + line.shipped);
    return open ? "PARTIALLY_SHIPPING" : "IN_TRANSIT";
  }
  if (order.lines.every((line) => line.cancelled === 0)) return "UNPAID";
  return now - order.createdAt < REMORSE_MS ? "ON_HOLD" : "AWAITING_SHIPMENT";
}

/** Invented, like the telephone number's 555. Only here so that a test can see it dropped. */
const PERSONAL_DATA = {
  buyer_email: "ada.buyer@example.com",
  recipient_address: {
    name: "Ada Buyer",
    phone_number: "(+1)202-555-0143",
    postal_code: "20001",
    full_address: "12 Sample Street",
  },
};

function orderJson(state: TikTokState, order: MarketOrder, now: number) {
  const mine = order.lines.every(
    ({ sku }) => state.market.listings[sku]?.merchantFulfilled ?? true,
  );
  const shipped = order.lines.some((line) => line.shipped > 0);
  return {
    id: order.id,
    status: orderStatus(order, now),
    create_time: seconds(order.createdAt),
    update_time: seconds(order.updatedAt),
    ...(shipped ? { collection_time: seconds(order.updatedAt) } : {}),
    fulfillment_type: mine ? "FULFILLMENT_BY_SELLER" : "FULFILLMENT_BY_TIKTOK",
    is_sample_order: false,
    ...PERSONAL_DATA,
    line_items: order.lines.flatMap((line) => unitsOf(state, order, line, now)),
  };
}

/** One element for each unit: the cancelled first, then what is on its way, then what is open. */
function unitsOf(
  state: TikTokState,
  order: MarketOrder,
  line: MarketOrder["lines"][number],
  now: number,
) {
  const listing = state.market.listings[line.sku];
  const status = orderStatus(order, now);
  const open = status === "PARTIALLY_SHIPPING" ? "AWAITING_SHIPMENT" : status;
  return Array.from({ length: line.quantity }, (_, n) => ({
    id: `${line.id}${String(n).padStart(3, "0")}`,
    sku_id: listing ? skuId(listing) : "",
    seller_sku: line.sku,
    product_name: listing?.title ?? line.sku,
    is_gift: false,
    ...(n < line.cancelled ? { cancel_user: "BUYER" } : {}),
    display_status:
      n < line.cancelled ? "CANCELLED" : n < line.cancelled + line.shipped ? "IN_TRANSIT" : open,
  }));
}
