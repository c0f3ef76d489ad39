import { z } from "zod";
import { timestamp } from "../timestamp.ts";
import { listingId } from "./listing-id.ts";

/** What the product keeps of an order: ids, times and units. No buyer, no address. */
export const keptOrderSchema = z.object({
  id: z.string(),
  createdAt: timestamp,
  updatedAt: timestamp,
  lines: z.array(
    z.object({
      listing: z.string(),
      sku: z.string(),
      quantity: z.number().int().min(0),
      shipped: z.number().int().min(0),
      /** What was not shipped of it never will be. */
      cancelled: z.boolean(),
    }),
  ),
});

export type KeptOrder = z.infer<typeof keptOrderSchema>;

const amountSchema = z.object({ value: z.string().optional() });

/** https://developer.ebay.com/api-docs/sell/fulfillment/types/sel:LineItem */
const lineSchema = z.object({
  lineItemId: z.string(),
  legacyItemId: z.string(),
  legacyVariationId: z.string().nullish(),
  sku: z.string().nullish(),
  quantity: z.number().int().min(0),
  lineItemFulfillmentStatus: z.string().optional(),
  variationAspects: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  total: amountSchema.nullish(),
  refunds: z.array(z.object({ amount: amountSchema.nullish() })).nullish(),
});

export type ApiLine = z.infer<typeof lineSchema>;

export const apiOrderSchema = z.object({
  orderId: z.string(),
  creationDate: timestamp,
  lastModifiedDate: timestamp,
  orderPaymentStatus: z.string().optional(),
  cancelStatus: z.object({ cancelState: z.string().optional() }).nullish(),
  program: z
    .object({ fulfillmentProgram: z.object({ fulfilledBy: z.string().optional() }).nullish() })
    .nullish(),
  lineItems: z.array(lineSchema),
});

export type ApiOrder = z.infer<typeof apiOrderSchema>;

/** The listing a line was sold from, under the id that `listings` gives it. */
export function listingOfLine(line: ApiLine): string {
  return listingId({
    item: line.legacyItemId,
    sku: line.sku ?? "",
    aspects: line.variationAspects ?? [],
    variation: line.legacyVariationId ?? null,
  });
}

/** Whether the units shipped of a line are not told by its status alone. */
export const isPartlyShipped = (line: ApiLine) => line.lineItemFulfillmentStatus === "IN_PROGRESS";

/**
 * Keeps what the product needs; null for what takes nothing from the merchant's own shelf: what
 * eBay ships from its fulfilment centres. `shipped` are units by line, where they were asked for.
 */
export function keepOrder(order: ApiOrder, shipped: ReadonlyMap<string, number>): KeptOrder | null {
  if (order.program?.fulfillmentProgram?.fulfilledBy === "EBAY") return null;
  return {
    id: order.orderId,
    createdAt: order.creationDate,
    updatedAt: order.lastModifiedDate,
    lines: order.lineItems.map((line) => ({
      listing: listingOfLine(line),
      sku: line.sku ?? "",
      quantity: line.quantity,
      shipped: Math.min(line.quantity, shippedOf(line, shipped)),
      cancelled: wasCancelled(order, line),
    })),
  };
}

function shippedOf(line: ApiLine, shipped: ReadonlyMap<string, number>): number {
  if (line.lineItemFulfillmentStatus === "FULFILLED") return line.quantity;
  return shipped.get(line.lineItemId) ?? 0;
}

/**
 * eBay cancels whole orders; a request (IN_PROGRESS) is not yet one. A single line is undone by
 * giving its money back: refunded in full and never shipped, it is not owed any more. A part of
 * the money says nothing about units.
 */
function wasCancelled(order: ApiOrder, line: ApiLine): boolean {
  if (order.cancelStatus?.cancelState === "CANCELED") return true;
  if ((line.lineItemFulfillmentStatus ?? "NOT_STARTED") !== "NOT_STARTED") return false;
  if (order.orderPaymentStatus === "FULLY_REFUNDED") return true;
  const paid = cents(line.total?.value);
  const refunded = (line.refunds ?? []).reduce((sum, one) => sum + cents(one.amount?.value), 0);
  return paid > 0 && refunded >= paid;
}

const cents = (value: string | undefined) => Math.round(Number(value ?? 0) * 100);
