import { createHash } from "node:crypto";
import { z } from "zod";
import type { Message, Session, Sweep } from "../connector.ts";
import type { Answered } from "../http.ts";
import { timestamp } from "../timestamp.ts";
import { cartName } from "./cart.ts";
import type { ShopifyClient } from "./client.ts";
import { ORDER_LINES_AFTER, ORDERS_BEHIND, ORDERS_BY_ID, ORDERS_SINCE } from "./documents.ts";
import type { KeptReturn } from "./kept-return.ts";
import { nextCursor, pageInfoSchema } from "./listings.ts";
import { type KeptOrder, openUnits, removedUnits } from "./order.ts";
import { unrestockedUnits } from "./refunds.ts";
import { returnsOf, vanished } from "./returns.ts";
import { shippedUnits } from "./shipments.ts";

const linesSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      sku: z.string().nullable(),
      quantity: z.number().int(),
      currentQuantity: z.number().int(),
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
  cartToken: z.string().nullish(),
  fulfillmentsCount: z.object({ count: z.number().int() }).nullable(),
  returnStatus: z.string(),
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
  const messages = await messagesOf(client, answer.data.orders.nodes);
  if (messages.outcome !== "answered") return messages;
  const after = nextCursor(answer.data.orders.pageInfo);
  const next = after === null ? null : JSON.stringify({ after, began });
  return { outcome: "swept", messages: messages.data, knownTo: began, next };
}

/** What one call may ask for, at 42 points an order. */
const ORDERS_AT_ONCE = 20;

const byIdSchema = z.object({ nodes: z.array(orderSchema.nullable()) });

/**
 * Orders as they are now, with their returns. `ids` are what `hintOf` found: ids of orders, or
 * gids of what belongs to one. An order that is gone says nothing more.
 */
export async function ordersById(
  client: ShopifyClient,
  ids: readonly string[],
): ReturnType<NonNullable<Session["orders"]>> {
  const gids = await orderGids(client, ids);
  if (gids.outcome !== "answered") return gids;
  const messages: Message[] = [];
  for (let from = 0; from < gids.data.length; from += ORDERS_AT_ONCE) {
    const some = gids.data.slice(from, from + ORDERS_AT_ONCE);
    const answer = await client.query(byIdSchema, ORDERS_BY_ID, { ids: some });
    if (answer.outcome !== "answered") return answer;
    const found = answer.data.nodes.filter((order) => order !== null);
    const told = await messagesOf(client, found);
    if (told.outcome !== "answered") return told;
    messages.push(...told.data);
  }
  return { outcome: "orders", messages };
}

const idSchema = z.object({ id: z.string() }).nullish();

/** The same field of two kinds, which GraphQL wants under two names: only one may be null. */
const behindSchema = z.object({
  nodes: z.array(z.object({ order: idSchema, behind: idSchema }).nullable()),
});

async function orderGids(
  client: ShopifyClient,
  ids: readonly string[],
): Promise<Answered<string[]>> {
  const others = ids.filter((id) => id.startsWith("gid://"));
  const known = ids.filter((id) => !id.startsWith("gid://")).map((id) => `${ORDER_GID}${id}`);
  if (others.length === 0) return { outcome: "answered", data: [...new Set(known)] };
  const answer = await client.query(behindSchema, ORDERS_BEHIND, { ids: others });
  if (answer.outcome !== "answered") return answer;
  const behind = answer.data.nodes
    .map((node) => node?.order?.id ?? node?.behind?.id)
    .filter((id) => id !== undefined);
  return { outcome: "answered", data: [...new Set([...known, ...behind])] };
}

const ORDER_GID = "gid://shopify/Order/";

/** An order's message, and one for each of its returns. */
async function messagesOf(
  client: ShopifyClient,
  orders: readonly Order[],
): Promise<Answered<Message[]>> {
  const messages: Message[] = [];
  for (const order of orders) {
    const kept = await keepOrder(client, order);
    if (kept.outcome !== "answered") return kept;
    messages.push(messageOf(kept.data.id, kept.data));
    if (order.returnStatus === "NO_RETURN" || order.test) continue;
    const returns = await returnsOf(client, order);
    if (returns.outcome !== "answered") return returns;
    messages.push(...returns.data.map((one) => messageOf(`${one.order}/${one.return}`, one)));
  }
  return { outcome: "answered", data: messages };
}

/** Named by what it says, so that a sweep that sees the same again stores nothing. */
function messageOf(name: string, payload: KeptOrder | KeptReturn): Message {
  const digest = createHash("sha256").update(JSON.stringify(payload)).digest("hex");
  const topic = "return" in payload ? "returns/swept" : "orders/swept";
  return { externalId: `sweep/${name}/${digest.slice(0, 24)}`, topic, payload };
}

async function keepOrder(client: ShopifyClient, order: Order): Promise<Answered<KeptOrder>> {
  const lines = await allLines(client, order);
  if (lines.outcome !== "answered") return lines;
  const shipped = await shippedUnits(client, order);
  if (shipped.outcome !== "answered") return shipped;
  const { legacyResourceId: id, test, createdAt, updatedAt, cancelledAt } = order;
  const cart = order.cartToken ? cartName(order.cartToken) : null;
  const kept = lines.data.map((line) => ({
    line: line.id,
    variant: line.variant?.legacyResourceId ?? null,
    sku: line.sku ?? "",
    quantity: line.quantity,
    open: openUnits(line.unfulfilledQuantity, line.currentQuantity),
    shipped: shipped.data.shipped.get(line.id) ?? 0,
    unshipped: shipped.data.unshipped.get(line.id) ?? 0,
  }));
  // Only orders of which something was removed may have refunds, and cost the extra calls.
  const refunded = cancelledAt !== null || kept.some((line) => removedUnits(line) > 0);
  const unrestocked = refunded ? await unrestockedUnits(client, order.id) : NO_REFUNDS;
  if (unrestocked.outcome !== "answered") return unrestocked;
  const told = kept.map(({ line, ...one }) => {
    return { ...one, unrestocked: unrestocked.data.get(line) ?? 0 };
  });
  return {
    outcome: "answered",
    data: { id, test, createdAt, updatedAt, cancelledAt, cart, lines: told },
  };
}

const NO_REFUNDS = { outcome: "answered", data: new Map<string, number>() } as const;

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
