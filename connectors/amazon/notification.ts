import { z } from "zod";
import type { Verification } from "../connector.ts";
import { timestamp } from "../timestamp.ts";
import { type KeptOrder, skuOf } from "./order.ts";

const envelopeSchema = z.object({
  NotificationType: z.string(),
  NotificationMetadata: z.object({ NotificationId: z.string().min(1) }),
});

const eventSchema = z.object({
  "detail-type": z.string(),
  source: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

const orderChangeSchema = z.object({
  EventTime: timestamp,
  Payload: z.object({
    OrderChangeNotification: z.object({
      SellerId: z.string(),
      AmazonOrderId: z.string(),
      Summary: z.object({
        OrderStatus: z.string(),
        PurchaseDate: timestamp.nullish(),
        FulfillmentType: z.string(),
        OrderItems: z.array(
          z.object({
            OrderItemId: z.string().nullish(),
            SellerSKU: z.string().nullish(),
            Quantity: z.number().int().min(0),
            QuantityShipped: z.number().int().min(0).nullish(),
          }),
        ),
      }),
    }),
  }),
});

type OrderChange = z.infer<typeof orderChangeSchema>;

const quantityChangeSchema = z.object({
  EventTime: timestamp,
  Payload: z.object({
    SellerId: z.string(),
    FulfillmentChannelCode: z.string(),
    Sku: z.string().min(1),
    Quantity: z.number().int(),
  }),
});

/** What a message says, and the seller it is for, where it can be read. */
export interface Notification {
  seller: string | null;
  verification: Verification;
}

/**
 * Reads one message of the queue. Only Amazon may write into it, so nothing is signed; the seller it
 * names is who it is for. Redeliveries share their NotificationId.
 */
export function readNotification(body: string): Notification {
  const parsed = parseEnvelope(body);
  if (!parsed) return nobodys({ outcome: "malformed", why: "not a notification" });
  const { content, envelope } = parsed;
  switch (envelope.NotificationType) {
    case "ORDER_CHANGE":
      return readOrderChange(content, envelope.NotificationMetadata.NotificationId);
    case "LISTINGS_ITEM_MFN_QUANTITY_CHANGE":
      return readQuantityChange(content);
    default:
      // Others are offered in the same queue, and new ones may be.
      return nobodys({ outcome: "ignored", why: `type ${envelope.NotificationType}` });
  }
}

const nobodys = (verification: Verification): Notification => ({ seller: null, verification });

function readOrderChange(content: unknown, externalId: string): Notification {
  const change = orderChangeSchema.safeParse(content);
  if (!change.success) return nobodys({ outcome: "malformed", why: z.prettifyError(change.error) });
  const { SellerId: seller, Summary } = change.data.Payload.OrderChangeNotification;
  if (Summary.FulfillmentType === "AFN") {
    return { seller, verification: { outcome: "ignored", why: "fulfilled by Amazon" } };
  }
  const message = { externalId, topic: "ORDER_CHANGE", payload: keepOrderChange(change.data) };
  return { seller, verification: { outcome: "verified", message } };
}

/** A listing shows another number now: because of our push, or because somebody else set it. */
function readQuantityChange(content: unknown): Notification {
  const change = quantityChangeSchema.safeParse(content);
  if (!change.success) return nobodys({ outcome: "malformed", why: z.prettifyError(change.error) });
  const { SellerId: seller, FulfillmentChannelCode, Sku, Quantity } = change.data.Payload;
  if (FulfillmentChannelCode !== "DEFAULT") {
    return {
      seller,
      verification: { outcome: "ignored", why: `kept by ${FulfillmentChannelCode}` },
    };
  }
  const at = Date.parse(change.data.EventTime);
  const levels = [{ stockId: Sku, quantity: Quantity, at }];
  return { seller, verification: { outcome: "levels", levels } };
}

function parseEnvelope(body: string) {
  try {
    const content = pascalCased(unwrapped(JSON.parse(body)));
    const envelope = envelopeSchema.safeParse(content);
    return envelope.success ? { content, envelope: envelope.data } : null;
  } catch {
    return null;
  }
}

/** What comes by way of EventBridge lies in its `detail`. */
function unwrapped(content: unknown): unknown {
  const event = eventSchema.safeParse(content);
  return event.success ? event.data.detail : content;
}

/** Some notifications come in camelCase, older ones in PascalCase; the first letter differs. */
function pascalCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascalCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      pascalCased(content),
    ]),
  );
}

function keepOrderChange(change: OrderChange): KeptOrder {
  const { AmazonOrderId, Summary } = change.Payload.OrderChangeNotification;
  return {
    id: AmazonOrderId,
    createdAt: Summary.PurchaseDate ?? change.EventTime,
    updatedAt: change.EventTime,
    lines: Summary.OrderItems.map((item) => ({
      sku: skuOf(item.SellerSKU, item.OrderItemId),
      quantity: item.Quantity,
      shipped: item.QuantityShipped ?? (Summary.OrderStatus === "Shipped" ? item.Quantity : 0),
      cancelled: Summary.OrderStatus === "Canceled",
    })),
  };
}
