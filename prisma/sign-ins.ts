import type { Queryable } from "./client.ts";
import { hashOf, newSecret } from "./handed-out.ts";
import { type PersonRow, personRow } from "./people.ts";

/** A browser that was not used for so long asks for the password again. */
const IDLE_MS = 12 * 3_600_000;
/** And so does every browser after this long, used or not. */
export const SIGN_IN_LIVES_MS = 14 * 24 * 3_600_000;
/** How exact "last used" is. Writing it at each request would cost more than the request. */
const MARK_EVERY_MS = 60_000;

/**
 * Signs a person in with one more browser.
 * @returns the cookie's secret. Only its hash is kept.
 */
export async function startSignIn(
  db: Queryable,
  shop: string,
  person: string,
  now: Date,
): Promise<string> {
  const { secret, hash } = newSecret();
  const expiresAt = new Date(now.getTime() + SIGN_IN_LIVES_MS);
  await db.signIn.create({
    data: { hash, shopId: shop, personId: person, createdAt: now, lastUsedAt: now, expiresAt },
  });
  await db.person.updateMany({ where: { shopId: shop, id: person }, data: { lastSeenAt: now } });
  await db.signIn.deleteMany({ where: { shopId: shop, expiresAt: { lt: now } } });
  return secret;
}

/** Who is signed in with this secret: nobody when it is unknown, over, or its person disabled. */
export async function signedIn(
  db: Queryable,
  shop: string,
  secret: string,
  now: Date,
): Promise<PersonRow | null> {
  const hash = hashOf(secret);
  const idle = new Date(now.getTime() - IDLE_MS);
  const found = await db.signIn.findFirst({
    where: { hash, shopId: shop, expiresAt: { gt: now }, lastUsedAt: { gt: idle } },
    include: { person: true },
  });
  if (!found || found.person.disabledAt) return null;
  if (now.getTime() - found.lastUsedAt.getTime() > MARK_EVERY_MS) {
    await db.signIn.updateMany({ where: { shopId: shop, hash }, data: { lastUsedAt: now } });
    const where = { shopId: shop, id: found.personId };
    await db.person.updateMany({ where, data: { lastSeenAt: now } });
  }
  return personRow(found.person);
}

/** Signs one browser out. */
export async function endSignIn(db: Queryable, shop: string, secret: string): Promise<void> {
  await db.signIn.deleteMany({ where: { shopId: shop, hash: hashOf(secret) } });
}

/** Signs a person out of every browser, or of every other one when `keep` is this one's secret. */
export async function endSignIns(
  db: Queryable,
  shop: string,
  person: string,
  keep?: string,
): Promise<void> {
  const not = keep === undefined ? {} : { NOT: { hash: hashOf(keep) } };
  await db.signIn.deleteMany({ where: { shopId: shop, personId: person, ...not } });
}
