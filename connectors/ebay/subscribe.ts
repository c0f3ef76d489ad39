import { z } from "zod";
import { appDoorBeside } from "../app-door.ts";
import type { Account, CallFailure, Session } from "../connector.ts";
import type { Answered } from "../http.ts";
import { saying } from "../http.ts";
import type { EbayClient } from "./client.ts";
import { keepAliveAtZero } from "./out-of-stock.ts";

/** What we listen to, and whose it is: a merchant's, or the whole app's. */
const TOPICS = [
  { topicId: "ORDER_CONFIRMATION", as: "merchant" },
  { topicId: "ITEM_MARKED_SHIPPED", as: "merchant" },
  { topicId: "AUTHORIZATION_REVOCATION", as: "app" },
  { topicId: "MARKETPLACE_ACCOUNT_DELETION", as: "app" },
] as const;

type Topic = (typeof TOPICS)[number];

/** Not authorized for the topic: the sweep finds what it would have told. */
const NOT_FOR_US = 195_011;
const SUBSCRIBED_ALREADY = 195_012;
const THERE_ALREADY = 195_021;
/** Other subscriptions may still lead to a destination. */
const IN_USE = 195_024;

/** Creating says nothing but where the new thing is, and the library does not tell that. */
const nothing = z.unknown();

const destinationsSchema = saying(
  z.object({
    destinations: z
      .array(
        z.object({
          destinationId: z.string(),
          status: z.string().optional(),
          deliveryConfig: z.unknown(),
        }),
      )
      .default([]),
    next: z.string().nullish(),
  }),
  "destinations",
  "total",
);

type Destination = z.infer<typeof destinationsSchema>["destinations"][number];

const subscriptionsSchema = saying(
  z.object({
    subscriptions: z
      .array(
        z.object({
          subscriptionId: z.string(),
          topicId: z.string(),
          status: z.string().optional(),
          destinationId: z.string().optional(),
        }),
      )
      .default([]),
    next: z.string().nullish(),
  }),
  "subscriptions",
  "total",
);

type Subscription = z.infer<typeof subscriptionsSchema>["subscriptions"][number];

/** Everything that has to be there before eBay sends anything; what is there is left alone. */
export async function subscribe(
  client: EbayClient,
  account: Account,
  doorUrl: string,
): ReturnType<NonNullable<Session["subscribe"]>> {
  const failure = (await keepAliveAtZero(client)) ?? (await keepConfig(client, account));
  if (failure) return failure;
  const doors = { merchant: doorUrl, app: appDoorBeside(doorUrl, "ebay") };
  for (const as of ["merchant", "app"] as const) {
    const destination = await keepDestination(client, account, doors[as]);
    if (destination.outcome !== "answered") return destination;
    for (const topic of TOPICS.filter((one) => one.as === as)) {
      const trouble = await keepSubscription(client, topic, destination.data);
      if (trouble) return trouble;
    }
  }
  return { outcome: "subscribed" };
}

/**
 * eBay sends nothing until it has an address to complain to. It is the one that whoever runs the app
 * has named; where he named none, one that is there already does.
 */
async function keepConfig(client: EbayClient, account: Account): Promise<CallFailure | null> {
  const schema = z.object({ alertEmail: z.string().optional() });
  const known = await client.rest({ kind: "read", schema, as: "app" }, (api) =>
    api.commerce.notification.getConfig(),
  );
  if (known.outcome !== "answered") return known;
  const { alertEmail } = account.secrets;
  if (known.data?.alertEmail && (alertEmail ?? known.data.alertEmail) === known.data.alertEmail) {
    return null;
  }
  if (!alertEmail) {
    const why = "eBay sends no notifications before it has a mailbox for its alerts";
    return { outcome: "unauthorized", why, cause: "forbidden" };
  }
  const put = await client.rest({ kind: "write", schema: nothing, as: "app" }, (api) =>
    api.commerce.notification.updateConfig({ alertEmail }),
  );
  return put.outcome === "answered" ? null : put;
}

/** The destination that is our door, made if it is not there. eBay tests the door as it makes it. */
async function keepDestination(
  client: EbayClient,
  account: Account,
  doorUrl: string,
): Promise<Answered<string>> {
  const known = await findDestination(client, doorUrl);
  if (known.outcome !== "answered") return known;
  if (known.data?.status === "ENABLED") return answeredWith(known.data.destinationId);
  const { verificationToken = "" } = account.secrets;
  const deliveryConfig = { endpoint: doorUrl, verificationToken };
  const wanted = { name: "Ballast", status: "ENABLED", deliveryConfig };
  const id = known.data?.destinationId;
  // Another merchant's check may make the app's one at the same time.
  const tolerate = [THERE_ALREADY];
  const write = { kind: "write", schema: nothing, as: "app", tolerate } as const;
  const made = await client.rest(write, ({ commerce: { notification } }) =>
    id === undefined
      ? notification.createDestination(wanted)
      : notification.updateDestination(id, wanted),
  );
  if (made.outcome !== "answered") return made;
  const found = await findDestination(client, doorUrl);
  if (found.outcome !== "answered") return found;
  if (found.data) return answeredWith(found.data.destinationId);
  return { outcome: "unavailable", why: "eBay took the destination and does not have it" };
}

const answeredWith = <T>(data: T): Answered<T> => ({ outcome: "answered", data });

/** Destinations, or subscriptions, on a page. */
const LIMIT = "100";

async function findDestination(
  client: EbayClient,
  doorUrl: string,
): Promise<Answered<Destination | null>> {
  for (let token: string | undefined; ; ) {
    const reading = { kind: "read", schema: destinationsSchema, as: "app" } as const;
    const page = await client.rest(reading, (api) =>
      api.commerce.notification.getDestinations({ limit: LIMIT, continuationToken: token }),
    );
    if (page.outcome !== "answered") return page;
    const found = page.data?.destinations.find((one) => endpointOf(one) === doorUrl);
    if (found) return answeredWith(found);
    token = tokenOf(page.data?.next);
    if (token === undefined) return answeredWith(null);
  }
}

const configSchema = z.object({ endpoint: z.string() });

/** eBay's model calls it a text and its samples show an object: both are read. */
function endpointOf({ deliveryConfig }: Destination): string | null {
  const config = typeof deliveryConfig === "string" ? parsed(deliveryConfig) : deliveryConfig;
  return configSchema.safeParse(config).data?.endpoint ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The next page is told as an address with a token in it. */
function tokenOf(next: string | null | undefined): string | undefined {
  if (!next) return undefined;
  return new URL(next, "https://api.ebay.com").searchParams.get("continuation_token") ?? undefined;
}

async function subscriptionsOf(
  client: EbayClient,
  as: Topic["as"],
): Promise<Answered<Subscription[]>> {
  const found: Subscription[] = [];
  for (let token: string | undefined; ; ) {
    const page = await client.rest({ kind: "read", schema: subscriptionsSchema, as }, (api) =>
      api.commerce.notification.getSubscriptions({ limit: LIMIT, continuationToken: token }),
    );
    if (page.outcome !== "answered") return page;
    found.push(...(page.data?.subscriptions ?? []));
    token = tokenOf(page.data?.next);
    if (token === undefined) return answeredWith(found);
  }
}

/**
 * A merchant's topics lead to his door. The app has one subscription of each of its own, for all
 * merchants: it leads to the app's door, which finds out whom it is about.
 */
async function keepSubscription(
  client: EbayClient,
  { topicId, as }: Topic,
  destinationId: string,
): Promise<CallFailure | null> {
  const known = await subscriptionsOf(client, as);
  if (known.outcome !== "answered") return known;
  const own = known.data.find((one) => one.topicId === topicId);
  if (own?.destinationId === destinationId && own.status === "ENABLED") return null;
  const payload = { format: "JSON", schemaVersion: "1.0", deliveryProtocol: "HTTPS" };
  const tolerate = [NOT_FOR_US, SUBSCRIBED_ALREADY];
  const write = { kind: "write", schema: nothing, as, tolerate } as const;
  const wanted = { status: "ENABLED", payload, destinationId };
  const made = await client.rest(write, ({ commerce: { notification } }) =>
    own
      ? notification.updateSubscription(own.subscriptionId, wanted)
      : notification.createSubscription({ topicId, ...wanted }),
  );
  return made.outcome === "answered" ? null : made;
}

/** Takes back the merchant's own topics; the destination goes where nothing leads to it any more. */
export async function unsubscribe(
  client: EbayClient,
  doorUrl: string,
): ReturnType<NonNullable<Session["unsubscribe"]>> {
  const destination = await findDestination(client, doorUrl);
  if (destination.outcome !== "answered") return destination;
  const id = destination.data?.destinationId;
  if (id === undefined) return { outcome: "unsubscribed" };
  const known = await subscriptionsOf(client, "merchant");
  if (known.outcome !== "answered") return known;
  for (const { subscriptionId } of known.data.filter((one) => one.destinationId === id)) {
    const reading = { kind: "write", schema: nothing } as const;
    const gone = await client.rest(reading, (api) =>
      api.commerce.notification.deleteSubscription(subscriptionId),
    );
    if (gone.outcome !== "answered") return gone;
  }
  const write = { kind: "write", schema: nothing, as: "app", tolerate: [IN_USE] } as const;
  const gone = await client.rest(write, (api) => api.commerce.notification.deleteDestination(id));
  return gone.outcome === "answered" ? { outcome: "unsubscribed" } : gone;
}
