import type { Queryable } from "./client.ts";

/** Nothing of the shop is live yet, some of it is not, or (null) all of it is. */
export type Starting = "nothing-live" | "some-waiting" | null;

/** How far a shop's connections are on their way to being live. */
export async function startingOf(db: Queryable, shop: string): Promise<Starting> {
  const open = { shopId: shop, disconnectedAt: null };
  const [all, live] = await Promise.all([
    db.connection.count({ where: open }),
    db.connection.count({ where: { ...open, liveAt: { not: null } } }),
  ]);
  if (live === 0) return "nothing-live";
  return live < all ? "some-waiting" : null;
}

/** Lets connections push from now on. Only those of the shop that wait for it. @returns which. */
export async function markLive(
  db: Queryable,
  shop: string,
  connections: readonly string[],
  now: Date,
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    update connection set live_at = ${now}
    where shop_id = ${shop} and id = any(${[...connections]}::text[])
      and live_at is null and disconnected_at is null
    returning id`;
  return rows.map((row) => row.id);
}
