import { z } from "zod";
import type { Level, Verification } from "../connector.ts";
import { type Kept, returnHint } from "./message.ts";
import { isWalmartFulfilled, type KeptOrder } from "./order.ts";
import { id, listOf, moment, units } from "./quantity.ts";

const envelopeSchema = z.object({
  source: z.object({
    eventType: z.string(),
    eventTime: moment.nullish(),
    eventId: z.string().min(1),
  }),
  payload: z.record(z.string(), z.unknown()),
});

type Envelope = z.infer<typeof envelopeSchema>;

/**
 * Reads an event. Only what is needed of it is looked at: its documentation and its samples
 * differ in the rest. Throws on a body that is no event.
 * https://developer.walmart.com/us-marketplace/docs/order-management-event
 */
export function readEvent(body: unknown): Verification {
  const { source, payload } = envelopeSchema.parse(body);
  const type = source.eventType.toUpperCase();
  switch (type) {
    case "PO_CREATED":
    case "PO_LINE_AUTOCANCELLED":
    case "INTENT_TO_CANCEL":
      return orderEvent(source, type, payload);
    case "ORDER_UPDATES":
      return umbrella(source, payload);
    case "RETURN_CREATED":
    case "RETURN_DELIVERED":
    case "RETURN_INVOICED":
      return returnEvent(source, payload);
    case "INVENTORY_OOS":
      return { outcome: "levels", levels: [levelOf(source, payload)] };
    default:
      return { outcome: "ignored", why: `event ${source.eventType}` };
  }
}

const umbrellaSchema = z.object({
  subEventType: z.string().nullish(),
  order: z.record(z.string(), z.unknown()).nullish(),
});

function umbrella(source: Envelope["source"], payload: Envelope["payload"]): Verification {
  const { subEventType, order } = umbrellaSchema.parse(payload);
  return orderEvent(source, subEventType?.toUpperCase() ?? "", { ...payload, ...order });
}

const pointerSchema = z.object({
  purchaseOrderId: id,
  shipNodeType: z.string().nullish(),
});

function orderEvent(
  source: Envelope["source"],
  type: string,
  payload: Envelope["payload"],
): Verification {
  // The buyer has only asked; the units are owed until the merchant agrees.
  if (type === "INTENT_TO_CANCEL")
    return { outcome: "ignored", why: "a cancellation is asked for" };
  const { purchaseOrderId, shipNodeType } = pointerSchema.parse(payload);
  if (isWalmartFulfilled(shipNodeType)) {
    return { outcome: "ignored", why: "fulfilled by Walmart" };
  }
  const order = type === "PO_CREATED" ? newOrder(payload) : null;
  return order
    ? verified(source, { kind: "order", order })
    : verified(source, { kind: "look", at: [purchaseOrderId] });
}

const newOrderSchema = z.object({
  purchaseOrderId: id,
  orderDate: moment,
  orderLines: listOf(
    z.object({
      sku: z.string(),
      quantity: z.object({ measurementValue: units }),
      status: z.literal("Created"),
    }),
  ),
});

/** The order, where the event says all of it in the way it is documented; else it is asked for. */
function newOrder(payload: Envelope["payload"]): KeptOrder | null {
  const told = newOrderSchema.safeParse(payload);
  if (!told.success) return null;
  const { purchaseOrderId, orderDate, orderLines } = told.data;
  return {
    id: purchaseOrderId,
    createdAt: orderDate,
    updatedAt: orderDate,
    lines: orderLines.map(({ sku, quantity }) => ({
      sku,
      quantity: Math.max(0, quantity.measurementValue),
      shipped: 0,
      cancelled: 0,
    })),
  };
}

const returnedSchema = z.object({
  returnOrders: listOf(z.object({ returnOrderId: id })),
});

/** A return's event names the product, but not the SKU. */
function returnEvent(source: Envelope["source"], payload: Envelope["payload"]): Verification {
  const { returnOrders } = returnedSchema.parse(payload);
  const ids = new Set(returnOrders.map(({ returnOrderId }) => returnHint(returnOrderId)));
  if (ids.size === 0) return { outcome: "ignored", why: "a return of nothing" };
  return verified(source, { kind: "look", at: [...ids] });
}

function verified({ eventId, eventType }: Envelope["source"], payload: Kept): Verification {
  return { outcome: "verified", message: { externalId: eventId, topic: eventType, payload } };
}

const levelSchema = z.object({
  sku: z.string(),
  shipNodes: listOf(z.object({ availToSellQty: units.nullish() })).nullish(),
});

function levelOf({ eventTime }: Envelope["source"], payload: Envelope["payload"]): Level {
  const { sku, shipNodes } = levelSchema.parse(payload);
  const left = (shipNodes ?? []).map((node) => Math.max(0, node.availToSellQty ?? 0));
  const quantity = left.reduce((sum, one) => sum + one, 0);
  return { stockId: sku, quantity, at: eventTime ?? 0 };
}
