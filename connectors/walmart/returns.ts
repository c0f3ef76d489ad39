import { z } from "zod";
import type { CallFailure, Message, Sweep } from "../connector.ts";
import { saying } from "../http.ts";
import { asFailure, type WalmartClient } from "./client.ts";
import { returnMessage } from "./message.ts";
import { listOf } from "./quantity.ts";
import { apiReturnSchema, keepApiReturn } from "./return.ts";

const foundSchema = saying(
  z.object({
    meta: z.object({ nextCursor: z.string().nullish() }).nullish(),
    returnOrders: listOf(apiReturnSchema).nullish(),
  }),
  "meta",
  "returnOrders",
);

type Found = z.infer<typeof foundSchema>;

const cursorSchema = z.object({ before: z.number(), query: z.string() });

const PAGE_SIZE = 200;

/** Returns changed since `since`, 200 a page. They are counted apart: 50 calls a minute. */
export async function returnsSince(
  client: WalmartClient,
  since: number,
  cursor: string | null,
): Promise<Sweep> {
  const place = cursor === null ? null : cursorSchema.parse(JSON.parse(cursor));
  const before = place?.before ?? client.now();
  const answer = await found(client, place?.query ?? windowOf(since, before));
  if (answer.outcome !== "answered") return answer;
  const query = answer.data.meta?.nextCursor;
  const more = query && query !== place?.query;
  return {
    outcome: "swept",
    messages: messagesOf(answer.data),
    knownTo: before,
    next: more ? JSON.stringify({ before, query }) : null,
  };
}

function windowOf(since: number, before: number): string {
  const query = new URLSearchParams({
    returnLastModifiedStartDate: new Date(since).toISOString(),
    returnLastModifiedEndDate: new Date(before).toISOString(),
    limit: String(PAGE_SIZE),
  });
  return `?${query}`;
}

async function found(
  client: WalmartClient,
  query: string,
): Promise<{ outcome: "answered"; data: Found } | CallFailure> {
  const path = `/v3/returns${query}`;
  const ask = { method: "GET", path, kind: "read", name: null } as const;
  const answer = await client.run(foundSchema, ask);
  if (answer.outcome !== "refused") return answer;
  // "CONTENT_NOT_FOUND": nothing came back in the window.
  return answer.status === 404 ? { outcome: "answered", data: {} } : asFailure(answer);
}

function messagesOf({ returnOrders }: Found): Message[] {
  return (returnOrders ?? []).flatMap((back) => {
    const kept = keepApiReturn(back);
    return kept === null ? [] : [returnMessage(kept)];
  });
}

/** One return as it is now. */
export async function returnOf(
  client: WalmartClient,
  id: string,
): Promise<{ outcome: "orders"; messages: Message[] } | CallFailure> {
  const answer = await found(client, `?returnOrderId=${encodeURIComponent(id)}`);
  if (answer.outcome !== "answered") return answer;
  return { outcome: "orders", messages: messagesOf(answer.data) };
}
