import type { Queryable } from "./client.ts";
import { type ConnectionRow, connectionRow, type OpenConnection } from "./connections.ts";
import { type Keyring, seal } from "./sealed.ts";

/** An account we were let into: see `ConsentedAccount` of the connectors' consent. */
export interface AgreedAccount {
  account: string;
  name: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
  /** When the merchant has to agree again, in ms; null = no end is known. */
  reconnectBy: number | null;
}

/**
 * The connection to an account the merchant has just agreed to: made, or let in again with what
 * it had before: its name, its own settings, its listings and its history.
 */
export async function connectAccount(
  db: Queryable,
  ring: Keyring,
  shop: string,
  channel: string,
  agreed: AgreedAccount,
  now: Date,
): Promise<{ outcome: "made" | "again"; connection: ConnectionRow }> {
  const { account, name } = agreed;
  const where = { shopId_channel_account: { shopId: shop, channel, account } };
  const known = await db.connection.findUnique({ where, select: { settings: true } });
  // Names this agreement: a session that was opened with an earlier one's tokens is opened anew.
  const secrets = seal(ring, shop, { ...agreed.secrets, agreedAt: String(now.getTime()) });
  const reconnectBy = agreed.reconnectBy === null ? null : new Date(agreed.reconnectBy);
  const access = { secrets, reconnectBy, healthyAt: now };
  const settings = { ...(known?.settings as Record<string, string>), ...agreed.settings };
  const row = await db.connection.upsert({
    where,
    create: { shopId: shop, channel, account, name, settings, ...access },
    update: {
      ...{ settings, ...access, disconnectedAt: null },
      ...{ shutOut: null, shutOutAt: null, trouble: null },
    },
  });
  return { outcome: known ? "again" : "made", connection: connectionRow(row) };
}

/** Marks it first: from here on nothing is pushed to it and nothing of it is stored. */
export async function markDisconnected(
  db: Queryable,
  shop: string,
  connection: string,
  now: Date,
): Promise<boolean> {
  const { count } = await db.connection.updateMany({
    where: { id: connection, shopId: shop, disconnectedAt: null },
    // Connected again it is not live: its listings have gone their own way meanwhile.
    data: {
      ...{ disconnectedAt: now, liveAt: null, reconnectBy: null },
      ...{ shutOut: null, shutOutAt: null, trouble: null },
    },
  });
  return count > 0;
}

/** Forgets what opened the account. Everything else stays, as history. */
export async function wipeSecrets(
  db: Queryable,
  ring: Keyring,
  { shop, id }: Pick<OpenConnection, "shop" | "id">,
): Promise<void> {
  await db.connection.updateMany({
    where: { id, shopId: shop, disconnectedAt: { not: null } },
    data: { secrets: seal(ring, shop, {}) },
  });
}

/** What a merchant decides about a connection. */
export interface ConnectionChoices {
  paused?: boolean;
  driftPolicy?: "heal" | "report";
  /** 0..23, in the shop's zone. */
  feedHour?: number;
}

/** Writes his choices down. False when the shop has no such connection, or took it out. */
export async function chooseForConnection(
  db: Queryable,
  shop: string,
  connection: string,
  { paused, driftPolicy, feedHour }: ConnectionChoices,
  now: Date,
): Promise<boolean> {
  const { count } = await db.connection.updateMany({
    where: { id: connection, shopId: shop, disconnectedAt: null },
    data: {
      ...(paused === undefined ? {} : { pausedAt: paused ? now : null }),
      ...(driftPolicy === undefined ? {} : { driftPolicy }),
      ...(feedHour === undefined ? {} : { feedHour }),
    },
  });
  return count > 0;
}

/** The marketplace said that we are let in, and until when. */
export async function noteHealthy(
  db: Queryable,
  shop: string,
  connection: string,
  reconnectBy: number | null,
  now: Date,
): Promise<void> {
  await db.connection.updateMany({
    where: { id: connection, shopId: shop },
    data: {
      healthyAt: now,
      // An end that the consent told stays when the marketplace does not repeat it.
      ...(reconnectBy === null ? {} : { reconnectBy: new Date(reconnectBy) }),
    },
  });
}
