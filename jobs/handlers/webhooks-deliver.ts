import { type Posted, postPublic } from "../../connectors/post-public.ts";
import { exhaustive } from "../../inventory/assert.ts";
import { nextTry } from "../../inventory/webhook.ts";
import type { Database } from "../../prisma/client.ts";
import type { Keyring } from "../../prisma/sealed.ts";
import {
  type Attempt,
  claimDeliveries,
  type DeliveryRow,
  markDelivered,
  markFailed,
  nextDue,
} from "../../prisma/webhook-deliveries.ts";
import { type OpenEndpoint, openEndpoint } from "../../prisma/webhooks.ts";
import type { JobPayload } from "../catalogue.ts";
import type { LivePublisher } from "../live.ts";
import type { Log } from "../log.ts";
import { signatureHeaders } from "../webhook-signature.ts";

export interface WebhooksDeliverDeps {
  db: Database;
  keyring: Keyring;
  /** This machine itself may be called: for tests and demos. */
  allowLoopback: boolean;
  live: Pick<LivePublisher, "publish">;
  /** Asks for the endpoint's job in `ms`. */
  later(endpoint: string, ms: number): void;
  now(): number;
  log: Log;
  /** Aborted when the process is to stop. */
  signal: AbortSignal;
}

/** Events of different items on their way to one endpoint at once. */
const AT_ONCE = 20;
const TIMEOUT_MS = 10_000;
/** Whoever took an event and died gives it back after this. */
const LEASE_MS = 30_000;
/** A job ends after so long, so that it can be seen and stopped, and asks for the next one. */
const SHIFT_MS = 20_000;

/**
 * The handler of "webhooks.deliver": sends an endpoint what it waits for. Events of one item go out
 * one after the other, those of different items side by side; an endpoint that is slow or away
 * costs nobody but itself, because each has a job of its own.
 */
export async function webhooksDeliver(
  deps: WebhooksDeliverDeps,
  { endpoint: id }: JobPayload<"webhooks.deliver">,
): Promise<void> {
  const { db, live, now, later, signal } = deps;
  const endpoint = await openEndpoint(db, deps.keyring, id, new Date(now()));
  if (!endpoint) return;
  for (const end = now() + SHIFT_MS; !signal.aborted; ) {
    const claim = { limit: AT_ONCE, leaseMs: LEASE_MS, now: new Date(now()) };
    const claimed = await claimDeliveries(db, endpoint, claim);
    await Promise.all(claimed.map((delivery) => deliver(deps, endpoint, delivery)));
    if (claimed.length === 0 || now() >= end) break;
  }
  live.publish(endpoint.shop, {});
  const due = await nextDue(db, endpoint.shop, id);
  if (due && !signal.aborted) later(id, Math.max(1, due.getTime() - now()));
}

async function deliver(
  deps: WebhooksDeliverDeps,
  endpoint: OpenEndpoint,
  delivery: DeliveryRow,
): Promise<void> {
  const { db, log, now, allowLoopback } = deps;
  const { sequence, event, tries, giveUpAt } = delivery;
  const body = bodyOf(delivery);
  const headers = {
    ...{ "content-type": "application/json", "user-agent": "Ballast-Webhooks/1" },
    ...signatureHeaders(endpoint.secrets, { event, body, at: now() }),
  };
  const options = { headers, body, allowLoopback, timeoutMs: TIMEOUT_MS };
  const posted = await postPublic(endpoint.url, options);
  const attempt = attemptOf(posted);
  const at = new Date(now());
  if (attempt.status !== null && attempt.status >= 200 && attempt.status < 300) {
    return markDelivered(db, endpoint.shop, sequence, attempt, at);
  }
  const until = giveUpAt?.getTime() ?? now();
  const again = nextTry(tries, now(), until, Math.random());
  log.debug({ endpoint: endpoint.id, sequence, tries, status: attempt.status }, "not delivered");
  const retryAt = again === null ? null : new Date(again);
  await markFailed(db, endpoint.shop, sequence, attempt, retryAt, at);
}

/** What is sent: the same bytes at every try, because a signature covers them. */
export function bodyOf({ sequence, event, type, at, sku, merged, data }: DeliveryRow): string {
  const about = { ...(sku === null ? {} : { sku }), ...(data as object) };
  return JSON.stringify({
    ...{ id: event, type, timestamp: at.toISOString(), sequence: Number(sequence) },
    data: type === "stock.changed" ? { ...about, merged } : about,
  });
}

function attemptOf(posted: Posted): Attempt {
  switch (posted.outcome) {
    case "answered":
      return { status: posted.status, latencyMs: posted.ms, answer: posted.body };
    case "failed":
      return { status: null, latencyMs: posted.ms, answer: posted.why };
    case "refused":
      return { status: null, latencyMs: 0, answer: `not sent: ${posted.why}` };
    default:
      return exhaustive(posted);
  }
}
