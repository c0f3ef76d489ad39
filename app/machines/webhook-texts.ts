import { exhaustive } from "../../inventory/assert.ts";
import type { WebhookEvent } from "../../inventory/webhook.ts";
import type { DeliveryState } from "../../prisma/webhook-deliveries.ts";

/* Every sentence of the pages of webhooks. Plain text: no markup, no address. */

export const EVENT_TEXTS: Record<WebhookEvent, string> = {
  "stock.changed": "An item's stock has changed",
  "hold.expired": "A cart's hold has expired",
  oversold: "An item is oversold",
  "listing.drifted": "Somebody else changed a listing's number",
  "dead_letter.created": "Work was given up and waits for a person",
};

/** What became of an owner's decision about webhooks. */
export type WebhooksResult =
  /** The secret is shown this once. */
  | { outcome: "created" | "rotated"; secret: string }
  | { outcome: "tested" | "saved" | "enabled" | "disabled" | "deleted" }
  /** There are more from `next` on. */
  | { outcome: "replayed"; events: number; next: string | null }
  | { outcome: "invalid"; errors: Partial<Record<"url" | "events" | "description", string>> }
  | { outcome: "gone" };

export const WEBHOOK_ERRORS = {
  url: "Enter an address that begins with https://.",
  events: "Choose at least one event.",
  description: "Up to 200 characters.",
} as const;

export const SECRET_HELP =
  "Your program checks with it that an event is ours. It is shown only now: keep it where secrets are kept.";

export function webhooksText(result: Exclude<WebhooksResult, { outcome: "invalid" }>): string {
  switch (result.outcome) {
    case "created":
      return "The endpoint is told from now on. Copy its secret now: it is shown only this once.";
    case "rotated":
      return "This is the new secret. For a day the old one signs as well.";
    case "tested":
      return "A test event is on its way: see the log below.";
    case "saved":
      return "Saved.";
    case "enabled":
      return "It is told of new events again.";
    case "disabled":
      return "It is told of no new events until you switch it on again.";
    case "deleted":
      return "The endpoint is gone.";
    case "replayed":
      return replayedText(result);
    case "gone":
      return "This endpoint is not there any more.";
    default:
      return exhaustive(result);
  }
}

function replayedText({ events, next }: { events: number; next: string | null }): string {
  if (events === 0) return "There was nothing to send again.";
  const sent = `${events === 1 ? "1 event is" : `${events} events are`} sent again.`;
  return next === null ? sent : `${sent} There are more, from no. ${next} on.`;
}

export const DELIVERY_TEXTS: Record<DeliveryState, string> = {
  waiting: "Waiting",
  sending: "On its way",
  retrying: "Tried again",
  delivered: "Delivered",
  dead: "Given up",
};

/** What an endpoint answered: "200 in 87 ms", "no answer". */
export function answerText(
  { status, latencyMs }: { status: number | null; latencyMs: number | null },
  duration: (ms: number) => string,
): string {
  if (latencyMs === null) return "–";
  return status === null ? "no answer" : `${status} in ${duration(latencyMs)}`;
}
