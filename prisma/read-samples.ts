import { Prisma, type Queryable } from "./client.ts";
import { PLENTY } from "./push-numbers.ts";
import { at } from "./sql-time.ts";

/** Of how many listings one is read back: 1 = every one. See inventory/read-sample.ts. */
export type OneIn = number;

/**
 * Listings that are read: what is nearly sold out, because there a wrong number oversells, and one
 * of so many others, the same ones for as long as the accepted number stays.
 */
export function sampled(oneIn: OneIn): Prisma.Sql {
  if (oneIn <= 1) return Prisma.sql`true`;
  return Prisma.sql`(l.accepted < ${PLENTY}
    or abs(hashtext(l.id || '/' || coalesce(l.accepted_seq, 0))::bigint) % ${oneIn}::bigint = 0)`;
}

export interface Unseen {
  unseen: number;
  pushed: number;
  /** Something accepted was not shown within the last hour: then nothing is taken on trust. */
  doubted: boolean;
}

/** What a connection's read-backs have before them at `now` (ms). */
export async function unseenOf(
  db: Queryable,
  shop: string,
  connection: string,
  now: number,
): Promise<Unseen> {
  const mine = Prisma.sql`l.connection_id = ${connection} and l.shop_id = ${shop}`;
  const [row] = await db.$queryRaw<Unseen[]>`
    select (select count(*)::int from listing l where l.unseen and ${mine}) as unseen,
      (select count(*)::int from listing l
        where l.pushed and l.gone_at is null and ${mine}) as pushed,
      exists (
        select from drift d where d.connection_id = ${connection} and d.shop_id = ${shop}
          and d.found_at > ${at(now)} - interval '1 hour'
          and d.cause in ('rejected-push', 'unknown')) as doubted`;
  return row ?? { unseen: 0, pushed: 0, doubted: false };
}

/**
 * Takes numbers for shown that were not read, on the word of the sample: those accepted no later
 * than one of the sample that was seen, and before every one of it that was not.
 * @returns how many.
 */
export async function vouch(
  db: Queryable,
  shop: string,
  connection: string,
  oneIn: OneIn,
): Promise<number> {
  const mine = Prisma.sql`l.connection_id = ${connection} and l.shop_id = ${shop}`;
  return db.$executeRaw`
    with open_ones as (
      select min(l.accepted_at) as since from listing l
      where l.unseen and ${mine} and ${sampled(oneIn)}
    ), seen as (
      select max(l.accepted_at) as until from listing l
      where ${mine} and l.shown = l.accepted and l.shown_at >= l.accepted_at and not l.vouched
    ), chosen as (
      select l.id from listing l, open_ones, seen
      where l.unseen and ${mine} and not ${sampled(oneIn)} and not l.in_doubt
        and l.accepted_at <= seen.until
        and l.accepted_at < coalesce(open_ones.since, 'infinity')
      order by l.id for update of l
    )
    update listing l set shown = l.accepted, vouched = true from chosen c where l.id = c.id`;
}
