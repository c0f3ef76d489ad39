import { publicAddress } from "../../connectors/public-address.ts";
import { noteTestEvent, type Replayed, replayDeliveries } from "../../prisma/webhook-deliveries.ts";
import {
  type Created,
  changeEndpoint,
  createEndpoint,
  type EndpointFields,
  type EndpointRow,
  findEndpoint,
  rotateSecret,
} from "../../prisma/webhooks.ts";
import type { Services } from "../services.ts";

/*
 * What can be done with webhook endpoints: the one way in for the API and the pages.
 */

/** Nothing can be sent there, and why. */
export type RefusedAddress = { outcome: "refused"; why: string };

/** Makes an endpoint whose address anybody can reach. */
export async function addWebhook(
  services: Services,
  shop: string,
  key: string,
  fields: EndpointFields,
): Promise<Created | RefusedAddress> {
  const refused = await refusal(services, fields.url);
  return refused ?? createEndpoint(services.db, services.keyring, shop, key, fields);
}

export async function changeWebhook(
  services: Services,
  shop: string,
  id: string,
  change: Partial<EndpointFields> & { enabled?: boolean | undefined },
): Promise<{ outcome: "changed"; endpoint: EndpointRow } | { outcome: "gone" } | RefusedAddress> {
  const refused = change.url === undefined ? null : await refusal(services, change.url);
  if (refused) return refused;
  const endpoint = await changeEndpoint(services.db, shop, id, change);
  if (!endpoint) return { outcome: "gone" };
  // What waited while it was switched off is sent now.
  if (change.enabled) await askFor(services, id);
  return { outcome: "changed", endpoint };
}

async function refusal({ callable }: Services, url: string): Promise<RefusedAddress | null> {
  const found = await publicAddress(url, callable);
  return found.outcome === "public" ? null : { outcome: "refused", why: found.why };
}

export function rotateWebhook(
  { db, keyring, now }: Services,
  shop: string,
  id: string,
  key: string,
): ReturnType<typeof rotateSecret> {
  return rotateSecret(db, keyring, shop, id, key, new Date(now()));
}

/** Sends an event that says nothing but that it works. Null when there is no such endpoint. */
export async function testWebhook(
  services: Services,
  shop: string,
  id: string,
  key: string,
): Promise<string | null> {
  const { db, now } = services;
  if (!(await findEndpoint(db, shop, id))) return null;
  const event = await noteTestEvent(db, shop, id, key, new Date(now()));
  await askFor(services, id);
  return event;
}

/** Sends finished events again. Null when there is no such endpoint. */
export async function replayWebhook(
  services: Services,
  shop: string,
  id: string,
  key: string,
  which: { since: number } | { sequences: readonly number[] },
): Promise<Replayed | null> {
  const { db } = services;
  if (!(await findEndpoint(db, shop, id))) return null;
  const wish =
    "since" in which
      ? { since: String(which.since) }
      : { sequences: which.sequences.map((sequence) => String(sequence)) };
  const again = await replayDeliveries(db, shop, { endpoint: id, key, ...wish });
  await askFor(services, id);
  return again;
}

/** Asks for the endpoint's job; what a queue that is away does not take, the sweep finds. */
async function askFor({ queues, log }: Services, endpoint: string): Promise<void> {
  await queues.enqueue("webhooks.deliver", { endpoint }).catch((error: unknown) => {
    log.warn({ error, endpoint }, "not enqueued: the sweep will find it");
  });
}
