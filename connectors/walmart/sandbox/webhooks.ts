import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { uuid } from "../../sandbox/random.ts";
import { invalid, notFound } from "./errors.ts";
import { guarded } from "./guard.ts";
import type { WalmartMoment, WalmartState } from "./state.ts";

const WEBHOOKS = "https://marketplace.walmartapis.com/v3/webhooks";

/** What may be subscribed to, and the resource each belongs to. */
const EVENT_TYPES = {
  PO_CREATED: "ORDER",
  PO_LINE_AUTOCANCELLED: "ORDER",
  INTENT_TO_CANCEL: "ORDER",
  ORDER_UPDATES: "ORDER",
  RETURN_CREATED: "ReturnsAndRefunds",
  RETURN_DELIVERED: "ReturnsAndRefunds",
  RETURN_INVOICED: "ReturnsAndRefunds",
  INVENTORY_OOS: "INVENTORY",
  OFFER_UNPUBLISHED: "ITEM",
} as const;

const eventSchema = z.object({
  eventType: z.enum(Object.keys(EVENT_TYPES) as (keyof typeof EVENT_TYPES)[]),
  eventVersion: z.literal("V1"),
  resourceName: z.string(),
  eventUrl: z.url(),
  status: z.enum(["ACTIVE", "INACTIVE"]),
  authDetails: z.object({
    authMethod: z.enum(["BASIC_AUTH", "HMAC", "OAUTH"]),
    authHeaderName: z.string().optional(),
    userName: z.string().optional(),
    password: z.string().optional(),
    clientSecret: z.string().optional(),
  }),
});

const subscribeSchema = z.object({ events: z.array(eventSchema).min(1) });

/** Subscriptions: each event to one address, with the secret that was given. */
export function webhookHandlers(moment: () => WalmartMoment): RequestHandler[] {
  return [
    http.get(`${WEBHOOKS}/eventTypes`, ({ request }) => {
      const now = moment();
      return guarded(now, "eventTypes", request, () => {
        const events = Object.entries(EVENT_TYPES).map(([eventType, resourceName]) => ({
          ...{ eventType, eventVersion: "V1", resourceName },
        }));
        return HttpResponse.json({ events });
      });
    }),
    http.get(`${WEBHOOKS}/subscriptions`, ({ request }) => {
      const now = moment();
      return guarded(now, "listSubscriptions", request, () => {
        // Secrets are never told again.
        const events = now.state.subscriptions.map(({ authDetails: _, ...told }) => told);
        return events.length > 0 ? HttpResponse.json({ events }) : notFound("No subscriptions.");
      });
    }),
    http.post(`${WEBHOOKS}/subscriptions`, ({ request }) => {
      const now = moment();
      return guarded(now, "createSubscription", request, async () =>
        subscribe(now, await request.json().catch(() => null)),
      );
    }),
    http.delete(`${WEBHOOKS}/subscriptions/:id`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "deleteSubscription", request, () => remove(now, String(params.id)));
    }),
  ];
}

function subscribe({ state }: WalmartMoment, body: unknown): Response {
  const wanted = subscribeSchema.safeParse(body);
  if (!wanted.success) return invalid("events", "The subscription is invalid.");
  const strange = wanted.data.events.find((one) => one.resourceName !== EVENT_TYPES[one.eventType]);
  if (strange) return invalid("resourceName", "The resource does not fit the event.");
  const made = wanted.data.events.map((one) => ({ ...one, subscriptionId: uuid(state.market) }));
  state.subscriptions.push(...made);
  state.subscribed = true;
  pointDoor(state);
  const events = made.map(({ authDetails: _, ...told }) => told);
  return HttpResponse.json({ events });
}

function remove({ state }: WalmartMoment, id: string): Response {
  const left = state.subscriptions.filter((one) => one.subscriptionId !== id);
  if (left.length === state.subscriptions.length) return notFound("No such subscription.");
  state.subscriptions = left;
  pointDoor(state);
  return HttpResponse.json({ message: "Subscription is deleted." });
}

/** One address for all of them is enough here: nobody else listens to the sandbox's merchant. */
function pointDoor({ market, subscriptions }: WalmartState): void {
  market.door = subscriptions.at(-1)?.eventUrl ?? null;
}
