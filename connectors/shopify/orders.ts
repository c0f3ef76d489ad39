import { createHash } from "node:crypto";
import { z } from "zod";
import type { CallFailure, Message, Sweep } from "../connector.ts";
import type { Answered } from "../http.ts";
import { timestamp } from "../timestamp.ts";
import type { ShopifyClient } from "./client.ts";
import { ORDER_LINES_AFTER, ORDERS_SINCE, SHIPMENT_LINES, SHIPMENTS } from "./documents.ts";
import { nextCursor, pageInfoSchema } from "./listings.ts";
import { isShipment, type KeptOrder } from "./order.ts";

const linesSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      sku: z.string().nullable(),
      quantity: z.number().int(),
      unfulfilledQuantity: z.number().int(),
      variant: z.object({ legacyResourceId: z.coerce.string() }).nullable(),
    }),
  ),
  pageInfo: pageInfoSchema,
});

const orderSchema = z.object({
  id: z.string(),
  legacyResourceId: z.coerce.string(),
  test: z.boolean(),
  createdAt: timestamp,
  updatedAt: timestamp,
  cancelledAt: timestamp.nullable(),
  displayFulfillmentStatus: z.string(),
  lineItems: linesSchema,
});

const ordersSchema = z.object({
  orders: z.object({ nodes: z.array(orderSchema), pageInfo: pageInfoSchema }),
});

type Order = z.infer<typeof orderSchema>;
type Line = z.infer<typeof linesSchema>["nodes"][number];

/** A page's place: Shopify's cursor, and when the sweep began. */
const cursorSchema = z.object({ after: z.string(), began: z.number() });

/**
 * Orders changed since `since`, as the messages that webhooks would have brought: whoever comes
 * first, the activities are the same. Complete up to the moment the first page was asked for;
 * the search index lags a little behind, which `sweepOverlapMs` covers.
 */
export async function ordersSince(
  client: ShopifyClient,
  since: number,
  cursor: string | null,
): Promise<Sweep> {
  const place = cursor ? cursorSchema.parse(JSON.parse(cursor)) : null;
  const began = place?.began ?? client.now();
  const variables = {
    query: `updated_at:>='${new Date(since).toISOString()}'`,
    after: place?.after ?? null,
  };
  const answer = await client.query(ordersSchema, ORDERS_SINCE, variables);
  if (answer.outcome !== "answered") return answer;
  const messages: Message[] = [];
  for (const order of answer.data.orders.nodes) {
    const kept = await keepOrder(client, order);
    if (kept.outcome !== "answered") return kept;
    messages.push(messageOf(kept.data));
  }
  const after = nextCursor(answer.data.orders.pageInfo);
  const next = after === null ? null : JSON.stringify({ after, began });
  return { outcome: "swept", messages, knownTo: began, next };
}

/** Named by what it says, so that a sweep that sees the same order again stores nothing. */
function messageOf(order: KeptOrder): Message {
  const digest = createHash("sha256").update(JSON.stringify(order)).digest("hex");
  return {
    externalId: `sweep/${order.id}/${digest.slice(0, 24)}`,
    topic: "orders/swept",
    payload: order,
  };
}

async function keepOrder(client: ShopifyClient, order: Order): Promise<Answered<KeptOrder>> {
  const lines = await allLines(client, order);
  if (lines.outcome !== "answered") return lines;
  const shipped = await shippedUnits(client, order);
  if (shipped.outcome !== "answered") return shipped;
  const { legacyResourceId: id, test, createdAt, updatedAt, cancelledAt } = order;
  const kept = lines.data.map((line) => ({
    variant: line.variant?.legacyResourceId ?? null,
    sku: line.sku ?? "",
    quantity: line.quantity,
    open: Math.max(0, line.unfulfilledQuantity),
    shipped: shipped.data.get(line.id) ?? 0,
  }));
  return {
    outcome: "answered",
    data: { id, test, createdAt, updatedAt, cancelledAt, lines: kept },
  };
}

const moreLinesSchema = z.object({ order: z.object({ lineItems: linesSchema }).nullable() });

async function allLines(client: ShopifyClient, order: Order): Promise<Answered<Line[]>> {
  const lines = [...order.lineItems.nodes];
  let after = nextCursor(order.lineItems.pageInfo);
  while (after !== null) {
    const variables = { order: order.id, after };
    const answer = await client.query(moreLinesSchema, ORDER_LINES_AFTER, variables);
    if (answer.outcome !== "answered") return answer;
    if (!answer.data.order) return vanished(order.id);
    lines.push(...answer.data.order.lineItems.nodes);
    after = nextCursor(answer.data.order.lineItems.pageInfo);
  }
  return { outcome: "answered", data: lines };
}

const shipmentsSchema = z.object({
  order: z
    .object({ fulfillments: z.array(z.object({ id: z.string(), status: z.string() })) })
    .nullable(),
});

const shipmentLinesSchema = z.object({
  fulfillment: z
    .object({
      fulfillmentLineItems: z.object({
        nodes: z.array(
          z.object({
            quantity: z.number().int().nullable(),
            lineItem: z.object({ id: z.string() }),
          }),
        ),
        pageInfo: pageInfoSchema,
      }),
    })
    .nullable(),
});

/** Units shipped of each line. Only orders of which anything was shipped cost extra calls. */
async function shippedUnits(
  client: ShopifyClient,
  order: Order,
): Promise<Answered<Map<string, number>>> {
  const units = new Map<string, number>();
  if (order.displayFulfillmentStatus === "UNFULFILLED") return { outcome: "answered", data: units };
  const answer = await client.query(shipmentsSchema, SHIPMENTS, { order: order.id });
  if (answer.outcome !== "answered") return answer;
  if (!answer.data.order) return vanished(order.id);
  for (const shipment of answer.data.order.fulfillments) {
    if (!isShipment(shipment.status)) continue;
    const failure = await addShipment(client, shipment.id, units);
    if (failure) return failure;
  }
  return { outcome: "answered", data: units };
}

async function addShipment(
  client: ShopifyClient,
  shipment: string,
  units: Map<string, number>,
): Promise<CallFailure | null> {
  let after: string | null = null;
  do {
    const variables = { shipment, after };
    const answer: Answered<z.infer<typeof shipmentLinesSchema>> = await client.query(
      shipmentLinesSchema,
      SHIPMENT_LINES,
      variables,
    );
    if (answer.outcome !== "answered") return answer;
    if (!answer.data.fulfillment) return vanished(shipment);
    const { nodes, pageInfo } = answer.data.fulfillment.fulfillmentLineItems;
    for (const { lineItem, quantity } of nodes) {
      units.set(lineItem.id, (units.get(lineItem.id) ?? 0) + (quantity ?? 0));
    }
    after = nextCursor(pageInfo);
  } while (after !== null);
  return null;
}

const vanished = (id: string): CallFailure => ({
  outcome: "unavailable",
  why: `${id} went away while it was read`,
});
