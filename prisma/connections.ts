import type { Renewed, UnauthorizedCause, World } from "../connectors/connector.ts";
import type { Connection } from "../generated/prisma/client.ts";
import type { DriftPolicy } from "../inventory/drift.ts";
import type { Database, Queryable } from "./client.ts";
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
  returnsKnownTo: Date | null;
  trouble: string | null;
  /** What is done about a number that somebody else changed. */
  driftPolicy: DriftPolicy;
  /** Hour of the day (0..23, UTC) of the full feed. */
  feedHour: number;
  /** A person stopped its pushes. */
  paused: boolean;
  /** When its merchant let it push, after a dry run; null = nothing is pushed yet. */
  liveAt: Date | null;
  /** The merchant took us out: no call is made any more. */
  disconnected: boolean;
  /** Why the marketplace lets us in no more; null when it does. */
  shutOut: UnauthorizedCause | null;
  shutOutAt: Date | null;
  /** When the merchant has to agree again; null = no end is known. */
  reconnectBy: Date | null;
  /** When the marketplace last said that we are let in. */
  healthyAt: Date | null;
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
export type TroubleAbout =
  | "Reading orders"
  | "Reading returns"
  | "Receiving messages"
  | "Pushing quantities"
  | "Access";

const WITHOUT_SECRETS = { secrets: true } as const;

/**
 * The connection to an account, made or, when it is there, given these secrets and settings. A new
 * one is live at once: this is for commands that know what they connect. A merchant's own comes from
 * his consent (`connectAccount`), and is live after its dry run.
 */
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
    create: { shopId: shop, channel, account, name, settings, secrets, liveAt: new Date() },
    update: { name, settings, secrets },
  });
  return connectionRow(row);
}

export async function listConnections(db: Queryable, shop: string): Promise<ConnectionRow[]> {
  const rows = await db.connection.findMany({
    where: { shopId: shop },
    omit: WITHOUT_SECRETS,
    orderBy: [{ channel: "asc" }, { id: "asc" }],
  });
  return rows.map(connectionRow);
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
  return row && connectionRow(row);
}

/** Every shop's connections: only for the worker, which visits each of them. */
export async function everyConnection(
  db: Queryable,
): Promise<(ConnectionRow & { timeZone: string })[]> {
  const rows = await db.connection.findMany({
    omit: WITHOUT_SECRETS,
    include: { shop: { select: { timeZone: true } } },
    orderBy: { id: "asc" },
  });
  return rows.map((row) => ({ ...connectionRow(row), timeZone: row.shop.timeZone }));
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

/**
 * Connections, of whichever shops, to the account that has this among its settings: for a message
 * that a marketplace has signed and that names the account alone. Every further query is scoped by
 * the answer.
 */
export async function connectionsBySetting(
  db: Queryable,
  channel: string,
  setting: string,
  value: string,
): Promise<{ id: string; shop: string }[]> {
  const rows = await db.connection.findMany({
    where: { channel, settings: { path: [setting], equals: value }, disconnectedAt: null },
    select: { id: true, shopId: true },
  });
  return rows.map(({ id, shopId }) => ({ id, shop: shopId }));
}

/** The connection of a job's payload, which names it alone. It says which shop it belongs to. */
export async function connectionOfJob(
  db: Queryable,
  connection: string,
): Promise<ConnectionRow | null> {
  const row = await db.connection.findUnique({ where: { id: connection }, omit: WITHOUT_SECRETS });
  return row && connectionRow(row);
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
  const row = connectionRow(found);
  const secrets = unseal(ring, shop, found.secrets) as Record<string, string>;
  return { ...row, credentials: { connection: row.id, settings: row.settings, secrets } };
}

/** A renewal asks the marketplace while it holds its turn. */
const RENEWAL = { timeout: 30_000, maxWait: 10_000 };

/**
 * Renews a connection's tokens, one owner at a time in whatever process: `renew` sees the secrets
 * as they are kept at its turn, and what it answers is kept before the next one looks. Connections
 * of one consent (`settings.grant`) live on the same tokens: they share the turn and the answer,
 * because where tokens rotate, what one of them renewed is worth nothing to the others.
 */
export async function renewSecrets(
  db: Database,
  ring: Keyring,
  shop: string,
  connection: string,
  renew: (kept: Record<string, string>) => Promise<Renewed>,
): ReturnType<NonNullable<World["renewing"]>> {
  const grant = (await findConnection(db, shop, connection))?.settings.grant;
  const turn = grant ? `renew/${shop}/${grant}` : `renew/${connection}`;
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${turn}, 0))`;
    const open = await openConnection(tx, ring, shop, connection);
    if (!open || open.disconnected) {
      return { outcome: "unauthorized", why: "it was disconnected", cause: "revoked" };
    }
    const kept = open.credentials.secrets;
    const renewed = await renew(kept);
    if (renewed.outcome === "fresh") return { outcome: "kept", secrets: kept };
    if (renewed.outcome !== "renewed") return renewed;
    for (const one of [connection, ...(await siblings(tx, open, grant))]) {
      await keepRenewed(tx, ring, shop, one, renewed);
    }
    return { outcome: "kept", secrets: { ...kept, ...renewed.secrets } };
  }, RENEWAL);
}

/** The other connections that live on the same tokens. */
async function siblings(
  db: Queryable,
  { id, shop, channel }: ConnectionRow,
  grant: string | undefined,
): Promise<string[]> {
  if (!grant) return [];
  const rows = await db.connection.findMany({
    where: {
      ...{ shopId: shop, channel, id: { not: id }, disconnectedAt: null },
      settings: { path: ["grant"], equals: grant },
    },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}

async function keepRenewed(
  db: Queryable,
  ring: Keyring,
  shop: string,
  connection: string,
  { secrets, reconnectBy }: Extract<Renewed, { outcome: "renewed" }>,
): Promise<void> {
  const open = await openConnection(db, ring, shop, connection);
  await db.connection.updateMany({
    where: { id: connection, shopId: shop },
    data: {
      secrets: seal(ring, shop, { ...open?.credentials.secrets, ...secrets }),
      ...(reconnectBy === undefined
        ? {}
        : { reconnectBy: reconnectBy === null ? null : new Date(reconnectBy) }),
    },
  });
}

/** Notes that all orders a marketplace told until `readAt` are in the inbox; never moves back. */
export async function noteOrdersRead(
  db: Queryable,
  shop: string,
  connection: string,
  readAt: Date,
): Promise<void> {
  await db.connection.updateMany({
    where: {
      ...{ id: connection, shopId: shop },
      OR: [{ ordersReadAt: null }, { ordersReadAt: { lt: readAt } }],
    },
    data: { ordersReadAt: readAt },
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

/** The same for returns. */
export async function moveReturnsWatermark(
  db: Queryable,
  shop: string,
  connection: string,
  knownTo: Date,
): Promise<void> {
  await db.connection.updateMany({
    where: {
      id: connection,
      shopId: shop,
      OR: [{ returnsKnownTo: null }, { returnsKnownTo: { lt: knownTo } }],
    },
    data: { returnsKnownTo: knownTo },
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
  // One statement without a transaction around it: it is asked for at every success.
  await db.$executeRaw`
    update connection set trouble = null
    where id = ${connection} and shop_id = ${shop} and trouble like ${`${about}: %`}`;
}

/**
 * The marketplace lets us in no more: no call is made until `letIn`. The first cause stays, for
 * what follows from it says less.
 */
export async function shutOut(
  db: Queryable,
  shop: string,
  connection: string,
  cause: UnauthorizedCause,
  why: string,
  at: Date = new Date(),
): Promise<void> {
  await db.connection.updateMany({
    where: { id: connection, shopId: shop, shutOut: null, disconnectedAt: null },
    data: { shutOut: cause, shutOutAt: at, trouble: `Access: ${why}`.slice(0, 500) },
  });
}

/** The marketplace lets us in again: the merchant has reconnected, or a check has found it so. */
export async function letIn(db: Queryable, shop: string, connection: string): Promise<void> {
  await db.connection.updateMany({
    where: { id: connection, shopId: shop, shutOut: { not: null } },
    data: { shutOut: null, shutOutAt: null },
  });
  await clearTrouble(db, shop, connection, "Access");
}

export function connectionRow(row: Omit<Connection, "secrets">): ConnectionRow {
  return {
    id: row.id,
    shop: row.shopId,
    channel: row.channel,
    name: row.name,
    account: row.account,
    settings: row.settings as Record<string, string>,
    ordersKnownTo: row.ordersKnownTo,
    returnsKnownTo: row.returnsKnownTo,
    trouble: row.trouble,
    driftPolicy: row.driftPolicy as DriftPolicy,
    feedHour: row.feedHour,
    paused: row.pausedAt !== null,
    liveAt: row.liveAt,
    disconnected: row.disconnectedAt !== null,
    shutOut: row.shutOut as UnauthorizedCause | null,
    shutOutAt: row.shutOutAt,
    reconnectBy: row.reconnectBy,
    healthyAt: row.healthyAt,
    createdAt: row.createdAt,
  };
}
