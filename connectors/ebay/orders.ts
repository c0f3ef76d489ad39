import { createHash } from "node:crypto";
import { z } from "zod";
import type { Message, Session, Sweep } from "../connector.ts";
import type { Answered } from "../http.ts";
import { saying } from "../http.ts";
import type { EbayClient } from "./client.ts";
import { type ApiOrder, apiOrderSchema, isPartlyShipped, keepOrder } from "./order.ts";
import { inWaves } from "./waves.ts";

const foundSchema = saying(
  z.object({
    orders: z.array(apiOrderSchema).default([]),
    total: z.number().int().default(0),
  }),
  "orders",
  "total",
);

const PAGE_SIZE = 200;

/** Ids in one call. */
const IDS_MAX = 50;

/** Orders older than two years cannot be asked for. */
const OLDEST_MS = 729 * 24 * 60 * 60_000;

/** A window that ends in eBay's future is error 30850, and clocks differ. */
const YOUNGEST_MS = 5_000;

/** A page's place in a window that all pages share, and how many orders the window had then. */
const cursorSchema = z.object({ before: z.number(), offset: z.number(), total: z.number() });

type Place = z.infer<typeof cursorSchema>;

/**
 * Orders changed since `since`. The window is closed at the moment of the first page: an order
 * that changes meanwhile leaves it, and the next sweep's window has it.
 */
export async function ordersSince(
  client: EbayClient,
  since: number,
  cursor: string | null,
): Promise<Sweep> {
  const place: Place = cursor
    ? cursorSchema.parse(JSON.parse(cursor))
    : { before: client.now() - YOUNGEST_MS, offset: 0, total: 0 };
  if (place.before <= since) {
    return { outcome: "swept", messages: [], knownTo: place.before, next: null };
  }
  const from = Math.max(since, place.before - OLDEST_MS);
  const filter = `lastmodifieddate:[${iso(from)}..${iso(place.before)}]`;
  const answer = await client.rest({ kind: "read", schema: foundSchema }, (api) =>
    api.sell.fulfillment.getOrders({ filter, limit: PAGE_SIZE, offset: place.offset }),
  );
  if (answer.outcome !== "answered") return answer;
  const { orders = [], total = 0 } = answer.data ?? {};
  const messages = await messagesOf(client, orders);
  if (messages.outcome !== "answered") return messages;
  const next = nextPlace(place, orders.length, total);
  return {
    outcome: "swept",
    messages: messages.data,
    knownTo: place.before,
    next: next && JSON.stringify(next),
  };
}

const iso = (at: number) => new Date(at).toISOString();

/**
 * An offset counts from the start, so each order that left the window since the last page has
 * pulled one that was not read yet in front of this one: it is read again from there.
 */
function nextPlace(place: Place, read: number, total: number): Place | null {
  const left = Math.max(0, place.total - total);
  if (left > 0) return { ...place, offset: Math.max(0, place.offset - left), total };
  const offset = place.offset + read;
  return read === 0 || offset >= total ? null : { ...place, offset, total };
}

/** These orders as they are now. */
export async function ordersById(
  client: EbayClient,
  ids: readonly string[],
): ReturnType<NonNullable<Session["orders"]>> {
  const found = await readOrders(client, ids);
  if (found.outcome !== "answered") return found;
  const messages = await messagesOf(client, found.data);
  return messages.outcome === "answered"
    ? { outcome: "orders", messages: messages.data }
    : messages;
}

export async function readOrders(
  client: EbayClient,
  ids: readonly string[],
): Promise<Answered<ApiOrder[]>> {
  const orders: ApiOrder[] = [];
  const wanted = [...new Set(ids)];
  for (let from = 0; from < wanted.length; from += IDS_MAX) {
    const orderIds = wanted.slice(from, from + IDS_MAX).join(",");
    const answer = await client.rest({ kind: "read", schema: foundSchema }, (api) =>
      api.sell.fulfillment.getOrders({ orderIds }),
    );
    if (answer.outcome !== "answered") return answer;
    orders.push(...(answer.data?.orders ?? []));
  }
  return { outcome: "answered", data: orders };
}

async function messagesOf(
  client: EbayClient,
  orders: readonly ApiOrder[],
): Promise<Answered<Message[]>> {
  const shipped = await inWaves(orders, (order) => shippedUnits(client, order));
  if (shipped.outcome !== "answered") return shipped;
  const messages = orders.flatMap((order, at) => {
    const kept = keepOrder(order, shipped.data[at] ?? new Map());
    return kept ? [messageNamed("order", kept.id, "order/swept", kept)] : [];
  });
  return { outcome: "answered", data: messages };
}

/** Named by what it says, so that whoever sees the same again stores nothing. */
export function messageNamed(kind: string, id: string, topic: string, payload: unknown): Message {
  const digest = createHash("sha256").update(JSON.stringify(payload)).digest("hex");
  return { externalId: `${kind}/${id}/${digest.slice(0, 24)}`, topic, payload };
}

const shipmentsSchema = saying(
  z.object({
    fulfillments: z
      .array(
        z.object({
          lineItems: z
            .array(z.object({ lineItemId: z.string(), quantity: z.number().int().optional() }))
            .default([]),
        }),
      )
      .default([]),
  }),
  "fulfillments",
  "total",
);

/** Units shipped by line. Only an order that is shipped in part costs the extra call. */
async function shippedUnits(
  client: EbayClient,
  order: ApiOrder,
): Promise<Answered<Map<string, number>>> {
  const units = new Map<string, number>();
  if (!order.lineItems.some(isPartlyShipped)) return { outcome: "answered", data: units };
  const answer = await client.rest({ kind: "read", schema: shipmentsSchema }, (api) =>
    api.sell.fulfillment.getShippingFulfillments(order.orderId),
  );
  if (answer.outcome !== "answered") return answer;
  for (const { lineItems } of answer.data?.fulfillments ?? []) {
    // "Default: 1".
    for (const { lineItemId, quantity = 1 } of lineItems) {
      units.set(lineItemId, (units.get(lineItemId) ?? 0) + quantity);
    }
  }
  return { outcome: "answered", data: units };
}
