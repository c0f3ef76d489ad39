import type { Queryable } from "./client.ts";
import { hashOf, newSecret } from "./handed-out.ts";

/** A merchant who is longer away than this begins again. */
export const CONSENT_LIVES_MS = 30 * 60_000;

/** Whose a state is, for the way back. */
export interface StateOwner {
  shop: string;
  domain: string;
}

/**
 * Remembers that a merchant is sent to a marketplace to agree.
 * @returns the state that travels with him. Only its hash is kept, so that nobody who reads the
 * record can end what somebody else began.
 */
export async function createConsentRequest(
  db: Queryable,
  shop: string,
  channel: string,
  answers: Readonly<Record<string, string>>,
  now: Date,
): Promise<string> {
  const { secret: state, hash } = newSecret();
  const createdAt = now;
  await db.consentRequest.create({
    data: { hash, shopId: shop, channel, answers, createdAt },
  });
  const old = new Date(now.getTime() - 24 * CONSENT_LIVES_MS);
  await db.consentRequest.deleteMany({ where: { shopId: shop, createdAt: { lt: old } } });
  return state;
}

/** Whose request a state is of, used or not; null for one that never was. */
export async function ownerOfState(
  db: Queryable,
  channel: string,
  state: string,
): Promise<StateOwner | null> {
  const request = await db.consentRequest.findUnique({ where: { hash: hashOf(state) } });
  if (!request || request.channel !== channel) return null;
  const shop = await db.shop.findUnique({ where: { id: request.shopId } });
  return shop && { shop: shop.id, domain: shop.domain };
}

/**
 * Uses up a state: once, within half an hour, and only for the shop that began.
 * @returns the merchant's answers; null for any other state.
 */
export async function takeConsentRequest(
  db: Queryable,
  shop: string,
  channel: string,
  state: string,
  now: Date,
): Promise<Record<string, string> | null> {
  const hash = hashOf(state);
  const since = new Date(now.getTime() - CONSENT_LIVES_MS);
  const { count } = await db.consentRequest.updateMany({
    where: { hash, shopId: shop, channel, usedAt: null, createdAt: { gt: since } },
    data: { usedAt: now },
  });
  if (count === 0) return null;
  const { answers } = await db.consentRequest.findUniqueOrThrow({ where: { hash } });
  return answers as Record<string, string>;
}
