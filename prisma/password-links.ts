import type { Queryable } from "./client.ts";
import { hashOf, newSecret } from "./handed-out.ts";
import { type PersonRow, personRow } from "./people.ts";

/** Long enough for an invitation to be found after a weekend. */
export const LINK_LIVES_MS = 7 * 24 * 3_600_000;

/**
 * Makes a link with which a person chooses a password; older ones of the person end.
 * @returns its secret. Only its hash is kept: the link can never be shown again.
 */
export async function createPasswordLink(
  db: Queryable,
  shop: string,
  person: string,
  now: Date,
): Promise<string> {
  const { secret, hash } = newSecret();
  const expiresAt = new Date(now.getTime() + LINK_LIVES_MS);
  await db.passwordLink.deleteMany({ where: { shopId: shop, personId: person } });
  await db.passwordLink.create({
    data: { hash, shopId: shop, personId: person, createdAt: now, expiresAt },
  });
  return secret;
}

/** Whose link it is, while it can be used. */
export async function personOfLink(
  db: Queryable,
  shop: string,
  secret: string,
  now: Date,
): Promise<PersonRow | null> {
  const found = await db.passwordLink.findFirst({
    where: { ...usable(shop, secret, now), person: { disabledAt: null } },
    include: { person: true },
  });
  return found && personRow(found.person);
}

/** Uses a link up. @returns whose it was; null for one that cannot be used, or not any more. */
export async function takePasswordLink(
  db: Queryable,
  shop: string,
  secret: string,
  now: Date,
): Promise<PersonRow | null> {
  const person = await personOfLink(db, shop, secret, now);
  const { count } = await db.passwordLink.updateMany({
    where: usable(shop, secret, now),
    data: { usedAt: now },
  });
  return count === 1 ? person : null;
}

function usable(shop: string, secret: string, now: Date) {
  return { hash: hashOf(secret), shopId: shop, usedAt: null, expiresAt: { gt: now } };
}
