import { HttpResponse, http, type RequestHandler } from "msw";
import type { MarketLine, MarketOrder } from "../../sandbox/market.ts";
import { EBAY_SANDBOX } from "./account.ts";
import { apiError } from "./errors.ts";
import { guarded } from "./guard.ts";
import { aspectsOf, hasVariations, itemIdOf, skuOf, variationIdOf } from "./shelf.ts";
import type { EbayMoment, EbayState } from "./state.ts";

const BASE = "https://api.ebay.com/sell/fulfillment/v1/order";
const DOMAIN = "API_FULFILLMENT";

/** The Fulfillment API: orders in pages that an offset counts off, and what was shipped of one. */
export function orderHandlers(moment: () => EbayMoment): RequestHandler[] {
  return [
    http.get(BASE, ({ request }) => {
      const now = moment();
      return guarded(now, "fulfillment", request, () => search(now, new URL(request.url)));
    }),
    http.get(`${BASE}/:id/shipping_fulfillment`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "fulfillment", request, () => {
        const order = now.state.market.orders[decodeURIComponent(String(params.id))];
        if (!order) return apiError(400, 32100, DOMAIN, "Invalid order ID.");
        const fulfillments = fulfillmentsOf(order);
        return HttpResponse.json({ fulfillments, total: fulfillments.length, warnings: [] });
      });
    }),
  ];
}

const WINDOW = /^lastmodifieddate:\[([^\]]+?)\.\.([^\]]*)\]$/;
const NINETY_DAYS_MS = 90 * 24 * 60 * 60_000;

function search({ state, now }: EbayMoment, { searchParams: query }: URL): Response {
  const orders = Object.values(state.market.orders);
  const ids = query.get("orderIds")?.split(",");
  if (ids) {
    if (ids.length > 50) return apiError(400, 30900, DOMAIN, "Exceeded maximum number of orders.");
    const named = orders.filter((order) => ids.includes(order.id));
    return HttpResponse.json(page(state, named, named.length, 50, 0));
  }
  const limit = Number(query.get("limit") ?? 50);
  const offset = Number(query.get("offset") ?? 0);
  if (!(limit >= 1 && limit <= 200)) return apiError(400, 31100, DOMAIN, "Invalid limit.");
  if (!(offset >= 0)) return apiError(400, 31000, DOMAIN, "Invalid offset.");
  const [, from = "", to = ""] = WINDOW.exec(query.get("filter") ?? "") ?? [];
  if (query.has("filter") && from === "") return apiError(400, 30800, DOMAIN, "Invalid filter.");
  const since = from === "" ? now - NINETY_DAYS_MS : Date.parse(from);
  const until = to === "" ? now : Date.parse(to);
  if (Number.isNaN(since + until)) return apiError(400, 30810, DOMAIN, "Invalid date format");
  if (until > now) return apiError(400, 30850, DOMAIN, "End date can't be in the future");
  const found = orders
    .filter(({ updatedAt }) => updatedAt >= since && updatedAt <= until)
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  const some = found.slice(offset, offset + limit);
  return HttpResponse.json(page(state, some, found.length, limit, offset));
}

function page(
  state: EbayState,
  orders: readonly MarketOrder[],
  total: number,
  limit: number,
  offset: number,
) {
  return {
    href: `${BASE}?limit=${limit}&offset=${offset}`,
    total,
    limit,
    offset,
    orders: orders.map((order) => orderOf(state, order)),
  };
}

/** Invented, as the example domain says. Only here so that a test can see it dropped. */
const BUYER = {
  username: "ada.buyer",
  buyerRegistrationAddress: {
    fullName: "Ada Buyer",
    email: "ada.buyer@example.com",
    primaryPhone: { phoneNumber: "202-555-0143" },
    contactAddress: { addressLine1: "12 Sample Street", postalCode: "20001", countryCode: "US" },
  },
};

const STATUS = { none: "NOT_STARTED", some: "IN_PROGRESS", all: "FULFILLED" } as const;

function orderOf(state: EbayState, order: MarketOrder) {
  const cancelled = order.cancelledAt !== null;
  const cancelStatus = cancelled
    ? { cancelState: "CANCELED", cancelledDate: iso(order.cancelledAt ?? 0), cancelRequests: [] }
    : { cancelState: "NONE_REQUESTED", cancelRequests: [] };
  const parts = order.lines.map(shippedPart);
  const whole = parts.every((part) => part === "all")
    ? "all"
    : parts.every((part) => part === "none")
      ? "none"
      : "some";
  return {
    orderId: order.id,
    creationDate: iso(order.createdAt),
    lastModifiedDate: iso(order.updatedAt),
    orderFulfillmentStatus: STATUS[whole],
    orderPaymentStatus: cancelled ? "FULLY_REFUNDED" : "PAID",
    sellerId: EBAY_SANDBOX.settings.username,
    buyer: BUYER,
    cancelStatus,
    fulfillmentHrefs: [],
    lineItems: order.lines.map((line) => lineOf(state, line)),
  };
}

const iso = (at: number) => new Date(at).toISOString();

function shippedPart(line: MarketLine): keyof typeof STATUS {
  if (line.shipped === 0) return "none";
  return line.shipped + line.cancelled >= line.quantity ? "all" : "some";
}

/** A line of a listing without a SKU has none either. */
function lineOf(state: EbayState, line: MarketLine) {
  const listing = state.market.listings[line.sku];
  const total = { value: (line.quantity * 20).toFixed(2), currency: "USD" };
  const varied = listing !== undefined && hasVariations(state.market, listing);
  return {
    lineItemId: line.id,
    legacyItemId: listing ? itemIdOf(listing) : "0",
    ...(varied ? { legacyVariationId: variationIdOf(listing) } : {}),
    ...(varied ? { variationAspects: aspectsOf(listing) } : {}),
    ...(listing && skuOf(listing) !== "" ? { sku: skuOf(listing) } : {}),
    title: listing?.title ?? line.sku,
    quantity: line.quantity,
    soldFormat: "FIXED_PRICE",
    listingMarketplaceId: "EBAY_US",
    purchaseMarketplaceId: "EBAY_US",
    lineItemFulfillmentStatus: STATUS[shippedPart(line)],
    lineItemCost: total,
    total,
    refunds: [],
  };
}

function fulfillmentsOf(order: MarketOrder) {
  const lines = order.lines.filter((line) => line.shipped > 0);
  if (lines.length === 0) return [];
  const lineItems = lines.map((line) => ({ lineItemId: line.id, quantity: line.shipped }));
  const shippedDate = iso(order.updatedAt);
  return [{ fulfillmentId: `9${order.id.replaceAll("-", "")}`, lineItems, shippedDate }];
}
