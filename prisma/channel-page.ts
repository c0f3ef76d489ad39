import type { Queryable } from "./client.ts";

/** One attempt to tell a marketplace a number. */
export interface RecentPush {
  id: string;
  sku: string;
  quantity: number;
  outcome: string;
  detail: string | null;
  answeredAt: Date;
  shownAt: Date | null;
}

/** A listing whose last push did not work. */
export interface FailingListing {
  id: string;
  sku: string;
  trouble: string;
  tries: number;
}

/** A live number that was not what its marketplace had accepted. */
export interface DriftRow {
  id: string;
  listing: string;
  sku: string;
  expected: number;
  found: number | null;
  cause: string;
  detail: string | null;
  state: string;
  foundAt: Date;
}

/** Pushes of the whole shop among which a connection's latest are looked for. */
const LOOKED_AT = 5_000;

/** A connection's latest pushes, the newest first. */
export async function recentPushes(
  db: Queryable,
  shop: string,
  connection: string,
  limit: number,
): Promise<RecentPush[]> {
  return db.$queryRaw<RecentPush[]>`
    select p.id::text as id, l.sku, p.quantity, p.outcome, p.detail,
      p.answered_at as "answeredAt", p.shown_at as "shownAt"
    from (select * from push where shop_id = ${shop} order by id desc limit ${LOOKED_AT}) p
    join listing l on l.id = p.listing_id and l.shop_id = ${shop}
      and l.connection_id = ${connection}
    order by p.id desc limit ${limit}`;
}

export async function failingListings(
  db: Queryable,
  shop: string,
  connection: string,
  limit: number,
): Promise<FailingListing[]> {
  const rows = await db.listing.findMany({
    where: { shopId: shop, connectionId: connection, goneAt: null, trouble: { not: null } },
    select: { id: true, sku: true, trouble: true, tries: true },
    orderBy: [{ tries: "desc" }, { sku: "asc" }],
    take: limit,
  });
  return rows.map(({ trouble, ...row }) => ({ ...row, trouble: trouble ?? "" }));
}

/** What was found to differ, open cases first, then the newest. */
export async function driftOf(
  db: Queryable,
  shop: string,
  connection: string,
  limit: number,
): Promise<DriftRow[]> {
  return db.$queryRaw<DriftRow[]>`
    select d.id::text as id, d.listing_id as listing, coalesce(l.sku, '') as sku, d.expected,
      d.found, d.cause, d.detail, d.state, d.found_at as "foundAt"
    from drift d left join listing l on l.id = d.listing_id and l.shop_id = ${shop}
    where d.shop_id = ${shop} and d.connection_id = ${connection}
    order by (d.state = 'open') desc, d.id desc limit ${limit}`;
}

/** What a merchant chose for a connection. */
export async function choicesOf(
  db: Queryable,
  shop: string,
  connection: string,
): Promise<{ driftPolicy: "heal" | "report"; feedHour: number } | null> {
  const row = await db.connection.findFirst({
    where: { id: connection, shopId: shop },
    select: { driftPolicy: true, feedHour: true },
  });
  if (!row) return null;
  return { ...row, driftPolicy: row.driftPolicy === "report" ? "report" : "heal" };
}
