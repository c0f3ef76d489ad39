import { z } from "zod";
import type { CallFailure } from "../connector.ts";
import type { TikTokCall, TikTokClient } from "./client.ts";

const WEBHOOKS = "/event/202309/webhooks";

/** What we ask TikTok to tell of this shop. */
export const EVENT_TYPES = [
  "ORDER_STATUS_CHANGE",
  "CANCELLATION_STATUS_CHANGE",
  "RETURN_STATUS_CHANGE",
  "SELLER_DEAUTHORIZATION",
  "UPCOMING_AUTHORIZATION_EXPIRATION",
];

/** New in 2026 and not in every market: a shop without it has its numbers read back instead. */
export const OPTIONAL_EVENT_TYPE = "INVENTORY_CHANGED";

/** One call for each kind of event; asking again changes nothing. */
export async function subscribe(
  client: TikTokClient,
  address: string,
): Promise<{ outcome: "subscribed" } | CallFailure> {
  const failure = await forEach(client, (event_type) => ({
    name: "listings",
    method: "PUT",
    path: WEBHOOKS,
    body: { address, event_type },
  }));
  return failure ?? { outcome: "subscribed" };
}

export async function unsubscribe(
  client: TikTokClient,
): Promise<{ outcome: "unsubscribed" } | CallFailure> {
  const failure = await forEach(client, (event_type) => ({
    name: "listings",
    method: "DELETE",
    path: WEBHOOKS,
    body: { event_type },
  }));
  return failure ?? { outcome: "unsubscribed" };
}

/** Named like reads: each sets the same thing however often it is done. */
async function forEach(
  client: TikTokClient,
  callFor: (event: string) => TikTokCall,
): Promise<CallFailure | null> {
  for (const event of [...EVENT_TYPES, OPTIONAL_EVENT_TYPE]) {
    const answer = await client.read(z.unknown(), callFor(event));
    const unknown = answer.outcome === "not-supported" && event === OPTIONAL_EVENT_TYPE;
    if (answer.outcome !== "answered" && !unknown) return answer;
  }
  return null;
}
