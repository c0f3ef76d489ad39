import type { Connection } from "../generated/prisma/client.ts";
import type { Queryable } from "./client.ts";
import { type Keyring, seal, unseal } from "./sealed.ts";

/** A merchant's account on a marketplace, without its secrets. */
export interface ConnectionRow {
  id: string;
  shop: string;
  channel: string;
  name: string;
  /** The marketplace's name of the account: shop domain, seller id. */
  account: string;
  settings: Record<string, string>;
  /** Orders changed up to here are in the inbox. Null: none was asked for yet. */
  ordersKnownTo: Date | null;
  trouble: string | null;
  createdAt: Date;
}

/** A connection ready for I/O: `account` is what a connector's `connect` and `verify` take. */
export interface OpenConnection extends ConnectionRow {
  credentials: {
    connection: string;
    settings: Record<string, string>;
    secrets: Record<string, string>;
  };
}

export interface NewConnection {
  channel: string;
  name: string;
  account: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
}

/** What a sentence of trouble is about: only who wrote it clears it. */
export type TroubleAbout = "Reading orders" | "Receiving messages" | "Pushing quantities";

const WITHOUT_SECRETS = { secrets: true } as const;

/** The connection to an account, made or, when it is there, given these secrets and settings. */
export async function ensureConnection(
  db: Queryable,
  ring: Keyring,
  shop: string,
  connection: NewConnection,
): Promise<ConnectionRow> {
  const { channel, account, name, settings } = connection;
  const secrets = seal(ring, shop, connection.secrets);
  const row = await db.connection.upsert({
    where: { shopId_channel_account: { shopId: shop, channel, account } },
    create: { shopId: shop, channel, account, name, settings, secrets },
    update: { name, settings, secrets },
  });
  return asRow(row);
}

export async function listConnections(db: Queryable, shop: string): Promise<ConnectionRow[]> {
  const rows = await db.connection.findMany({
    where: { shopId: shop },
    omit: WITHOUT_SECRETS,
    orderBy: [{ channel: "asc" }, { id: "asc" }],
  });
  return rows.map(asRow);
}

export async function findConnection(
  db: Queryable,
  shop: string,
  connection: string,
): Promise<ConnectionRow | null> {
  const row = await db.connection.findFirst({
    where: { id: connection, shopId: shop },
    omit: WITHOUT_SECRETS,
  });
  return row && asRow(row);
}

/** Every shop's connections: only for the worker, which visits each of them. */
export async function everyConnection(db: Queryable): Promise<ConnectionRow[]> {
  const rows = await db.connection.findMany({ omit: WITHOUT_SECRETS, orderBy: { id: "asc" } });
  return rows.map(asRow);
}

/**
 * The shop a connection belongs to: for a job's payload or a webhook's address, which name the
 * connection alone. Every further query is scoped by the answer.
 */
export async function shopOfConnection(db: Queryable, connection: string): Promise<string | null> {
  const row = await db.connection.findUnique({
    where: { id: connection },
    select: { shopId: true },
  });
  return row?.shopId ?? null;
}

/** The connection of a job's payload, which names it alone. It says which shop it belongs to. */
export async function connectionOfJob(
  db: Queryable,
  connection: string,
): Promise<ConnectionRow | null> {
  const row = await db.connection.findUnique({ where: { id: connection }, omit: WITHOUT_SECRETS });
  return row && asRow(row);
}

/** The connection with its secrets opened. Null when the shop has no such connection. */
export async function openConnection(
  db: Queryable,
  ring: Keyring,
  shop: string,
  connection: string,
): Promise<OpenConnection | null> {
  const found = await db.connection.findFirst({ where: { id: connection, shopId: shop } });
  if (!found) return null;
  const row = asRow(found);
  const secrets = unseal(ring, shop, found.secrets) as Record<string, string>;
  return { ...row, credentials: { connection: row.id, settings: row.settings, secrets } };
}

/** Keeps new secrets beside the old ones, e.g. an access token the marketplace handed out. */
export async function keepSecrets(
  db: Queryable,
  ring: Keyring,
  shop: string,
  connection: string,
  secrets: Record<string, string>,
): Promise<void> {
  const open = await openConnection(db, ring, shop, connection);
  if (!open) return; // disconnected meanwhile: there is nothing to keep a secret for
  const sealed = seal(ring, shop, { ...open.credentials.secrets, ...secrets });
  await db.connection.updateMany({
    where: { id: connection, shopId: shop },
    data: { secrets: sealed },
  });
}

/**
 * Moves the watermark forward, never back: two sweeps may end in either order, and what is known
 * stays known.
 */
export async function moveWatermark(
  db: Queryable,
  shop: string,
  connection: string,
  knownTo: Date,
): Promise<void> {
  await db.connection.updateMany({
    where: {
      id: connection,
      shopId: shop,
      OR: [{ ordersKnownTo: null }, { ordersKnownTo: { lt: knownTo } }],
    },
    data: { ordersKnownTo: knownTo },
  });
}

/** Says on the connection why it does not work now. */
export async function reportTrouble(
  db: Queryable,
  shop: string,
  connection: string,
  about: TroubleAbout,
  why: string,
): Promise<void> {
  await db.connection.updateMany({
    where: { id: connection, shopId: shop },
    data: { trouble: `${about}: ${why}`.slice(0, 500) },
  });
}

/** Takes back what was said about this kind of work; trouble of another kind stays. */
export async function clearTrouble(
  db: Queryable,
  shop: string,
  connection: string,
  about: TroubleAbout,
): Promise<void> {
  await db.connection.updateMany({
    where: { id: connection, shopId: shop, trouble: { startsWith: `${about}: ` } },
    data: { trouble: null },
  });
}

function asRow(row: Omit<Connection, "secrets">): ConnectionRow {
  return {
    id: row.id,
    shop: row.shopId,
    channel: row.channel,
    name: row.name,
    account: row.account,
    settings: row.settings as Record<string, string>,
    ordersKnownTo: row.ordersKnownTo,
    trouble: row.trouble,
    createdAt: row.createdAt,
  };
}
