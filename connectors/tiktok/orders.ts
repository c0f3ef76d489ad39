import { z } from "zod";
import type { CallFailure, Message, Session, Sweep } from "../connector.ts";
import type { TikTokClient } from "./client.ts";
import { orderMessage, splitHints } from "./message.ts";
import { apiOrderSchema, keepOrder } from "./order.ts";
import { returnsByIds } from "./returns.ts";
import { sweep } from "./sweep.ts";

const foundSchema = z
  .object({ orders: z.array(apiOrderSchema).nullish(), next_page_token: z.string().nullish() })
  .transform(({ orders, next_page_token }) => ({
    messages: (orders ?? []).flatMap((order) => orderMessage(keepOrder(order))),
    next_page_token,
  }));

/** Orders changed since `since`, 100 a page. */
export function ordersSince(
  client: TikTokClient,
  since: number,
  cursor: string | null,
): Promise<Sweep> {
  const path = "/order/202309/orders/search";
  return sweep(client, { path, pageSize: 100, schema: foundSchema }, since, cursor);
}

/** Ids that one call of the order details takes. */
const IDS_MAX = 50;

/** What hints pointed at, as it is now: orders, and returns among them. */
export async function pointedAt(
  client: TikTokClient,
  ids: readonly string[],
): ReturnType<NonNullable<Session["orders"]>> {
  const { orders, returns } = splitHints(ids);
  const messages: Message[] = [];
  for (let from = 0; from < orders.length; from += IDS_MAX) {
    const found = await ordersByIds(client, orders.slice(from, from + IDS_MAX));
    if (found.outcome !== "orders") return found;
    messages.push(...found.messages);
  }
  if (returns.length === 0) return { outcome: "orders", messages };
  const found = await returnsByIds(client, returns);
  if (found.outcome !== "orders") return found;
  return { outcome: "orders", messages: [...messages, ...found.messages] };
}

async function ordersByIds(
  client: TikTokClient,
  ids: string[],
): Promise<{ outcome: "orders"; messages: Message[] } | CallFailure> {
  const answer = await client.read(foundSchema, {
    name: "orders",
    method: "GET",
    path: "/order/202309/orders",
    query: { ids: ids.join(",") },
  });
  if (answer.outcome !== "answered") return answer;
  return { outcome: "orders", messages: answer.data.messages };
}
