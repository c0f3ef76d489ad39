import type { Reason } from "../inventory/plan.ts";
import { Prisma, type Queryable } from "./client.ts";

/** A listing as the planner sees it. Its row is locked until the transaction ends. */
export interface PlannedListing {
  id: string;
  shop: string;
  connection: string;
  channel: string;
  item: string;
  category: string | null;
  unitsPerSale: number;
  /** Version of the item its plan was made from; null = never planned. */
  plannedSeq: number | null;
}

/** Which listings: those of some items, or every one that a filter names. */
export interface PlanScope {
  shops: readonly string[];
  items: readonly string[];
  channel?: string;
  connection?: string;
}

/**
 * The listings of these items, locked in the order of their ids, so that two planners of one
 * listing take turns and nobody waits in a circle.
 */
export async function lockListings(tx: Queryable, scope: PlanScope): Promise<PlannedListing[]> {
  const { shops, items, channel, connection } = scope;
  const narrowed = Prisma.sql`
    ${channel === undefined ? Prisma.empty : Prisma.sql`and c.channel = ${channel}`}
    ${connection === undefined ? Prisma.empty : Prisma.sql`and l.connection_id = ${connection}`}`;
  const rows = await tx.$queryRaw<(PlannedListing & { planned: bigint | null })[]>`
    select l.id, l.shop_id as shop, l.connection_id as connection, c.channel, l.item_id as item,
      i.category, l.units_per_sale as "unitsPerSale", l.planned_seq as planned
    from listing l
    join connection c on c.id = l.connection_id and c.shop_id = l.shop_id
    join item i on i.id = l.item_id and i.shop_id = l.shop_id
    where l.shop_id = any(${shops}::text[]) and l.item_id = any(${items}::text[]) ${narrowed}
    order by l.id for update of l`;
  return rows.map(({ planned, ...row }) => ({
    ...row,
    plannedSeq: planned === null ? null : Number(planned),
  }));
}

/** What a listing should show from now on, and the sales that led there. */
export interface NewPlan {
  listing: string;
  /** Version of the item it was made from. */
  seq: number;
  quantity: number;
  reasons: Reason[];
  /** Sales on the listing's own connection since its last plan: the marketplace counted them. */
  soldHere: number;
  /** The latest sale elsewhere since its last plan, or null. `at` in ms since the epoch. */
  soldElsewhere: { seq: number; at: number } | null;
}

export interface WrittenPlan {
  shop: string;
  connection: string;
  item: string;
  /** The number is another than before. */
  changed: boolean;
  /** Something is to be told to the marketplace. */
  dirty: boolean;
}

/**
 * Writes plans of locked listings in one statement, and a line of history for each number that
 * changed. A plan that comes to what the marketplace has already needs no push: its sale is
 * accepted at this moment. A new number gives a listing whose push was given up three new tries.
 */
export async function writePlans(
  tx: Queryable,
  plans: readonly NewPlan[],
  now: Date,
): Promise<WrittenPlan[]> {
  if (plans.length === 0) return [];
  const rows = JSON.stringify(plans.map(asColumns));
  return tx.$queryRaw<WrittenPlan[]>`
    with p as (
      select * from jsonb_to_recordset(${rows}::jsonb) as p(listing text, seq bigint,
        quantity int, reasons jsonb, sold_here int, sale_seq bigint, sale_at float8)
    ), before as (
      select l.id, l.planned, l.planned_seq, l.planned is distinct from p.quantity as changed,
        l.accepted = greatest(0, p.quantity + l.sold_since + p.sold_here)
          and l.sold_since + p.sold_here <= 0 and not l.in_doubt as there
      from listing l join p on p.listing = l.id
    ), written as (
      update listing l set
        planned = p.quantity, planned_seq = p.seq, planned_at = ${now}, reasons = p.reasons,
        sold_since = l.sold_since + p.sold_here,
        accepted_seq = case when b.there then p.seq else l.accepted_seq end,
        tries = case when b.changed and l.tries >= ${MAX_TRIES} then 0 else l.tries end,
        not_before = case when b.changed and l.tries >= ${MAX_TRIES} then null
                          else l.not_before end,
        sale_seq = coalesce(p.sale_seq, l.sale_seq),
        sale_at = case when p.sale_seq is null then l.sale_at
                       else to_timestamp(p.sale_at / 1000) end,
        sale_to_ack_ms = case when p.sale_seq is null then l.sale_to_ack_ms
                              when b.there then ${since(now)} end,
        sale_to_shown_ms = case when p.sale_seq is null then l.sale_to_shown_ms
                                when b.there and l.shown = p.quantity then ${since(now)} end
      from p join before b on b.id = p.listing
      where l.id = p.listing
      returning l.id, l.shop_id, l.connection_id, l.item_id, b.planned_seq as after_seq,
        b.changed, l.dirty
    ), history as (
      insert into listing_plan (shop_id, listing_id, seq, after_seq, quantity, reasons, at)
      select w.shop_id, w.id, p.seq, w.after_seq, p.quantity, p.reasons, ${now}
      from written w join p on p.listing = w.id where w.changed
    )
    select shop_id as shop, connection_id as connection, item_id as item, changed, dirty
    from written`;
}

/** A push is given up after this many failed tries, and kept as a dead letter. Row D9. */
export const MAX_TRIES = 3;

/** Ms from the plan's sale to `now`, within what the column holds: see `sinceSale`. */
function since(now: Date): Prisma.Sql {
  const ms = Prisma.sql`round(${now.getTime()}::float8 - p.sale_at)`;
  return Prisma.sql`least(2147483647, greatest(0, ${ms}))::int`;
}

function asColumns(plan: NewPlan) {
  return {
    listing: plan.listing,
    seq: plan.seq,
    quantity: plan.quantity,
    reasons: plan.reasons,
    sold_here: plan.soldHere,
    sale_seq: plan.soldElsewhere?.seq ?? null,
    sale_at: plan.soldElsewhere?.at ?? null,
  };
}

/** Listings a replan covers, without a lock: which items the ledger is to be asked about. */
export async function itemsToReplan(
  db: Queryable,
  shop: string,
  filter: { channel?: string; connection?: string; category?: string; item?: string },
): Promise<string[]> {
  const { channel, connection, category, item } = filter;
  const rows = await db.listing.findMany({
    where: {
      shopId: shop,
      itemId: item === undefined ? { not: null } : item,
      ...(connection === undefined ? {} : { connectionId: connection }),
      ...(channel === undefined ? {} : { connection: { channel } }),
      ...(category === undefined ? {} : { item: { category } }),
    },
    select: { itemId: true },
    distinct: ["itemId"],
    orderBy: { itemId: "asc" },
  });
  return rows.flatMap((row) => row.itemId ?? []);
}
