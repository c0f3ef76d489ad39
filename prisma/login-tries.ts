import type { Queryable } from "./client.ts";
import { hashOf } from "./handed-out.ts";

export interface TryLimit {
  /** What is counted, e.g. an account or an address. */
  subject: string;
  tries: number;
  withinMs: number;
}

/**
 * Counts one more try before it is made, so that a thousand at once are no more than the limit.
 * @returns when the next one is allowed, or null when this one is.
 */
export async function countTry(
  db: Queryable,
  shop: string,
  { subject, tries, withinMs }: TryLimit,
  now: Date,
): Promise<Date | null> {
  const over = new Date(now.getTime() - withinMs);
  const [counted] = await db.$queryRaw<{ tries: number; since: Date }[]>`
    insert into login_tries as t (shop_id, subject, tries, since)
    values (${shop}, ${hashOf(subject)}, 1, ${now})
    on conflict (shop_id, subject) do update set
      tries = case when t.since <= ${over} then 1 else t.tries + 1 end,
      since = case when t.since <= ${over} then ${now} else t.since end
    returning tries, since`;
  if (!counted || counted.tries <= tries) return null;
  return new Date(counted.since.getTime() + withinMs);
}

/** Whoever knew the password starts anew. What nobody asks about any more is forgotten as well. */
export async function forgetTries(
  db: Queryable,
  shop: string,
  { subject, withinMs }: TryLimit,
  now: Date,
): Promise<void> {
  const over = new Date(now.getTime() - withinMs);
  await db.loginTries.deleteMany({
    where: { shopId: shop, OR: [{ subject: hashOf(subject) }, { since: { lt: over } }] },
  });
}
