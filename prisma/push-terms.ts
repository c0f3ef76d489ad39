import { Prisma } from "./client.ts";
import { CLAIMED } from "./order-lines.ts";
import { PLENTY, RAISES, TARGET } from "./push-numbers.ts";
import { at, MS } from "./sql-time.ts";

/** How a marketplace counts and carries pushes, as its connector's data say. */
export interface PushTerms {
  /** Lines of one call are of one group. */
  oneGroup: boolean;
  /** The pushed number counts units that are sold there and not yet shipped. */
  openUnits: boolean;
  /**
   * A raise waits until the connection's orders were read since then (ms); null: the marketplace
   * compares before it sets, and refuses what does not know of its sales.
   */
  ordersSince: number | null;
  /** The choice of places (`placeKey`) that the session writes by. */
  places: string;
  /** The budget of revisions per group, in the calendar day of this moment; null = none. */
  revisions: RevisionDay | null;
}

export interface RevisionDay {
  perDay: number;
  /** Kept for showing 0. */
  reserve: number;
  /** The day's name, YYYY-MM-DD, and when it begins and ends, in ms since the epoch. */
  day: string;
  from: number;
  to: number;
}

/** What a marketplace counts or calls together. */
export const GROUP = Prisma.sql`coalesce(l.push_group, l.external_id)`;

/**
 * Joins what a group's budget of the day was used for, as `r`. One look-up by key a listing, which
 * `offset 0` insists on: when a whole catalogue has just changed, PostgreSQL still believes that there
 * are few listings and no revisions, and would go through all of the one for each of the other.
 */
export function revisionsOf({ revisions }: PushTerms): Prisma.Sql {
  if (!revisions) return Prisma.empty;
  return Prisma.sql`left join lateral (
    select v.count from revision v where v.connection_id = l.connection_id
      and v.push_group = ${GROUP} and v.day = ${revisions.day}::date offset 0) r on true`;
}

/** Changes of its group in the day. */
export const USED = Prisma.sql`coalesce(r.count, 0)`;

/**
 * When the budget allows a change: at midnight when it is used up (or all but the reserve, for
 * anything but 0), and else after the rest that the day's use asks for. What is nearly sold out, and
 * what comes back after it was, goes out at once; of another raise or a change of deep stock nothing
 * depends on the minute.
 */
export function budgetAt({ revisions }: PushTerms, now: number): Prisma.Sql {
  if (!revisions) return Prisma.sql`'-infinity'`;
  const { perDay, reserve, to } = revisions;
  return Prisma.sql`case
    when ${USED} >= case when ${TARGET} = 0 then ${perDay}::int else ${perDay - reserve}::int end
      then ${at(to)}
    when l.accepted_at is not null and l.accepted > 0 and (${RAISES} or ${TARGET} >= ${PLENTY})
      then l.accepted_at + ${coalescingMs(revisions, now)} * ${MS}
    else '-infinity' end`;
}

/** So much of a budget a rush may use whenever it comes: a sale's first hour is what it is for. */
const FREE = 0.6;

/** From this far ahead of the day's time, what is left is spread evenly over what is left of it. */
const FULLY_AHEAD = 0.25;

/**
 * How long a listing rests between two changes that can wait. The further the use of the budget is
 * ahead of the day's time, the closer it comes to an even spread of the rest over the rest of the
 * day; a listing whose use is behind does not rest.
 */
function coalescingMs({ perDay, reserve, from, to }: RevisionDay, now: number): Prisma.Sql {
  const budget = perDay - reserve;
  const elapsed = Math.max(FREE, (now - from) / (to - from));
  const ahead = Prisma.sql`greatest(0, ${USED}::float8 / ${budget}::float8 - ${elapsed}::float8)`;
  return Prisma.sql`(${to - now}::float8 / greatest(1, ${budget}::int - ${USED})
    * least(1, ${ahead} / ${FULLY_AHEAD}::float8))`;
}

/** The record is looked at again this soon. */
const RECORD_AGAIN_MS = 50;

/**
 * Where open units count, a plan waits until the record has come as far as the plan: it knows the
 * sale or the shipment that led to it, and so does the number of open units.
 */
export function recordedAt({ openUnits }: PushTerms, now: number): Prisma.Sql {
  if (!openUnits) return Prisma.sql`'-infinity'`;
  const behind = (item: Prisma.Sql, seq: Prisma.Sql) => Prisma.sql`
    select from balance b join partition_mark p on p.partition = b.partition
    where b.shop_id = l.shop_id and b.item_id = ${item} and p.seq < ${seq}`;
  return Prisma.sql`case
    when exists (${behind(Prisma.sql`l.item_id`, Prisma.sql`l.planned_seq`)})
      or exists (
        select from listing_component k
        where k.listing_id = l.id and exists (
          ${behind(Prisma.sql`k.item_id`, Prisma.sql`k.seq`)}))
    then ${at(now + RECORD_AGAIN_MS)} else '-infinity' end`;
}

/** Another listing of the connection of `l` sells this item as well, by itself or in a kit. */
export function soldByAnother(item: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(
    exists (
      select from listing other
      where other.shop_id = l.shop_id and other.item_id = ${item} and other.id <> l.id
        and other.connection_id = l.connection_id)
    or exists (
      select from listing_component k join listing other on other.id = k.listing_id
      where k.shop_id = l.shop_id and k.item_id = ${item} and other.id <> l.id
        and other.connection_id = l.connection_id))`;
}

/**
 * Sales of a listing that its marketplace still counts: ordered there, not cancelled, not shipped.
 * An order line names the item, not the listing: an item that another listing there sells too says
 * nothing, and is left out. Then less is shown than there is, which is safe.
 */
export const OPEN_UNITS = Prisma.sql`(
  select coalesce(min(floor(open.units / part.units)), 0)::int
  from (
    select l.item_id as item, l.units_per_sale as units where l.item_id is not null
    union all
    select k.item_id, k.units from listing_component k where k.listing_id = l.id
  ) part
  cross join lateral (
    select coalesce(sum(${CLAIMED}), 0) as units
    from order_line o
    where o.shop_id = l.shop_id and o.connection_id = l.connection_id and o.item_id = part.item
  ) open
  where not ${soldByAnother(Prisma.sql`part.item`)})`;
