import { z } from "zod";
import { timestamp } from "../timestamp.ts";

/**
 * What the product keeps of an order: ids, times and units. Notifications and the sweep both
 * reduce to it, so that both are translated by the same code.
 */
export const keptOrderSchema = z.object({
  id: z.string(),
  createdAt: timestamp,
  updatedAt: timestamp,
  lines: z.array(
    z.object({
      sku: z.string(),
      quantity: z.number().int().min(0),
      shipped: z.number().int().min(0),
      /** What was not shipped of it never will be. */
      cancelled: z.boolean(),
    }),
  ),
});

export type KeptOrder = z.infer<typeof keptOrderSchema>;

/** searchOrders of 2026-01-01: https://developer-docs.amazon.com/sp-api/reference/searchorders. */
export const apiOrderSchema = z.object({
  orderId: z.string(),
  createdTime: timestamp,
  lastUpdatedTime: timestamp,
  salesChannel: z.object({ channelName: z.string() }),
  fulfillment: z
    .object({ fulfillmentStatus: z.string(), fulfilledBy: z.string().nullish() })
    .nullish(),
  orderItems: z.array(
    z.object({
      orderItemId: z.string(),
      quantityOrdered: z.number().int().min(0),
      product: z.object({ sellerSku: z.string().nullish() }),
      cancellation: z.object({ cancellationExecution: z.object({}).nullish() }).nullish(),
      fulfillment: z
        .object({
          quantityFulfilled: z.number().int().min(0).nullish(),
          quantityUnfulfilled: z.number().int().min(0).nullish(),
        })
        .nullish(),
    }),
  ),
});

export type ApiOrder = z.infer<typeof apiOrderSchema>;

/**
 * Keeps what the product needs; null for what takes nothing from the merchant's own shelf: what
 * Amazon fulfils, and orders that were placed elsewhere and only pass through.
 */
export function keepApiOrder(order: ApiOrder): KeptOrder | null {
  if (order.fulfillment?.fulfilledBy === "AMAZON") return null;
  if (order.salesChannel.channelName === "NON_AMAZON") return null;
  const status = order.fulfillment?.fulfillmentStatus;
  return {
    id: order.orderId,
    createdAt: order.createdTime,
    updatedAt: order.lastUpdatedTime,
    lines: order.orderItems.flatMap((item) => linesOf(item, status)),
  };
}

type ApiItem = ApiOrder["orderItems"][number];

/**
 * An item whose listing was deleted comes without its SKU. It is named after itself then, by the
 * sweep and by notifications alike, and shows up as sold but not known.
 */
export const skuOf = (sku: string | null | undefined, orderItemId: string | null | undefined) =>
  sku || `order item ${orderItemId ?? "unknown"}`;

/** One line, or two where some units of the item were cancelled and others are still owed. */
function linesOf(item: ApiItem, status: string | undefined): KeptOrder["lines"] {
  const sku = skuOf(item.product.sellerSku, item.orderItemId);
  const quantity = item.quantityOrdered;
  const shipped = item.fulfillment?.quantityFulfilled ?? (status === "SHIPPED" ? quantity : 0);
  if (status === "CANCELLED") return [{ sku, quantity, shipped, cancelled: true }];
  // A cancellation may also be only asked for; then the item is still owed.
  const executed = (item.cancellation?.cancellationExecution ?? null) !== null;
  if (!executed) return [{ sku, quantity, shipped, cancelled: false }];
  const owed = Math.min(quantity - shipped, item.fulfillment?.quantityUnfulfilled ?? 0);
  if (owed <= 0) return [{ sku, quantity, shipped, cancelled: true }];
  return [
    { sku, quantity: quantity - owed, shipped, cancelled: true },
    { sku, quantity: owed, shipped: 0, cancelled: false },
  ];
}
