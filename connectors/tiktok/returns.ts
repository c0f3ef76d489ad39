import { z } from "zod";
import type { CallFailure, Message, Sweep } from "../connector.ts";
import type { TikTokClient } from "./client.ts";
import { returnMessage } from "./message.ts";
import { apiReturnSchema, keepReturn } from "./return.ts";
import { sweep } from "./sweep.ts";

const PATH = "/return_refund/202309/returns/search";

/** The search answers 50 at most. */
const PAGE_SIZE = 50;

const foundSchema = z
  .object({
    return_orders: z.array(apiReturnSchema).nullish(),
    next_page_token: z.string().nullish(),
  })
  .transform(({ return_orders, next_page_token }) => ({
    messages: (return_orders ?? []).flatMap((back) => returnMessage(keepReturn(back))),
    next_page_token,
  }));

/** Returns changed since `since`. */
export function returnsSince(
  client: TikTokClient,
  since: number,
  cursor: string | null,
): Promise<Sweep> {
  const window = { path: PATH, pageSize: PAGE_SIZE, schema: foundSchema };
  return sweep(client, window, since, cursor);
}

/** These returns as they are now. */
export async function returnsByIds(
  client: TikTokClient,
  ids: readonly string[],
): Promise<{ outcome: "orders"; messages: Message[] } | CallFailure> {
  const messages: Message[] = [];
  for (let from = 0; from < ids.length; from += PAGE_SIZE) {
    const answer = await client.read(foundSchema, {
      name: "orders",
      method: "POST",
      path: PATH,
      query: { page_size: String(PAGE_SIZE) },
      body: { return_ids: ids.slice(from, from + PAGE_SIZE) },
    });
    if (answer.outcome !== "answered") return answer;
    messages.push(...answer.data.messages);
  }
  return { outcome: "orders", messages };
}
