import { z } from "zod";
import type { Message, Sweep } from "../connector.ts";
import type { TikTokClient } from "./client.ts";

/** A page's place: TikTok's token, and the window's end, which all of its pages share (s). */
const cursorSchema = z.object({ token: z.string(), before: z.number() });

export interface Window {
  path: string;
  pageSize: number;
  /** Reads one page of an answer. */
  schema: z.ZodType<{ messages: Message[]; next_page_token?: string | null | undefined }>;
}

/**
 * What changed since `since` (ms), oldest first, one page at a time. TikTok counts in seconds: the
 * second that is not over yet is left to the next sweep.
 */
export async function sweep(
  client: TikTokClient,
  { path, pageSize, schema }: Window,
  since: number,
  cursor: string | null,
): Promise<Sweep> {
  const place = cursor ? cursorSchema.parse(JSON.parse(cursor)) : null;
  const before = place?.before ?? Math.floor(client.now() / 1_000);
  const knownTo = before * 1_000;
  const from = Math.floor(since / 1_000);
  if (before <= from) return { outcome: "swept", messages: [], knownTo, next: null };
  const answer = await client.read(schema, {
    name: "orders",
    method: "POST",
    path,
    query: {
      page_size: String(pageSize),
      sort_field: "update_time",
      sort_order: "ASC",
      ...(place ? { page_token: place.token } : {}),
    },
    body: { update_time_ge: from, update_time_lt: before },
  });
  if (answer.outcome !== "answered") return answer;
  const { messages, next_page_token: token } = answer.data;
  const next = token ? JSON.stringify({ token, before }) : null;
  return { outcome: "swept", messages, knownTo, next };
}
