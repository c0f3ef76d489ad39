import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Database } from "./client.ts";

/** Says what it is when it turns up in a log or a repository. */
const PREFIX = "ballast_";

/**
 * Makes a token that lets a machine in as `shop` (its id).
 * @returns the plain token. Only its hash is kept: it can never be shown again.
 */
export async function createToken(db: Database, shop: string, name: string): Promise<string> {
  const token = PREFIX + randomBytes(32).toString("base64url");
  await db.apiToken.create({ data: { shopId: shop, name, hash: hashOf(token) } });
  return token;
}

/** Whom a token speaks for. */
export interface TokenOwner {
  token: string;
  shop: string;
  name: string;
}

/**
 * The owner of a token, or null for one that never was or was revoked.
 *
 * What is looked up is the hash of a guess, so that how long the index takes tells nothing about
 * any real token; what is found is compared once more in constant time.
 */
export async function tokenOwner(db: Database, token: string): Promise<TokenOwner | null> {
  const hash = hashOf(token);
  const row = await db.apiToken.findUnique({
    where: { hash },
    select: { id: true, shopId: true, name: true, hash: true, revokedAt: true },
  });
  const same = timingSafeEqual(Buffer.from(row?.hash ?? hashOf("")), Buffer.from(hash));
  if (!row || !same || row.revokedAt) return null;
  return { token: row.id, shop: row.shopId, name: row.name };
}

/** Ends a token. Doors that remember owners forget this one within seconds. */
export async function revokeToken(db: Database, shop: string, token: string): Promise<void> {
  const now = new Date();
  await db.apiToken.updateMany({ where: { shopId: shop, id: token }, data: { revokedAt: now } });
}

/** Notes that a token is in use, so that a person can see which ones are not. */
export async function markTokenUsed(db: Database, owner: TokenOwner, at: Date): Promise<void> {
  await db.apiToken.updateMany({
    where: { shopId: owner.shop, id: owner.token },
    data: { lastUsedAt: at },
  });
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
