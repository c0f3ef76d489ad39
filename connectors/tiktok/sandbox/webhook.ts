import {
  type MarketOrder,
  type MarketReturn,
  nextId,
  type Outgoing,
  type ShelfListing,
} from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { signWebhook } from "../sign.ts";
import { DEMO_SHOP, productId, SELLER_ID, skuId, TIKTOK_APP } from "./account.ts";
import { orderStatus, seconds } from "./orders.ts";
import { committedOf, products } from "./products.ts";
import { RETURN_STATUS, returnId } from "./returns.ts";
import type { TikTokState } from "./state.ts";

type News = Pick<Outgoing, "id" | "topic" | "body">;

function envelope(state: TikTokState, type: number, data: object, now: number): News {
  const id = `7380${String(nextId(state.market)).padStart(15, "0")}`;
  const timestamp = seconds(now);
  const body = { type, tts_notification_id: id, shop_id: DEMO_SHOP.id, timestamp, data };
  return { id, topic: String(type), body: JSON.stringify(body) };
}

/** Type 1: the status alone, which it spells in its own way, and no SKU. */
export function orderNews(state: TikTokState, order: MarketOrder, now: number): News {
  const status = orderStatus(order, now);
  const data = {
    is_on_hold_order: status === "ON_HOLD",
    order_id: order.id,
    order_status: status === "CANCELLED" ? "CANCEL" : status,
    update_time: seconds(order.updatedAt),
  };
  return envelope(state, 1, data, now);
}

/** Type 11: some units were cancelled. Which ones it does not say. */
export function cancellationNews(state: TikTokState, order: MarketOrder, now: number): News {
  const data = {
    order_id: order.id,
    cancellations_role: "BUYER",
    cancel_status: "CANCELLATION_REQUEST_COMPLETE",
    cancel_id: `4036${order.id.slice(4)}`,
    create_time: seconds(order.updatedAt),
  };
  return envelope(state, 11, data, now);
}

/** Type 12. */
export function returnNews(state: TikTokState, back: MarketReturn, now: number): News {
  const data = {
    order_id: back.order,
    return_role: "BUYER",
    return_type: "RETURN_AND_REFUND",
    return_status: RETURN_STATUS[back.stage],
    return_id: returnId(back),
    create_time: seconds(back.createdAt),
    update_time: seconds(back.updatedAt),
  };
  return envelope(state, 12, data, now);
}

/** Type 68, without an envelope: what the listing shows now, though it was us who set it. */
export function inventoryChanged(
  state: TikTokState,
  first: ShelfListing,
  listing: ShelfListing,
  before: number,
  now: number,
): News {
  const id = uuid(state.market);
  const available = listing.recorded;
  const committed = committedOf(state.market, listing.sku);
  const delta = available - before;
  // Nanoseconds, as TikTok writes them.
  const occurred_at = new Date(now).toISOString().replace("Z", "101552Z");
  const body = {
    event_id: id,
    occurred_at,
    seller_id: SELLER_ID,
    product_id: productId(first),
    sku_id: skuId(listing),
    quantity_snapshot_after_change: {
      total_quantity: available + committed,
      total_available_quantity: available,
      total_committed_quantity: committed,
      in_shop_quantity: available,
      campaign_locked_quantity: 0,
      creator_locked_quantity: 0,
    },
    change_detail: [
      {
        idempotency_key: id,
        trigger_source: "manual_adjustment",
        occurred_at,
        total_quantity_delta: delta,
        available_quantity_delta: delta,
        committed_quantity_delta: 0,
        in_shop_quantity_delta: delta,
        campaign_locked_quantity_delta: 0,
        creator_locked_quantity_delta: 0,
      },
    ],
  };
  return { id, topic: "68", body: JSON.stringify(body) };
}

/** The same of a number that somebody set in Seller Center: what is told does not differ. */
export function editNews(state: TikTokState, listing: ShelfListing, before: number, now: number) {
  const first = products(state.market).find(({ skus }) => skus.includes(listing))?.first;
  return inventoryChanged(state, first ?? listing, listing, before, now);
}

export function webhookHeaders(message: Outgoing): Record<string, string> {
  const { appKey, appSecret } = TIKTOK_APP;
  return {
    "Content-Type": "application/json",
    Authorization: signWebhook(appKey, appSecret, message.body),
  };
}
