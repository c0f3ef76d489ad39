import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { uuid } from "../../sandbox/random.ts";
import { API } from "./account.ts";
import { apiError, invalid } from "./errors.ts";
import { guarded } from "./guard.ts";
import type { AmazonMoment } from "./state.ts";

const NOTIFICATIONS = `${API}/notifications/v1`;

/** Where notifications go, and who asked for which. */
export function notificationHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [...destinationHandlers(moment), ...subscriptionHandlers(moment)];
}

function destinationHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.get(`${NOTIFICATIONS}/destinations`, ({ request }) => {
      const now = moment();
      return guarded(now, "getDestinations", request, () =>
        HttpResponse.json({ payload: now.state.destinations }),
      );
    }),
    http.post(`${NOTIFICATIONS}/destinations`, async ({ request }) => {
      const body: unknown = await request.json().catch(() => null);
      const now = moment();
      return guarded(now, "createDestination", request, () => createDestination(now, body));
    }),
  ];
}

const destinationSchema = z.object({
  name: z.string().min(1).max(256),
  resourceSpecification: z.union([
    z.strictObject({ sqs: z.object({ arn: z.string().regex(/^arn:aws:sqs:\S+:\S+:\S+/) }) }),
    z.strictObject({ eventBridge: z.object({ accountId: z.string(), region: z.string() }) }),
  ]),
});

function createDestination({ state }: AmazonMoment, body: unknown): Response {
  const wanted = destinationSchema.safeParse(body);
  if (!wanted.success) return invalid("Request input is invalid.");
  const { name, resourceSpecification } = wanted.data;
  const resource =
    "sqs" in resourceSpecification
      ? resourceSpecification
      : { eventBridge: { ...resourceSpecification.eventBridge, name: "sandbox-event-source" } };
  const same = JSON.stringify(resource);
  if (state.destinations.some((one) => JSON.stringify(one.resource) === same)) {
    return apiError(409, "Conflict", "A destination of this resource exists.");
  }
  const made = { destinationId: uuid(state.market), name, resource };
  state.destinations.push(made);
  return HttpResponse.json({ payload: made });
}

function subscriptionHandlers(moment: () => AmazonMoment): RequestHandler[] {
  const one = `${NOTIFICATIONS}/subscriptions/:type`;
  return [
    http.get(one, ({ request, params }) => {
      const now = moment();
      return guarded(now, "getSubscription", request, () => {
        const payload = now.state.subscriptions[String(params.type)];
        return payload ? HttpResponse.json({ payload }) : notFound();
      });
    }),
    http.post(one, async ({ request, params }) => {
      const body: unknown = await request.json().catch(() => null);
      const now = moment();
      return guarded(now, "createSubscription", request, () =>
        createSubscription(now, String(params.type), body),
      );
    }),
    http.delete(`${one}/:id`, ({ request, params }) => {
      const now = moment();
      const type = String(params.type);
      return guarded(now, "deleteSubscriptionById", request, () => {
        if (now.state.subscriptions[type]?.subscriptionId !== params.id) return notFound();
        delete now.state.subscriptions[type];
        return HttpResponse.json({});
      });
    }),
  ];
}

const notFound = () => apiError(404, "NotFound", "There is no such subscription.");

const subscriptionSchema = z.object({ payloadVersion: z.string(), destinationId: z.string() });

function createSubscription({ state }: AmazonMoment, type: string, body: unknown): Response {
  const wanted = subscriptionSchema.safeParse(body);
  if (!wanted.success) return invalid("Request input is invalid.");
  const to = state.destinations.find((one) => one.destinationId === wanted.data.destinationId);
  // ORDER_CHANGE is put into a queue; what tells of listings goes by EventBridge.
  const way = type === "ORDER_CHANGE" ? "sqs" : "eventBridge";
  if (!to || !(way in to.resource)) return invalid("'destinationId' is invalid.");
  if (state.subscriptions[type]) {
    return apiError(409, "Conflict", "There is a subscription of this type.");
  }
  const payload = { subscriptionId: uuid(state.market), ...wanted.data };
  state.subscriptions[type] = payload;
  return HttpResponse.json({ payload });
}
