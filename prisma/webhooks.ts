import { createHash, randomBytes } from "node:crypto";
import { isWebhookEvent, type WebhookEvent } from "../inventory/webhook.ts";
import type { Queryable } from "./client.ts";
import { type Keyring, seal, unseal } from "./sealed.ts";

/** An address that is told of events, without what it is signed with. */
export interface EndpointRow {
  id: string;
  url: string;
  description: string;
  events: WebhookEvent[];
  enabled: boolean;
  createdAt: Date;
}

/** What its maker or keeper decides. */
export interface EndpointFields {
  url: string;
  description: string;
  events: readonly WebhookEvent[];
}

/** An endpoint that is being sent to: with its secrets, the present one first. */
export interface OpenEndpoint {
  id: string;
  shop: string;
  url: string;
  secrets: string[];
}

/** A rotated secret signs beside the new one for so long. */
export const OLD_SECRET_MS = 24 * 60 * 60_000;

/** As Standard Webhooks writes a secret: https://www.standardwebhooks.com */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

export type Created =
  | { outcome: "created"; endpoint: EndpointRow; secret: string }
  /** The key made another endpoint before. */
  | { outcome: "reused-key" };

/**
 * Makes an endpoint. The same `key` of the same shop makes one, and is told the same.
 * @returns its secret, which is shown to its maker and kept sealed.
 */
export async function createEndpoint(
  db: Queryable,
  ring: Keyring,
  shop: string,
  key: string,
  fields: EndpointFields,
): Promise<Created> {
  const id = `wh_${createHash("sha256")
    .update(JSON.stringify([shop, key]))
    .digest("hex")
    .slice(0, 24)}`;
  const { url, description } = fields;
  const data = { id, shopId: shop, url, description, events: [...fields.events] };
  const secret = seal(ring, shop, newSecret());
  await db.webhookEndpoint.createMany({ data: [{ ...data, secret }], skipDuplicates: true });
  const row = await db.webhookEndpoint.findFirstOrThrow({ where: { id, shopId: shop } });
  const same =
    row.url === url && [...row.events].sort().join() === [...fields.events].sort().join();
  if (!same) return { outcome: "reused-key" };
  const opened = String(unseal(ring, shop, row.secret));
  return { outcome: "created", endpoint: endpointRow(row), secret: opened };
}

export async function listEndpoints(db: Queryable, shop: string): Promise<EndpointRow[]> {
  const rows = await db.webhookEndpoint.findMany({
    where: { shopId: shop },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return rows.map(endpointRow);
}

export async function findEndpoint(
  db: Queryable,
  shop: string,
  id: string,
): Promise<EndpointRow | null> {
  const row = await db.webhookEndpoint.findFirst({ where: { id, shopId: shop } });
  return row && endpointRow(row);
}

/** Changes what is named; null when the shop has no such endpoint. */
export async function changeEndpoint(
  db: Queryable,
  shop: string,
  id: string,
  change: Partial<EndpointFields> & { enabled?: boolean },
): Promise<EndpointRow | null> {
  const { enabled, events, ...rest } = change;
  const disabledAt = enabled === undefined ? {} : { disabledAt: enabled ? null : new Date() };
  const data = { ...rest, ...(events ? { events: [...events] } : {}), ...disabledAt };
  await db.webhookEndpoint.updateMany({ where: { id, shopId: shop }, data });
  return findEndpoint(db, shop, id);
}

/** Forgets an endpoint with its log. False when the shop has none of this id. */
export async function deleteEndpoint(db: Queryable, shop: string, id: string): Promise<boolean> {
  const { count } = await db.webhookEndpoint.deleteMany({ where: { id, shopId: shop } });
  return count > 0;
}

/**
 * Gives an endpoint a new secret; the old one signs as well for a day, so that its program can be
 * changed in peace. The same key again rotates no further.
 */
export async function rotateSecret(
  db: Queryable,
  ring: Keyring,
  shop: string,
  id: string,
  key: string,
  now: Date,
): Promise<{ secret: string; oldUntil: Date } | null> {
  const fresh = seal(ring, shop, newSecret());
  await db.$executeRaw`
    update webhook_endpoint set old_secret = secret, secret = ${fresh}, rotation_key = ${key},
      old_until = ${new Date(now.getTime() + OLD_SECRET_MS)}
    where id = ${id} and shop_id = ${shop} and rotation_key is distinct from ${key}`;
  const row = await db.webhookEndpoint.findFirst({ where: { id, shopId: shop } });
  if (!row) return null;
  return { secret: String(unseal(ring, shop, row.secret)), oldUntil: row.oldUntil ?? now };
}

/** An endpoint by the id in a job's payload; null when it is gone or switched off. */
export async function openEndpoint(
  db: Queryable,
  ring: Keyring,
  id: string,
  now: Date,
): Promise<OpenEndpoint | null> {
  const row = await db.webhookEndpoint.findUnique({ where: { id } });
  if (!row || row.disabledAt) return null;
  const { shopId: shop, url, secret, oldSecret, oldUntil } = row;
  const sealed = oldSecret && oldUntil && oldUntil > now ? [secret, oldSecret] : [secret];
  return { id, shop, url, secrets: sealed.map((one) => String(unseal(ring, shop, one))) };
}

function endpointRow(row: {
  id: string;
  url: string;
  description: string;
  events: string[];
  disabledAt: Date | null;
  createdAt: Date;
}): EndpointRow {
  const { id, url, description, createdAt } = row;
  const events = row.events.filter(isWebhookEvent);
  return { id, url, description, events, enabled: row.disabledAt === null, createdAt };
}
