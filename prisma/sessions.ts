import type { Queryable } from "./client.ts";
import { type Keyring, seal, unseal } from "./sealed.ts";

/** A session of the embedded app, as plain data: what the Shopify library made of it. */
export interface StoredSession {
  id: string;
  /** The shop's domain. The session is sealed for it, and opens for no other. */
  shop: string;
  expires: Date | null;
  content: unknown;
}

export async function storeSession(
  db: Queryable,
  ring: Keyring,
  session: StoredSession,
): Promise<void> {
  const { id, shop, expires } = session;
  const row = { shop, expires, sealed: seal(ring, shop, session.content) };
  await db.session.upsert({ where: { id }, create: { id, ...row }, update: row });
}

export async function loadSession(
  db: Queryable,
  ring: Keyring,
  id: string,
): Promise<StoredSession | null> {
  const row = await db.session.findUnique({ where: { id } });
  return row && opened(ring, row);
}

export async function sessionsOfShop(
  db: Queryable,
  ring: Keyring,
  shop: string,
): Promise<StoredSession[]> {
  const rows = await db.session.findMany({ where: { shop }, orderBy: { id: "asc" } });
  return rows.map((row) => opened(ring, row));
}

export async function deleteSessions(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.session.deleteMany({ where: { id: { in: [...ids] } } });
}

/** Forgets a shop's sessions: it uninstalled the app, so its tokens open nothing any more. */
export async function deleteSessionsOfShop(db: Queryable, shop: string): Promise<void> {
  await db.session.deleteMany({ where: { shop } });
}

function opened(
  ring: Keyring,
  row: { id: string; shop: string; expires: Date | null; sealed: string },
): StoredSession {
  const { id, shop, expires, sealed } = row;
  return { id, shop, expires, content: unseal(ring, shop, sealed) };
}
