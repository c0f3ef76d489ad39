import { createHmac } from "node:crypto";
import type { OrderNews } from "../../sandbox/definition.ts";
import { recordedAt } from "../../sandbox/elsewhere.ts";
import type { MarketOrder, MarketReturn, Outgoing, ShelfListing } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { itemGid, SHOPIFY_SANDBOX } from "./account.ts";
import { refundsOf } from "./refunds.ts";
import { shipmentsOf } from "./shipments.ts";
import type { ShopifyState } from "./state.ts";
import { locationsOf, placeOf } from "./variants.ts";

export type OrderTopic =
  | "orders/create"
  | "orders/updated"
  | "orders/cancelled"
  | "orders/partially_fulfilled"
  | "orders/fulfilled";

const FULFILLMENT_STATUS = { none: null, some: "partial", all: "fulfilled" } as const;

/**
 * A webhook's body: the whole REST order as Shopify sends it, with the buyer's personal data in
 * it, which the product must not keep.
 */
export function orderBody(state: ShopifyState, order: MarketOrder): string {
  return JSON.stringify({
    id: Number(order.id),
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    name: `#${order.id.slice(-5)}`,
    confirmed: true,
    test: false,
    created_at: new Date(order.createdAt).toISOString(),
    updated_at: new Date(order.updatedAt).toISOString(),
    cancelled_at: order.cancelledAt === null ? null : new Date(order.cancelledAt).toISOString(),
    financial_status: order.cancelledAt === null ? "paid" : "refunded",
    fulfillment_status: FULFILLMENT_STATUS[shippedPart(order)],
    cart_token: order.cart ?? null,
    checkout_token: order.cart ? `checkout-of-${order.id}` : null,
    ...PERSONAL_DATA,
    line_items: order.lines.map((line) => restLine(state, order, line)),
    refunds: restRefunds(order),
    fulfillments: restFulfillments(order),
  });
}

/** Invented, like the telephone number's 555. Only here so that a test can see it dropped. */
export const PERSONAL_DATA = {
  email: "ada.buyer@example.com",
  phone: "+1-202-555-0143",
  customer: { id: 7_001, first_name: "Ada", last_name: "Buyer", email: "ada.buyer@example.com" },
  shipping_address: { name: "Ada Buyer", address1: "12 Sample Street", zip: "20001" },
};

export function shippedPart(order: MarketOrder): "none" | "some" | "all" {
  if (order.lines.every((line) => line.shipped === 0)) return "none";
  const open = order.lines.some((line) => line.shipped + line.cancelled < line.quantity);
  return open ? "some" : "all";
}

function restLine(state: ShopifyState, order: MarketOrder, line: MarketOrder["lines"][number]) {
  const open = line.quantity - line.cancelled - line.shipped;
  return {
    id: Number(line.id),
    variant_id: state.market.listings[line.sku]?.id ?? null,
    sku: line.sku,
    title: state.market.listings[line.sku]?.title ?? line.sku,
    quantity: line.quantity,
    current_quantity: line.quantity - line.cancelled,
    fulfillable_quantity: order.cancelledAt === null ? open : 0,
    requires_shipping: true,
    product_exists: true,
  };
}

/** One refund a line is enough: what counts is the sum. */
function restRefunds(order: MarketOrder) {
  return refundsOf(order).map(({ id, line, quantity, restocked }) => ({
    id: Number(id),
    order_id: Number(order.id),
    restock: restocked,
    refund_line_items: [
      {
        line_item_id: Number(line.id),
        quantity,
        restock_type: restocked ? "cancel" : "no_restock",
      },
    ],
  }));
}

function restFulfillments(order: MarketOrder) {
  return shipmentsOf(order).map(({ id, status, units }) => ({
    id: Number(id),
    order_id: Number(order.id),
    status,
    line_items: units.map(({ line, quantity }) => ({ id: Number(line.id), quantity })),
  }));
}

type Message = Pick<Outgoing, "id" | "topic" | "body">;

/** An inventory_levels/update: the number as it is now, and neither who changed it nor why. */
export function levelMessage(
  state: ShopifyState,
  listing: ShelfListing,
  at: string,
  now: number,
): Message {
  const inventoryItem = Number(itemGid(listing).split("/").at(-1));
  const location = Number(at.split("/").at(-1));
  const level = `gid://shopify/InventoryLevel/${listing.id}`;
  const body = JSON.stringify({
    inventory_item_id: inventoryItem,
    location_id: location,
    available: recordedAt(listing, placeOf(at)),
    updated_at: new Date(now).toISOString(),
    admin_graphql_api_id: `${level}?inventory_item_id=${inventoryItem}`,
  });
  return { id: uuid(state.market), topic: "inventory_levels/update", body };
}

/** What is said of an order: the whole of it, and each number that it changed. */
export function orderMessages(
  state: ShopifyState,
  order: MarketOrder,
  news: OrderNews,
  now: number,
): Message[] {
  const told = {
    id: uuid(state.market),
    topic: topicOf(order, news),
    body: orderBody(state, order),
  };
  return news === "shipped" ? [told] : [told, ...changedLevels(state, order, now)];
}

/** A sale changes its numbers, and so does its undoing: each is told of, too. */
function changedLevels(state: ShopifyState, order: MarketOrder, now: number): Message[] {
  const skus = [...new Set(order.lines.map((line) => line.sku))];
  return skus.flatMap((sku) => {
    const listing = state.market.listings[sku];
    if (!listing?.merchantFulfilled) return [];
    return locationsOf(state.market)
      .filter(({ id, isFulfillmentService }) => {
        return !isFulfillmentService && recordedAt(listing, placeOf(id)) !== null;
      })
      .map(({ id }) => levelMessage(state, listing, id, now));
  });
}

function topicOf(order: MarketOrder, news: OrderNews): OrderTopic {
  switch (news) {
    case "created":
      return "orders/create";
    case "changed":
      return "orders/updated";
    case "cancelled":
      // Only a whole order is "cancelled" at Shopify; a part of it is an edit.
      return order.cancelledAt === null ? "orders/updated" : "orders/cancelled";
    case "shipped":
      return shippedPart(order) === "all" ? "orders/fulfilled" : "orders/partially_fulfilled";
  }
}

const RETURN_TOPICS = {
  announced: "returns/approve",
  arrived: "returns/process",
  closed: "returns/close",
} as const;

/** What Shopify says of a return is little: that something is new of it. */
export function returnMessage(state: ShopifyState, back: MarketReturn): Message {
  const body = JSON.stringify({
    id: Number(back.id),
    admin_graphql_api_id: `gid://shopify/Return/${back.id}`,
    order: { id: Number(back.order), admin_graphql_api_id: `gid://shopify/Order/${back.order}` },
    status: back.stage === "closed" ? "closed" : "open",
    return_line_items: back.lines.map(({ id, quantity }) => ({ id: Number(id), quantity })),
  });
  return { id: uuid(state.market), topic: RETURN_TOPICS[back.stage], body };
}

/** The headers Shopify puts on a webhook; the signature is over the raw body. */
export function webhookHeaders(message: Outgoing): Record<string, string> {
  const secret = SHOPIFY_SANDBOX.secrets.clientSecret ?? "";
  return {
    "Content-Type": "application/json",
    "X-Shopify-Topic": message.topic,
    "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(message.body).digest("base64"),
    "X-Shopify-Shop-Domain": SHOPIFY_SANDBOX.account,
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": message.id,
    "X-Shopify-Event-Id": `event-${message.id}`,
    "X-Shopify-Triggered-At": new Date(message.at).toISOString(),
  };
}
