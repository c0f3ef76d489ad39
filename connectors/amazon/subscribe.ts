import { z } from "zod";
import type { Account, CallFailure } from "../connector.ts";
import type { Answered } from "../http.ts";
import { saying } from "../http.ts";
import type { AmazonClient } from "./client.ts";
import { placeOf, queueUrlOf } from "./queue.ts";

/** What is asked for. Amazon puts the first into the queue itself, the second by EventBridge. */
const ORDERS = "ORDER_CHANGE";
const QUANTITIES = "LISTINGS_ITEM_MFN_QUANTITY_CHANGE";

type Resource = { sqs: { arn: string } } | { eventBridge: { accountId: string; region: string } };

const destinationSchema = z.object({
  destinationId: z.string(),
  resource: z.object({
    sqs: z.object({ arn: z.string() }).nullish(),
    eventBridge: z.object({ accountId: z.string(), region: z.string() }).nullish(),
  }),
});

const destinationsSchema = saying(
  z.object({ payload: z.array(destinationSchema).nullish() }),
  "payload",
);
const createdSchema = z.object({ payload: z.object({ destinationId: z.string() }) });
const subscriptionSchema = z.object({
  payload: z.object({ subscriptionId: z.string(), destinationId: z.string() }).nullish(),
});

type Subscribed = { outcome: "subscribed" } | CallFailure;

/**
 * Asks for this seller's notifications: https://developer-docs.amazon.com/sp-api/docs/notifications-api.
 * The queue must let Amazon write into it, and an EventBridge rule must hand on what tells of
 * quantities; both are set up once, with the queue. Without the latter drift is found later, by
 * reading back: that it cannot be had is no failure.
 */
export async function subscribe(client: AmazonClient, account: Account): Promise<Subscribed> {
  const { region, owner, arn } = placeOf(queueUrlOf(account));
  if (!arn) return { outcome: "not-supported", why: "there is no queue to send them to" };
  const orders = await subscribeTo(client, ORDERS, { sqs: { arn } });
  if (orders.outcome !== "subscribed") return orders;
  const eventBridge = { accountId: owner, region };
  const quantities = await subscribeTo(client, QUANTITIES, { eventBridge });
  const passing = quantities.outcome === "throttled" || quantities.outcome === "unavailable";
  return passing ? quantities : orders;
}

/** Takes back both. The destinations are the app's, and stay for other sellers. */
export async function unsubscribe(
  client: AmazonClient,
): Promise<{ outcome: "unsubscribed" } | CallFailure> {
  for (const type of [ORDERS, QUANTITIES]) {
    const known = await subscriptionOf(client, type);
    if (known.outcome !== "answered") return known;
    const removed = known.data ? await remove(client, type, known.data.subscriptionId) : known;
    if (removed.outcome !== "answered") return removed;
  }
  return { outcome: "unsubscribed" };
}

async function subscribeTo(
  client: AmazonClient,
  type: string,
  resource: Resource,
): Promise<Subscribed> {
  const destination = await destinationFor(client, type, resource);
  if (destination.outcome !== "answered") return destination;
  const known = await subscriptionOf(client, type);
  if (known.outcome !== "answered") return known;
  if (known.data?.destinationId === destination.data) return { outcome: "subscribed" };
  // There is one subscription of a type: what leads to an old queue makes way.
  const removed = known.data ? await remove(client, type, known.data.subscriptionId) : known;
  if (removed.outcome !== "answered") return removed;
  const created = await client.run(subscriptionSchema, {
    operation: "notifications.createSubscription",
    plan: "createSubscription",
    kind: "read",
    // Conflict: another process was here first, and asked for the same.
    absent: [409],
    path: { notificationType: type },
    query: {},
    body: { payloadVersion: "1.0", destinationId: destination.data },
  });
  return created.outcome === "answered" ? { outcome: "subscribed" } : created;
}

async function subscriptionOf(client: AmazonClient, type: string) {
  const answer = await client.run(subscriptionSchema, {
    operation: "notifications.getSubscription",
    plan: "getSubscription",
    kind: "read",
    path: { notificationType: type },
    query: {},
  });
  if (answer.outcome !== "answered") return answer;
  return { outcome: "answered", data: answer.data?.payload ?? null } as const;
}

function remove(client: AmazonClient, type: string, id: string) {
  const path = `/notifications/v1/subscriptions/${type}/${encodeURIComponent(id)}`;
  return client.run(z.unknown(), {
    route: { method: "DELETE", path },
    plan: "deleteSubscriptionById",
    kind: "read",
    query: {},
  });
}

const DESTINATIONS = "/notifications/v1/destinations";

/** The app's destination of that resource, made where it is not there yet. */
async function destinationFor(
  client: AmazonClient,
  type: string,
  resource: Resource,
): Promise<Answered<string>> {
  const known = await client.run(destinationsSchema, {
    route: { method: "GET", path: DESTINATIONS },
    plan: "getDestinations",
    kind: "read",
    query: {},
  });
  if (known.outcome !== "answered") return known;
  const found = known.data?.payload?.find((one) => leadsTo(one, resource));
  if (found) return { outcome: "answered", data: found.destinationId };
  const created = await client.run(createdSchema, {
    route: { method: "POST", path: DESTINATIONS },
    plan: "createDestination",
    kind: "read",
    query: {},
    body: { name: `ballast-${type.toLowerCase()}`, resourceSpecification: resource },
  });
  if (created.outcome !== "answered") return created;
  if (!created.data) return { outcome: "unavailable", why: "no destination was made" };
  return { outcome: "answered", data: created.data.payload.destinationId };
}

function leadsTo({ resource }: z.infer<typeof destinationSchema>, wanted: Resource): boolean {
  if ("sqs" in wanted) return resource.sqs?.arn === wanted.sqs.arn;
  const { accountId, region } = wanted.eventBridge;
  return resource.eventBridge?.accountId === accountId && resource.eventBridge.region === region;
}
