import { z } from "zod";
import type { Account, CallFailure } from "../connector.ts";
import { asFailure, type WalmartClient } from "./client.ts";
import { doorSecret, isAtDoor, markedDoor } from "./door-secret.ts";
import { id, listOf } from "./quantity.ts";
import { SIGNATURE_HEADER } from "./verify.ts";

/**
 * What the product wants to hear. Nothing is told of orders that are shipped, or cancelled by the
 * merchant: the sweep finds those.
 */
const WANTED = new Set([
  "PO_CREATED",
  "PO_LINE_AUTOCANCELLED",
  "ORDER_UPDATES",
  "RETURN_CREATED",
  "RETURN_DELIVERED",
  "RETURN_INVOICED",
  "INVENTORY_OOS",
]);

const typeSchema = z.object({
  eventType: z.string(),
  eventVersion: z.string().nullish(),
  resourceName: z.string().nullish(),
});

const typesSchema = z.union([
  z.object({ events: listOf(typeSchema) }).transform(({ events }) => events),
  z.object({ eventTypes: listOf(typeSchema) }).transform(({ eventTypes }) => eventTypes),
  z.array(typeSchema),
]);

const subscriptionSchema = z.object({
  subscriptionId: id,
  eventType: z.string(),
  eventUrl: z.string(),
  status: z.string().nullish(),
});

type Subscription = z.infer<typeof subscriptionSchema>;

const subscriptionsSchema = z.union([
  z.object({ events: listOf(subscriptionSchema).nullish() }).transform((one) => one.events ?? []),
  z.array(subscriptionSchema),
]);

const SUBSCRIPTIONS = "/v3/webhooks/subscriptions";

type Listed<T> = { outcome: "listed"; rows: T[] } | CallFailure;

/**
 * Asks for every wanted event that is offered and not already sent to this door. After the app's
 * secret was changed all are asked for anew, and those of the secret before end when theirs are
 * there: until then the door knows both. What goes elsewhere is somebody else's and left alone.
 */
export async function subscribe(
  client: WalmartClient,
  account: Account,
  doorUrl: string,
): Promise<{ outcome: "subscribed" } | CallFailure> {
  const secret = doorSecret(account.secrets.clientSecret, account.connection);
  if (secret === null)
    return { outcome: "not-supported", why: "the app has no secret to sign with" };
  const offered = await listed(client, "/v3/webhooks/eventTypes", typesSchema);
  if (offered.outcome !== "listed") return offered;
  const known = await listed<Subscription>(client, SUBSCRIPTIONS, subscriptionsSchema);
  if (known.outcome !== "listed") return known;
  const door = markedDoor(doorUrl, secret);
  const heard = new Set(known.rows.filter((one) => isActiveAt(one, door)).map(eventOf));
  for (const type of offered.rows) {
    if (!WANTED.has(type.eventType) || heard.has(type.eventType)) continue;
    const failed = await create(client, subscriptionFor(type, door, secret));
    if (failed) return failed;
    heard.add(type.eventType);
  }
  const before = known.rows.filter(
    ({ eventUrl }) => isAtDoor(eventUrl, doorUrl) && eventUrl !== door,
  );
  return (await removeAll(client, before)) ?? { outcome: "subscribed" };
}

const eventOf = ({ eventType }: Subscription) => eventType;

const isActiveAt = ({ eventUrl, status }: Subscription, doorUrl: string) =>
  eventUrl === doorUrl && (status ?? "ACTIVE").toUpperCase() === "ACTIVE";

/** Which resource an event belongs to is spelt differently in their pages: theirs is taken. */
function subscriptionFor(type: z.infer<typeof typeSchema>, eventUrl: string, secret: string) {
  return {
    eventType: type.eventType,
    eventVersion: type.eventVersion ?? "V1",
    resourceName: type.resourceName ?? "ORDER",
    eventUrl,
    authDetails: { authMethod: "HMAC", authHeaderName: SIGNATURE_HEADER, clientSecret: secret },
    headers: { "content-type": "application/json" },
    status: "ACTIVE",
  };
}

async function create(client: WalmartClient, event: object): Promise<CallFailure | null> {
  const answer = await client.run(z.unknown(), {
    ...{ method: "POST", path: SUBSCRIPTIONS, json: { events: [event] } },
    ...{ kind: "write", name: null },
  });
  if (answer.outcome === "refused") return asFailure(answer);
  return answer.outcome === "answered" ? null : answer;
}

/** Takes back what goes to this door. */
export async function unsubscribe(
  client: WalmartClient,
  doorUrl: string,
): Promise<{ outcome: "unsubscribed" } | CallFailure> {
  const known = await listed<Subscription>(client, SUBSCRIPTIONS, subscriptionsSchema);
  if (known.outcome !== "listed") return known;
  const here = known.rows.filter(({ eventUrl }) => isAtDoor(eventUrl, doorUrl));
  return (await removeAll(client, here)) ?? { outcome: "unsubscribed" };
}

/** One that is gone already is as good. */
async function removeAll(
  client: WalmartClient,
  subscriptions: readonly Subscription[],
): Promise<CallFailure | null> {
  for (const { subscriptionId } of subscriptions) {
    const path = `${SUBSCRIPTIONS}/${encodeURIComponent(subscriptionId)}`;
    const ask = { method: "DELETE", path, kind: "write", name: null } as const;
    const answer = await client.run(z.unknown(), ask);
    if (answer.outcome === "refused" && answer.status !== 404) return asFailure(answer);
    if (answer.outcome !== "refused" && answer.outcome !== "answered") return answer;
  }
  return null;
}

async function listed<T>(
  client: WalmartClient,
  path: string,
  schema: z.ZodType<T[]>,
): Promise<Listed<T>> {
  const answer = await client.run(schema, { method: "GET", path, kind: "read", name: null });
  if (answer.outcome === "refused") {
    return answer.status === 404 ? { outcome: "listed", rows: [] } : asFailure(answer);
  }
  return answer.outcome === "answered" ? { outcome: "listed", rows: answer.data } : answer;
}
