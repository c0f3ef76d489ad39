import type { Reason } from "../inventory/plan.ts";
import type { Stock } from "../inventory/stock.ts";
import { Prisma, type Queryable } from "./client.ts";

/** A listing as the planner sees it. Its row is locked until the transaction ends. */
export interface PlannedListing {
  id: string;
  shop: string;
  connection: string;
  channel: string;
  /** What one sale takes: one item, or the parts of a kit. */
  parts: PlannedPart[];
  kit: boolean;
  /** Version of what its plan was made from (`versionOf`); null = never planned. */
  plannedSeq: number | null;
}

export interface PlannedPart {
  item: string;
  sku: string;
  category: string | null;
  units: number;
  /** Of a kit's part: the version and the stock that the kit's plan was last made from. */
  seq: number | null;
  stock: Stock | null;
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
  const rows = await tx.$queryRaw<(Omit<PlannedListing, "parts"> & PartColumns)[]>`
    select l.id, l.shop_id as shop, l.connection_id as connection, c.channel, l.kit,
      l.planned_seq::float8 as "plannedSeq", i.id as item, i.sku, i.category,
      l.units_per_sale as units
    from listing l
    join connection c on c.id = l.connection_id and c.shop_id = l.shop_id
    left join item i on i.id = l.item_id and i.shop_id = l.shop_id
    where l.shop_id = any(${shops}::text[]) ${narrowed} and l.id in (
      select own.id from listing own
      where own.shop_id = any(${shops}::text[]) and own.item_id = any(${items}::text[])
      union all
      select p.listing_id from listing_component p
      where p.shop_id = any(${shops}::text[]) and p.item_id = any(${items}::text[]))
    order by l.id for update of l`;
  const kits = rows.filter((row) => row.kit).map((row) => row.id);
  const parts = await partsOfKits(tx, shops, kits);
  return rows.map(({ item, sku, category, units, ...listing }) => ({
    ...listing,
    parts:
      item === null || sku === null
        ? (parts.get(listing.id) ?? [])
        : [{ item, sku, category, units, seq: null, stock: null }],
  }));
}

interface PartColumns {
  item: string | null;
  sku: string | null;
  category: string | null;
  units: number;
}

/** The parts of locked kits, each in the order of its items' SKUs. */
async function partsOfKits(
  tx: Queryable,
  shops: readonly string[],
  kits: readonly string[],
): Promise<Map<string, PlannedPart[]>> {
  if (kits.length === 0) return new Map();
  const rows = await tx.$queryRaw<(PlannedPart & { listing: string })[]>`
    select p.listing_id as listing, i.id as item, i.sku, i.category, p.units,
      p.seq::float8 as seq, p.stock
    from listing_component p join item i on i.id = p.item_id and i.shop_id = p.shop_id
    where p.listing_id = any(${kits}::text[]) and p.shop_id = any(${shops}::text[])
    order by p.listing_id, i.sku`;
  const parts = rows.map(({ listing, ...part }) => ({ listing, part }));
  const byKit = Map.groupBy(parts, ({ listing }) => listing);
  return new Map([...byKit].map(([listing, own]) => [listing, own.map(({ part }) => part)]));
}

/** Keeps what kits were planned from, so that an event of one part can plan with all of them. */
export async function keepParts(
  tx: Queryable,
  shop: string,
  parts: readonly { listing: string; item: string; seq: number; stock: Stock }[],
): Promise<void> {
  if (parts.length === 0) return;
  const rows = JSON.stringify(parts);
  await tx.$executeRaw`
    update listing_component p set seq = r.seq, stock = r.stock
    from jsonb_to_recordset(${rows}::jsonb) as r(listing text, item text, seq bigint, stock jsonb)
    where p.listing_id = r.listing and p.item_id = r.item and p.shop_id = ${shop}`;
}

/** What a listing should show from now on, and the sales that led there. */
export interface NewPlan {
  listing: string;
  /** The items that its sale takes. */
  items: string[];
  /** Version of what it was made from. */
  seq: number;
  quantity: number;
  reasons: Reason[];
  /** Sales on the listing's own connection since its last plan: the marketplace counted them. */
  soldHere: number;
  /** Causes to tell it once more, whatever the number: the marketplace has changed its own. */
  again: number;
  /** The latest sale elsewhere since its last plan, or null. `at` in ms since the epoch. */
  soldElsewhere: { seq: number; at: number } | null;
  /** See WrittenPlan. */
  unsure: boolean;
}

export interface WrittenPlan {
  shop: string;
  connection: string;
  /** The items that its sale takes. */
  items: string[];
  /** The number is another than before. */
  changed: boolean;
  /** Something is to be told to the marketplace. */
  dirty: boolean;
  /** The record did not know yet who is owed its items: it shows less than it may, plan it again. */
  unsure: boolean;
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
  const byListing = new Map(plans.map((plan) => [plan.listing, plan]));
  type Row = Omit<WrittenPlan, "items" | "unsure"> & { listing: string };
  const written = await tx.$queryRaw<Row[]>`
    with p as (
      select * from jsonb_to_recordset(${rows}::jsonb) as p(listing text, seq bigint,
        quantity int, reasons jsonb, sold_here int, again int, sale_seq bigint, sale_at float8)
    ), before as (
      select l.id, l.planned, l.planned_seq, l.planned is distinct from p.quantity as changed,
        l.accepted = greatest(0, p.quantity + l.sold_since + p.sold_here)
          and l.sold_since + p.sold_here <= 0 and l.again + p.again = 0
          and not l.in_doubt as there
      from listing l join p on p.listing = l.id
    ), written as (
      update listing l set
        planned = p.quantity, planned_seq = p.seq, planned_at = ${now}, reasons = p.reasons,
        sold_since = l.sold_since + p.sold_here, again = l.again + p.again,
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
      returning l.id, l.shop_id, l.connection_id, b.planned_seq as after_seq,
        b.changed, l.dirty
    ), history as (
      insert into listing_plan (shop_id, listing_id, seq, after_seq, quantity, reasons, at)
      select w.shop_id, w.id, p.seq, w.after_seq, p.quantity, p.reasons, ${now}
      from written w join p on p.listing = w.id where w.changed
    )
    select id as listing, shop_id as shop, connection_id as connection, changed, dirty
    from written`;
  return written.map(({ listing, ...one }) => {
    const { items = [], unsure = false } = byListing.get(listing) ?? {};
    return { ...one, items, unsure };
  });
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
    again: plan.again,
    sale_seq: plan.soldElsewhere?.seq ?? null,
    sale_at: plan.soldElsewhere?.at ?? null,
  };
}

/** Items whose listings a replan covers, without a lock: the ledger is to be asked about them. */
export async function itemsToReplan(
  db: Queryable,
  shop: string,
  filter: { channel?: string; connection?: string; category?: string; item?: string },
): Promise<string[]> {
  const { channel, connection, category, item } = filter;
  const rows = await db.$queryRaw<{ item: string }[]>`
    select distinct i.id as item
    from listing l
    join connection c on c.id = l.connection_id
    left join listing_component p on p.listing_id = l.id and p.shop_id = l.shop_id
    join item i on i.id = coalesce(l.item_id, p.item_id) and i.shop_id = l.shop_id
    where l.shop_id = ${shop}
      ${connection === undefined ? Prisma.empty : Prisma.sql`and l.connection_id = ${connection}`}
      ${channel === undefined ? Prisma.empty : Prisma.sql`and c.channel = ${channel}`}
      ${category === undefined ? Prisma.empty : Prisma.sql`and i.category = ${category}`}
      ${item === undefined ? Prisma.empty : Prisma.sql`and i.id = ${item}`}
    order by i.id`;
  return rows.map((row) => row.item);
}
