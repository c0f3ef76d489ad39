import type { AppLoadContext } from "@remix-run/node";
import type { Connector } from "../../connectors/connector.ts";
import type { Consented } from "../../connectors/consent.ts";
import { exhaustive } from "../../inventory/assert.ts";
import { doorUrl } from "../../jobs/door-url.ts";
import { subscribe } from "../../jobs/subscribe.ts";
import { connectAccount } from "../../prisma/connecting.ts";
import type { ConnectionRow } from "../../prisma/connections.ts";
import { takeConsentRequest } from "../../prisma/consent-requests.ts";
import type { ShopRow } from "../../prisma/shops.ts";
import type {} from "../context.ts";
import type { Services } from "../services.ts";
import { worldOf } from "../world.server.ts";
import { missingKeys, returnUrlOf } from "./begin-consent.server.ts";

/** What came of a merchant's visit to a marketplace. */
export type FinishResult =
  | { outcome: "connected"; connections: { id: string; again: boolean; live: boolean }[] }
  /** He did not come from a visit that this shop began within half an hour, or came twice. */
  | { outcome: "wrong-state" }
  | { outcome: "declined"; why: string }
  | { outcome: "throttled"; retryAt: number }
  | { outcome: "unavailable"; why: string }
  /** The marketplace does not know our app, or not for this. */
  | { outcome: "refused"; why: string };

/** Checks the state the merchant came back with, and trades his code for his accounts. */
export async function finishConsent(
  { services }: AppLoadContext,
  shop: ShopRow,
  channel: string,
  query: Readonly<Record<string, string>>,
): Promise<FinishResult> {
  const connector = services.connectorOf(channel);
  if (!connector) throw new Response(`There is no marketplace ${channel}.`, { status: 404 });
  if (missingKeys(services, connector).length > 0) {
    return { outcome: "refused", why: "It is not set up here." };
  }
  const { db, now } = services;
  const state = query.state ?? "";
  const answers = await takeConsentRequest(db, shop.id, channel, state, new Date(now()));
  if (!answers) return { outcome: "wrong-state" };
  const app = services.appKeys[channel]?.keys ?? {};
  const answer = { app, answers, query, returnUrl: returnUrlOf(services, channel) };
  const consented = await connector.consent.complete(answer, worldOf(services));
  return settleConsent(services, shop.id, connector, consented);
}

/** Keeps the accounts the merchant let us into, or says why there are none. */
export async function settleConsent(
  services: Services,
  shop: string,
  connector: Connector,
  consented: Consented,
): Promise<FinishResult> {
  switch (consented.outcome) {
    case "connected": {
      const { db, keyring, now } = services;
      const connections: { id: string; again: boolean; live: boolean }[] = [];
      for (const account of consented.accounts) {
        const at = new Date(now());
        const made = await connectAccount(db, keyring, shop, connector.channel, account, at);
        await begin(services, made.connection);
        const { id, liveAt } = made.connection;
        connections.push({ id, again: made.outcome === "again", live: liveAt !== null });
      }
      return { outcome: "connected", connections };
    }
    case "declined":
    case "throttled":
    case "unavailable":
      return consented;
    case "unknown":
      return { outcome: "unavailable", why: consented.why };
    case "unauthorized":
    case "not-supported":
      return { outcome: "refused", why: consented.why };
    default:
      return exhaustive(consented);
  }
}

/** A new connection hears of sales from now on, and what it lists is taken over. */
async function begin(services: Services, connection: ConnectionRow): Promise<void> {
  const { db, log, queues, publicUrl } = services;
  const { id } = connection;
  const session = await services.session(connection);
  if (session) await subscribe(db, connection, session, doorUrl(publicUrl, connection));
  const jobs = ["listings.import", "orders.sweep", "connection.health"] as const;
  const asked = await Promise.allSettled(
    jobs.map((name) => queues.enqueue(name, { connection: id })),
  );
  for (const one of asked) {
    if (one.status === "rejected") log.warn({ error: one.reason, connection: id }, "not enqueued");
  }
}
