import { randomBytes, timingSafeEqual } from "node:crypto";
import { isScope, SCOPES, type Scope } from "../inventory/scope.ts";
import type { Database, Queryable } from "./client.ts";
import { hashOf } from "./handed-out.ts";

/** Says what it is when it turns up in a log or a repository. */
const PREFIX = "ballast_";

export interface TokenOptions {
  /** What it may do; everything when not said. */
  scopes?: readonly Scope[];
  /** From when on it opens nothing; never when not said. */
  expiresAt?: Date | null;
}

/**
 * Makes a token that lets a machine in as `shop` (its id).
 * @returns the plain token. Only its hash is kept: it can never be shown again.
 */
export async function createToken(
  db: Database,
  shop: string,
  name: string,
  { scopes = SCOPES, expiresAt = null }: TokenOptions = {},
): Promise<string> {
  const token = PREFIX + randomBytes(32).toString("base64url");
  const data = { shopId: shop, name, hash: hashOf(token), scopes: [...scopes], expiresAt };
  await db.apiToken.create({ data });
  return token;
}

/** Whom a token speaks for, and what it may do. */
export interface TokenOwner {
  token: string;
  shop: string;
  name: string;
  scopes: ReadonlySet<string>;
  /** Ms since the epoch; null = never. */
  expiresAt: number | null;
}

/**
 * The owner of a token, or null for one that never was or was revoked. Whether it has expired is
 * for the caller to judge, who may remember the answer.
 *
 * What is looked up is the hash of a guess, so that how long the index takes tells nothing about
 * any real token; what is found is compared once more in constant time.
 */
export async function tokenOwner(db: Database, token: string): Promise<TokenOwner | null> {
  const hash = hashOf(token);
  const row = await db.apiToken.findUnique({ where: { hash } });
  const same = timingSafeEqual(Buffer.from(row?.hash ?? hashOf("")), Buffer.from(hash));
  if (!row || !same || row.revokedAt) return null;
  const { id, shopId, name, scopes, expiresAt } = row;
  return {
    ...{ token: id, shop: shopId, name, scopes: new Set(scopes) },
    expiresAt: expiresAt?.getTime() ?? null,
  };
}

/** Ends a token. Doors that remember owners forget this one within seconds. False when it is none. */
export async function revokeToken(
  db: Queryable,
  shop: string,
  token: string,
  now = new Date(),
): Promise<boolean> {
  const { count } = await db.apiToken.updateMany({
    where: { shopId: shop, id: token, revokedAt: null },
    data: { revokedAt: now },
  });
  return count > 0;
}

/** Notes that a token is in use, so that a person can see which ones are not. */
export async function markTokenUsed(
  db: Database,
  owner: Pick<TokenOwner, "shop" | "token">,
  at: Date,
): Promise<void> {
  await db.apiToken.updateMany({
    where: { shopId: owner.shop, id: owner.token },
    data: { lastUsedAt: at },
  });
}

/** A token as its page shows it: everything but what would let anybody in. */
export interface TokenRow {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
}

/** The shop's tokens that were not revoked, the newest first. */
export async function listTokens(db: Queryable, shop: string): Promise<TokenRow[]> {
  const rows = await db.apiToken.findMany({
    where: { shopId: shop, revokedAt: null },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return rows.map(({ id, name, scopes, createdAt, lastUsedAt, expiresAt }) => {
    return { id, name, scopes: scopes.filter(isScope), createdAt, lastUsedAt, expiresAt };
  });
}
