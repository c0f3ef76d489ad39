import { z } from "zod";
import type { Message, Sweep } from "../connector.ts";
import { saying } from "../http.ts";
import type { EbayClient } from "./client.ts";
import { type ApiOrder, listingOfLine } from "./order.ts";
import { messageNamed, readOrders } from "./orders.ts";
import {
  type ApiReturn,
  apiReturnSchema,
  type KeptReturn,
  RETURN_TOPIC,
  stageOf,
} from "./return.ts";

const DAY_MS = 24 * 60 * 60_000;

/**
 * Returns can be asked for by the day they were opened only, not by the day they changed; so the
 * sweep looks at all that were opened in the last 60 days. One window may be 90 days long.
 */
const LOOK_BACK_MS = 60 * DAY_MS;

const PAGE_SIZE = 200;
const SHORTEST_MS = 60_000;

const foundSchema = saying(
  z.object({
    members: z.array(apiReturnSchema).default([]),
    total: z.number().int().optional(),
    paginationOutput: z.object({ totalEntries: z.number().int().optional() }).optional(),
  }),
  "members",
  "total",
  "paginationOutput",
);

/** The part of the window that comes next, and where the whole of it ends. */
const cursorSchema = z.object({ from: z.number(), to: z.number(), until: z.number() });

type Part = z.infer<typeof cursorSchema>;

/**
 * Returns as they stand now. Nobody says whether eBay's offset counts pages or returns here, so
 * none is used: a part of the window that has more than one page is halved instead.
 */
export async function returnsSince(
  client: EbayClient,
  since: number,
  cursor: string | null,
): Promise<Sweep> {
  const now = client.now();
  const part: Part = cursor
    ? cursorSchema.parse(JSON.parse(cursor))
    : { from: Math.min(since, now - LOOK_BACK_MS), to: now, until: now };
  const from = Math.max(part.from, part.until - 89 * DAY_MS);
  const answer = await client.rest({ kind: "read", schema: foundSchema }, (api) =>
    api.postOrder.return.search({
      creation_date_range_from: new Date(from).toISOString(),
      creation_date_range_to: new Date(part.to).toISOString(),
      role: "SELLER",
      limit: PAGE_SIZE,
    }),
  );
  if (answer.outcome !== "answered") return answer;
  const { members = [], total, paginationOutput } = answer.data ?? {};
  const all = paginationOutput?.totalEntries ?? total ?? members.length;
  if (all > members.length && part.to - from > SHORTEST_MS) {
    const middle = from + Math.floor((part.to - from) / 2);
    return swept([], part.until, { ...part, from, to: middle });
  }
  const orders = await readOrders(client, members.map(orderOf));
  if (orders.outcome !== "answered") return orders;
  const messages = members.map((one) => messageOf(one, orders.data));
  const rest = part.to < part.until ? { ...part, from: part.to, to: part.until } : null;
  return swept(messages, part.until, rest);
}

const swept = (messages: Message[], knownTo: number, next: Part | null): Sweep => ({
  outcome: "swept",
  messages,
  knownTo,
  next: next && JSON.stringify(next),
});

/** Orders of one line used to be called after it, and returns of theirs do not name another. */
const orderOf = ({ orderId, creationInfo: { item } }: ApiReturn) =>
  orderId ?? `${item.itemId}-${item.transactionId}`;

function messageOf(one: ApiReturn, orders: readonly ApiOrder[]): Message {
  const { item, creationDate } = one.creationInfo;
  const order = orders.find(({ orderId }) => orderId === orderOf(one));
  const lines = (order?.lineItems ?? []).filter((line) => line.legacyItemId === item.itemId);
  const line = lines.find((own) => own.lineItemId === item.transactionId) ?? lines[0];
  const kept: KeptReturn = {
    id: one.returnId,
    order: orderOf(one),
    listing: line ? listingOfLine(line) : item.itemId,
    sku: line?.sku ?? "",
    quantity: item.returnQuantity,
    stage: stageOf(one.state),
    at: Date.parse(creationDate.value),
  };
  return messageNamed("return", kept.id, RETURN_TOPIC, kept);
}
