import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { placeChoice } from "../../inventory/stock-place.ts";
import type { Account, RawRequest, Verification } from "../connector.ts";
import { timestamp } from "../timestamp.ts";
import { returnHint } from "./message.ts";
import { readJson, tiktokId } from "./read-json.ts";
import { MONEY_ONLY } from "./return.ts";
import { signWebhook } from "./sign.ts";

const envelopeSchema = z.object({
  type: z.number().int(),
  tts_notification_id: tiktokId,
  shop_id: tiktokId,
  data: z.unknown(),
});

type Envelope = z.infer<typeof envelopeSchema>;

/** "Inventory changed" (68) comes without an envelope, and is known by its shape alone. */
const changedSchema = z.object({
  event_id: z.string(),
  occurred_at: timestamp,
  sku_id: tiktokId,
  quantity_snapshot_after_change: z.object({ in_shop_quantity: z.number().int() }),
});

const orderSchema = z.object({ order_id: tiktokId });
const returnSchema = z.object({ return_id: tiktokId, return_type: z.string().nullish() });

/**
 * The Authorization header is a signature over our app's key and the raw body, in hex. It has no
 * time in it: a message that is sent again is known by its id.
 */
export function verifyWebhook(request: RawRequest, account: Account): Verification {
  const signature = authorizationOf(request.headers);
  if (!signature) return { outcome: "forged", why: "no signature" };
  const { appKey, appSecret } = account.secrets;
  if (!appKey || !appSecret)
    return { outcome: "forged", why: "the app has no secret to check with" };
  if (!sameText(signature, signWebhook(appKey, appSecret, request.body))) {
    return { outcome: "forged", why: "the signature does not match the body" };
  }
  let body: unknown;
  try {
    body = readJson(request.body.toString("utf8"));
  } catch {
    return { outcome: "malformed", why: "the body is not JSON" };
  }
  const changed = changedSchema.safeParse(body);
  if (changed.success) return levelOf(changed.data, account);
  const envelope = envelopeSchema.safeParse(body);
  if (!envelope.success) return malformed(envelope.error);
  // One app's secret signs for every shop that has it.
  if (envelope.data.shop_id !== account.settings.shopId) {
    return { outcome: "forged", why: "signed for another shop" };
  }
  return read(envelope.data);
}

function authorizationOf(headers: RawRequest["headers"]): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization")?.[1];
}

function sameText(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * The number that a push sets, as it was after the change: whoever hears it twice learns nothing.
 * It is of all warehouses together, so that it cannot be compared where one of them was chosen.
 */
function levelOf(changed: z.infer<typeof changedSchema>, account: Account): Verification {
  if (placeChoice(account).told !== null) {
    return { outcome: "ignored", why: "it does not say at which warehouse" };
  }
  const { sku_id: stockId, quantity_snapshot_after_change: after, occurred_at } = changed;
  const level = { stockId, quantity: after.in_shop_quantity, at: Date.parse(occurred_at) };
  return { outcome: "levels", levels: [level] };
}

function read(envelope: Envelope): Verification {
  switch (envelope.type) {
    case 1:
      return pointer(envelope, "ORDER_STATUS_CHANGE", orderSchema, (data) => data.order_id);
    case 11:
      return pointer(envelope, "CANCELLATION_STATUS_CHANGE", orderSchema, (data) => data.order_id);
    case 12:
      return readReturn(envelope);
    case 6:
      return { outcome: "deauthorized", why: "the seller took back our access" };
    case 7:
      // The health check says until when; a warning every day says no more.
      return { outcome: "ignored", why: "the authorization ends soon" };
    default:
      return { outcome: "ignored", why: `type ${envelope.type}` };
  }
}

function readReturn(envelope: Envelope): Verification {
  const told = returnSchema.safeParse(envelope.data);
  if (told.success && told.data.return_type === MONEY_ONLY) {
    return { outcome: "ignored", why: "a refund of money: nothing comes back" };
  }
  return pointer(envelope, "RETURN_STATUS_CHANGE", returnSchema, (data) =>
    returnHint(data.return_id),
  );
}

/** No SKU is in any of them: what they are about has to be asked for. */
function pointer<T>(
  { tts_notification_id: externalId, data }: Envelope,
  topic: string,
  schema: z.ZodType<T>,
  at: (data: T) => string,
): Verification {
  const told = schema.safeParse(data);
  if (!told.success) return malformed(told.error);
  return {
    outcome: "verified",
    message: { externalId, topic, payload: { pointsAt: at(told.data) } },
  };
}

/** zod's words name paths only; a parser's message would quote the body. */
const malformed = (error: z.ZodError): Verification => ({
  outcome: "malformed",
  why: z.prettifyError(error),
});
