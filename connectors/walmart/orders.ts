import { z } from "zod";
import type { CallFailure, Message, Sweep } from "../connector.ts";
import type { Answered } from "../http.ts";
import { saying } from "../http.ts";
import { asFailure, type Refused, type WalmartClient } from "./client.ts";
import { orderMessage, returnIn } from "./message.ts";
import { apiOrderSchema, type KeptOrder, keepApiOrder } from "./order.ts";
import { listOf } from "./quantity.ts";
import { returnOf } from "./returns.ts";

const foundSchema = z.object({
  list: saying(
    z.object({
      meta: z.object({ nextCursor: z.string().nullish() }).nullish(),
      elements: z.object({ order: listOf(apiOrderSchema).nullish() }).nullish(),
    }),
    "meta",
    "elements",
  ),
});

type Found = z.infer<typeof foundSchema>;

/**
 * Asked for one after another, because a query answers one kind only. What Walmart fulfils
 * ("WFSFulfilled") is not asked for; what a third party ships is the merchant's own stock.
 */
const KINDS = ["SellerFulfilled", "3PLFulfilled"] as const;

/** A page's place: the kind, the end of the window that all pages share, Walmart's own cursor. */
const cursorSchema = z.object({
  kind: z.enum(KINDS),
  before: z.number(),
  query: z.string().nullable(),
});

type Place = z.infer<typeof cursorSchema>;

/** How old an order must be to be found for sure is not written anywhere; clocks differ, too. */
const YOUNGEST_MS = 5_000;

const PAGE_SIZE = 100;

/** Nothing older is told; a window that begins before that is refused. A day's grace for clocks. */
const TOLD_MS = 179 * 24 * 60 * 60_000;

/** Orders changed since `since`, 100 a page. */
export async function ordersSince(
  client: WalmartClient,
  since: number,
  cursor: string | null,
): Promise<Sweep> {
  const place = cursor === null ? beginning(client.now()) : cursorSchema.parse(JSON.parse(cursor));
  const { before: knownTo } = place;
  if (knownTo <= since) return { outcome: "swept", messages: [], knownTo, next: null };
  // Walmart's cursor is a whole query string: it goes back as it came.
  const query = place.query ?? windowOf(since, place);
  const answer = await found(client, query);
  if (answer.outcome === "refused") return asFailure(answer);
  if (answer.outcome !== "answered") return answer;
  const { meta, elements } = answer.data.list;
  const messages = (elements?.order ?? []).flatMap((order) => messagesOf(keepApiOrder(order)));
  const next = placeAfter(place, meta?.nextCursor ?? null);
  return { outcome: "swept", messages, knownTo, next: next && JSON.stringify(next) };
}

const beginning = (now: number): Place => ({
  kind: KINDS[0],
  before: now - YOUNGEST_MS,
  query: null,
});

/**
 * Left to itself the search looks at orders created in the last seven days only, whatever is asked
 * of their changes: one that is shipped on the eighth day would never be found.
 */
function windowOf(since: number, { kind, before }: Place): string {
  const oldest = before - TOLD_MS;
  const query = new URLSearchParams({
    createdStartDate: new Date(oldest).toISOString(),
    lastModifiedStartDate: new Date(Math.max(since, oldest)).toISOString(),
    lastModifiedEndDate: new Date(before).toISOString(),
    limit: String(PAGE_SIZE),
    shipNodeType: kind,
  });
  return `?${query}`;
}

function placeAfter(place: Place, nextCursor: string | null): Place | null {
  // The same cursor again would be the same page for ever.
  if (nextCursor && nextCursor !== place.query) return { ...place, query: nextCursor };
  const kind = KINDS[KINDS.indexOf(place.kind) + 1];
  return kind === undefined ? null : { ...place, kind, query: null };
}

async function found(client: WalmartClient, query: string): Promise<Answered<Found> | Refused> {
  const path = `/v3/orders${query}`;
  const ask = { method: "GET", path, kind: "read", name: "orders" } as const;
  const answer = await client.run(foundSchema, ask);
  // "CONTENT_NOT_FOUND": no order is in the window.
  const none = answer.outcome === "refused" && answer.status === 404;
  return none ? { outcome: "answered", data: { list: {} } } : answer;
}

function messagesOf(order: KeptOrder | null): Message[] {
  return order === null ? [] : [orderMessage(order)];
}

const oneSchema = z.object({ order: apiOrderSchema });

/** Orders, and returns by their hints, as they are now. One that is not there says nothing. */
export async function ordersNow(
  client: WalmartClient,
  hints: readonly string[],
): Promise<{ outcome: "orders"; messages: Message[] } | CallFailure> {
  const messages: Message[] = [];
  for (const hint of hints) {
    const back = returnIn(hint);
    const answer = await (back === null ? orderOf(client, hint) : returnOf(client, back));
    if (answer.outcome !== "orders") return answer;
    messages.push(...answer.messages);
  }
  return { outcome: "orders", messages };
}

async function orderOf(client: WalmartClient, id: string): ReturnType<typeof returnOf> {
  const path = `/v3/orders/${encodeURIComponent(id)}`;
  const ask = { method: "GET", path, kind: "read", name: "orders" } as const;
  const answer = await client.run(oneSchema, ask);
  if (answer.outcome === "refused") {
    return answer.status === 404 ? { outcome: "orders", messages: [] } : asFailure(answer);
  }
  if (answer.outcome !== "answered") return answer;
  return { outcome: "orders", messages: messagesOf(keepApiOrder(answer.data.order)) };
}
