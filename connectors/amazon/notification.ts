import { z } from "zod";
import type { Account, Verification } from "../connector.ts";
import { timestamp } from "../timestamp.ts";
import type { KeptOrder } from "./order.ts";

const envelopeSchema = z.object({
  NotificationType: z.string(),
  NotificationMetadata: z.object({ NotificationId: z.string().min(1) }),
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
            SellerSKU: z.string(),
            Quantity: z.number().int().min(0),
            QuantityShipped: z.number().int().min(0).nullish(),
          }),
        ),
      }),
    }),
  }),
});

type OrderChange = z.infer<typeof orderChangeSchema>;

/**
 * Reads one message of the seller's queue. Only Amazon may write into it, so what is checked is
 * that the message is about this seller. Redeliveries share their NotificationId.
 */
export function readNotification(body: string, account: Account): Verification {
  const parsed = parseEnvelope(body);
  if (!parsed) return { outcome: "malformed", why: "not a notification" };
  const { NotificationType: topic, NotificationMetadata } = parsed.envelope;
  // Others are offered in the same queue, and new ones may be.
  if (topic !== "ORDER_CHANGE") return { outcome: "ignored", why: `type ${topic}` };
  const change = orderChangeSchema.safeParse(parsed.content);
  if (!change.success) return { outcome: "malformed", why: z.prettifyError(change.error) };
  const { SellerId, Summary } = change.data.Payload.OrderChangeNotification;
  if (SellerId !== account.settings.sellerId) return { outcome: "forged", why: "another seller's" };
  if (Summary.FulfillmentType === "AFN") return { outcome: "ignored", why: "fulfilled by Amazon" };
  const externalId = NotificationMetadata.NotificationId;
  return {
    outcome: "verified",
    message: { externalId, topic, payload: keepOrderChange(change.data) },
  };
}

function parseEnvelope(body: string) {
  try {
    const content = pascalCased(JSON.parse(body));
    const envelope = envelopeSchema.safeParse(content);
    return envelope.success ? { content, envelope: envelope.data } : null;
  } catch {
    return null;
  }
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
      sku: item.SellerSKU,
      quantity: item.Quantity,
      shipped: item.QuantityShipped ?? (Summary.OrderStatus === "Shipped" ? item.Quantity : 0),
      cancelled: Summary.OrderStatus === "Canceled",
    })),
  };
}
