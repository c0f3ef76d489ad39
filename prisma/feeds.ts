import type { Queryable } from "./client.ts";
import type { ReadAnswer } from "./read-backs.ts";

/** A listing whose live number a full feed reads. */
export interface FeedRow {
  listing: string;
  externalId: string;
  handle: Record<string, string>;
  /** False for what the marketplace ships itself: counted, never pushed. */
  pushed: boolean;
}

/**
 * The next listings of a connection that a feed reads, in the order of their ids: those that are
 * pushed, and those that the marketplace ships itself.
 */
export async function feedRows(
  db: Queryable,
  shop: string,
  connection: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<FeedRow[]> {
  return db.$queryRaw<FeedRow[]>`
    select id as listing, external_id as "externalId", handle, pushed from listing
    where connection_id = ${connection} and shop_id = ${shop} and gone_at is null
      and (not merchant_fulfilled or (pushed and accepted is not null))
      and id > ${after ?? ""}
    order by id limit ${limit}`;
}

/** Units that marketplaces keep in their own warehouses. What was not answered stays as it was. */
export async function recordKeptStock(
  db: Queryable,
  shop: string,
  answers: readonly ReadAnswer[],
  now: Date,
): Promise<void> {
  if (answers.length === 0) return;
  await db.$executeRaw`
    update listing l set shown = r.quantity, shown_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(answers)}::jsonb) as r(listing text, quantity int)
    where l.id = r.listing and l.shop_id = ${shop} and not l.merchant_fulfilled
      and r.quantity is not null`;
}

/** What could not be read is told again, though nothing changed. */
export async function tellAgain(
  db: Queryable,
  shop: string,
  listings: readonly string[],
): Promise<void> {
  if (listings.length === 0) return;
  await db.$executeRaw`
    update listing set again = again + 1
    where id = any(${listings}::text[]) and shop_id = ${shop} and again = 0`;
}
