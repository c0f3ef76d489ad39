import { z } from "zod";
import { id, listOf, moment, units } from "./quantity.ts";

/**
 * What the product keeps of a purchase order: ids, times and units. One order of a customer may be
 * several of these, each with its own id, and each is an order of its own to us.
 */
export const keptOrderSchema = z.object({
  id: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  lines: z.array(
    z.object({
      sku: z.string(),
      quantity: z.number().int().min(0),
      shipped: z.number().int().min(0),
      cancelled: z.number().int().min(0),
    }),
  ),
});

export type KeptOrder = z.infer<typeof keptOrderSchema>;

const amount = z.object({ amount: units });

const orderLineSchema = z.object({
  item: z.object({ sku: z.string() }),
  orderLineQuantity: amount,
  statusDate: moment.nullish(),
  orderLineStatuses: z
    .object({
      orderLineStatus: listOf(z.object({ status: z.string(), statusQuantity: amount.nullish() })),
    })
    .nullish(),
});

type OrderLine = z.infer<typeof orderLineSchema>;

/** GET /v3/orders: https://developer.walmart.com/us-marketplace/docs/order-management-api-overview */
export const apiOrderSchema = z.object({
  purchaseOrderId: id,
  orderDate: moment,
  shipNode: z.object({ type: z.string().nullish() }).nullish(),
  orderLines: z.object({ orderLine: listOf(orderLineSchema) }),
});

export type ApiOrder = z.infer<typeof apiOrderSchema>;

/** What Walmart ships from its own warehouse takes nothing from the merchant's shelf. */
export const isWalmartFulfilled = (type: string | null | undefined) => type === "WFSFulfilled";

/** Keeps what the product needs; null for what Walmart ships itself. */
export function keepApiOrder(order: ApiOrder): KeptOrder | null {
  if (isWalmartFulfilled(order.shipNode?.type)) return null;
  const lines = order.orderLines.orderLine;
  const changes = lines.map((line) => line.statusDate ?? order.orderDate);
  return {
    id: order.purchaseOrderId,
    createdAt: order.orderDate,
    updatedAt: Math.max(order.orderDate, ...changes),
    lines: lines.map(keepLine),
  };
}

const SHIPPED = new Set(["SHIPPED", "DELIVERED"]);
const CANCELLED = new Set(["CANCELLED", "CANCELED"]);

/** One line may be split over several statuses, each with its own units. */
function keepLine(line: OrderLine): KeptOrder["lines"][number] {
  const statuses = line.orderLineStatuses?.orderLineStatus ?? [];
  const ordered = line.orderLineQuantity.amount;
  const count = (wanted: (status: string) => boolean) =>
    statuses
      .filter(({ status }) => wanted(status.toUpperCase()))
      .reduce((sum, { statusQuantity }) => sum + Math.max(0, statusQuantity?.amount ?? ordered), 0);
  // What is cancelled may have left the line's own quantity already; it was ordered all the same.
  return {
    sku: line.item.sku,
    quantity: Math.max(
      ordered,
      count(() => true),
    ),
    shipped: count((status) => SHIPPED.has(status)),
    cancelled: count((status) => CANCELLED.has(status)),
  };
}
