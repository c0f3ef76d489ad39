import { z } from "zod";
import type { Message } from "../connector.ts";

/**
 * What is kept of a message that only points at an order: a refund, an edit, a return. Each says
 * what has changed but not what has become of the order, so the order is asked for. `about` is
 * the order's id, or the gid of what belongs to it.
 */
export const keptHintSchema = z.object({ about: z.string().min(1) });

type KeptHint = z.infer<typeof keptHintSchema>;

/** What a message is about, where it does not name the order: Shopify is asked whose it is. */
const KINDS: Record<string, "Return" | "ReverseFulfillmentOrder" | null> = {
  "refunds/create": null,
  "orders/edited": null,
  "returns/request": "Return",
  "returns/approve": "Return",
  "returns/decline": "Return",
  "returns/cancel": "Return",
  "returns/close": "Return",
  "returns/reopen": "Return",
  "returns/update": "Return",
  "returns/process": "Return",
  "reverse_fulfillment_orders/dispose": "ReverseFulfillmentOrder",
};

/** The topics whose messages point at an order. */
export const HINT_TOPICS: readonly string[] = Object.keys(KINDS);

const id = z.number().int();

/** Where the order's id stands is not the same for every topic, nor written down for all. */
const bodySchema = z.object({
  order_id: id.nullish(),
  order_edit: z.object({ order_id: id }).optional(),
  order: z.object({ id }).nullish().catch(null),
  id: z.union([id, z.string().startsWith("gid://shopify/")]).optional(),
});

/** Keeps what is pointed at; throws on a message that points at nothing. */
export function keepHint(topic: string, body: unknown): KeptHint {
  const kept = bodySchema.parse(body);
  const order = kept.order_id ?? kept.order_edit?.order_id ?? kept.order?.id;
  const about = order === undefined ? ownName(KINDS[topic] ?? null, kept.id) : String(order);
  return keptHintSchema.parse({ about });
}

function ownName(kind: string | null, own: number | string | undefined): string | undefined {
  if (kind === null || own === undefined) return undefined;
  return typeof own === "string" ? own : `gid://shopify/${kind}/${own}`;
}

/** What `Session.orders` is to be asked for, for a stored message. Empty: it says it all. */
export function hintOf(message: Message): string[] {
  const kept = keptHintSchema.safeParse(message.payload);
  return kept.success ? [kept.data.about] : [];
}
