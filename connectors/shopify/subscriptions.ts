import { z } from "zod";
import type { CallFailure } from "../connector.ts";
import type { ShopifyClient } from "./client.ts";
import { SUBSCRIBE, SUBSCRIPTIONS, UNSUBSCRIBE } from "./documents.ts";

const subscriptionsSchema = z.object({
  webhookSubscriptions: z.object({
    nodes: z.array(z.object({ id: z.string(), topic: z.string() })),
  }),
});

const errorsSchema = z.array(z.object({ message: z.string() }));

const subscribedSchema = z.object({
  webhookSubscriptionCreate: z.object({ userErrors: errorsSchema }).nullable(),
});

const unsubscribedSchema = z.object({
  webhookSubscriptionDelete: z.object({ userErrors: errorsSchema }).nullable(),
});

/** orders/create is ORDERS_CREATE where it is subscribed to. */
const enumOf = (topic: string) => topic.replace("/", "_").toUpperCase();

/**
 * Subscribes this shop's connection to what is missing of `topics`, and takes back what is not
 * wanted any more. Each connection has a door of its own,
 * which the app's configuration, one for all shops, cannot name. Shopify deletes a subscription
 * after eight failures in a row, so asking again from time to time brings it back.
 */
export async function subscribe(
  client: ShopifyClient,
  doorUrl: string,
  topics: readonly string[],
): Promise<{ outcome: "subscribed" } | CallFailure> {
  const known = await subscriptionsTo(client, doorUrl);
  if (known.outcome !== "answered") return known;
  const { nodes } = known.data.webhookSubscriptions;
  const wanted = new Set(topics.map(enumOf));
  const surplus = nodes.filter((one) => !wanted.has(one.topic)).map((one) => one.id);
  const failed = await remove(client, surplus);
  if (failed) return failed;
  const heard = new Set(nodes.map((one) => one.topic));
  for (const topic of [...wanted].filter((one) => !heard.has(one))) {
    const variables = { topic, door: doorUrl };
    const answer = await client.mutate(subscribedSchema, SUBSCRIBE, variables);
    const failure = failureIn(answer, (data) => data.webhookSubscriptionCreate?.userErrors);
    if (failure) return failure;
  }
  return { outcome: "subscribed" };
}

/** Deletes what `subscribe` made, and nobody else's. */
export async function unsubscribe(
  client: ShopifyClient,
  doorUrl: string,
): Promise<{ outcome: "unsubscribed" } | CallFailure> {
  const known = await subscriptionsTo(client, doorUrl);
  if (known.outcome !== "answered") return known;
  const ids = known.data.webhookSubscriptions.nodes.map((one) => one.id);
  return (await remove(client, ids)) ?? { outcome: "unsubscribed" };
}

async function remove(client: ShopifyClient, ids: readonly string[]): Promise<CallFailure | null> {
  for (const id of ids) {
    const answer = await client.mutate(unsubscribedSchema, UNSUBSCRIBE, { id });
    const failure = failureIn(answer, (data) => data.webhookSubscriptionDelete?.userErrors);
    if (failure) return failure;
  }
  return null;
}

const subscriptionsTo = (client: ShopifyClient, door: string) =>
  client.query(subscriptionsSchema, SUBSCRIPTIONS, { door });

/** Either may be done again, so one whose answer was lost is simply not done yet. */
function failureIn<T>(
  answer: { outcome: "answered"; data: T } | CallFailure,
  errorsOf: (data: T) => { message: string }[] | undefined,
): CallFailure | null {
  if (answer.outcome === "unknown") return { outcome: "unavailable", why: answer.why };
  if (answer.outcome !== "answered") return answer;
  const [error] = errorsOf(answer.data) ?? [];
  return error ? { outcome: "not-supported", why: error.message } : null;
}
