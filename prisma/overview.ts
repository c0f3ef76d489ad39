import { Prisma, type Queryable } from "./client.ts";

/** One row of the overview: an item and what each of its listings shows. Units. */
export interface OverviewRow {
  item: string;
  sku: string;
  title: string;
  onHand: number;
  committed: number;
  held: number;
  /** Available to sell; negative = oversold. */
  ats: number;
  listings: OverviewListing[];
}

export interface OverviewListing {
  connection: string;
  planned: number | null;
  accepted: number | null;
  shown: number | null;
  trouble: string | null;
  pushed: boolean;
  /** How long the latest sale elsewhere took to be accepted here; null = not yet, or no sale. */
  saleToAckMs: number | null;
  saleAt: Date | null;
}

export const OVERVIEW_FILTERS = ["all", "oversold", "late", "failing"] as const;
export type OverviewFilter = (typeof OVERVIEW_FILTERS)[number];

export interface OverviewQuery {
  shop: string;
  /** Part of a SKU or a title, whatever the case; "" for every item. */
  search: string;
  filter: OverviewFilter;
  /** Items after this SKU, or before it; the first ones when neither is given. */
  after?: string;
  before?: string;
  limit: number;
}

export interface OverviewPage {
  rows: OverviewRow[];
  hasPrevious: boolean;
  hasNext: boolean;
}

/** A listing that has not been told its number for this long is late. Row E4: red above 60 s. */
export const LATE_AFTER_MS = 60_000;

const CLAIMED = Prisma.sql`(b.bucket in ('committed', 'held') or b.bucket like 'allocated:%')`;

/** What is available to sell, over the balances `b` of one item. */
const AVAILABLE = Prisma.sql`
  coalesce(sum(case when b.bucket = 'sellable' then b.quantity when ${CLAIMED} then -b.quantity end), 0)`;

const ON_HAND = Prisma.sql`
  coalesce(sum(b.quantity) filter (
    where b.bucket in ('sellable', 'inspection', 'quarantine', 'damaged')), 0)`;

/**
 * A number a marketplace should have had by now and was not told, over the listings `l`. It is as
 * old as the first plan that was not accepted: on a hot item the newest is always young.
 */
export function lateListing(now: Date): Prisma.Sql {
  const since = new Date(now.getTime() - LATE_AFTER_MS);
  return Prisma.sql`l.dirty and coalesce((
    select min(p.at) from listing_plan p
    where p.listing_id = l.id and p.seq > coalesce(l.accepted_seq, -1)), l.planned_at) < ${since}`;
}

/**
 * One page of a shop's items by SKU, found by keys instead of offsets: the thousandth page of a
 * hundred thousand items costs as much as the first.
 */
export async function overviewPage(
  db: Queryable,
  query: OverviewQuery,
  now: Date,
): Promise<OverviewPage> {
  const backwards = query.before !== undefined;
  const found = await db.$queryRaw<{ id: string; sku: string; title: string }[]>`
    select i.id, i.sku, i.title from item i
    where ${matching(query, now)} and ${beyond(query)}
    order by i.sku ${backwards ? Prisma.sql`desc` : Prisma.sql`asc`}
    limit ${query.limit + 1}`;
  const more = found.length > query.limit;
  const items = found.slice(0, query.limit);
  if (backwards) items.reverse();
  const rows = await withNumbers(db, query.shop, items);
  const moved = query.after !== undefined;
  return { rows, hasPrevious: backwards ? more : moved, hasNext: backwards ? true : more };
}

/** How many items the search and the filter find in all. */
export async function overviewCount(
  db: Queryable,
  query: Pick<OverviewQuery, "shop" | "search" | "filter">,
  now: Date,
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: bigint }[]>`
    select count(*) from item i where ${matching(query, now)}`;
  return Number(row?.count ?? 0);
}

function matching(
  { shop, search, filter }: Pick<OverviewQuery, "shop" | "search" | "filter">,
  now: Date,
): Prisma.Sql {
  const conditions = [Prisma.sql`i.shop_id = ${shop}`];
  if (search !== "") {
    const like = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
    conditions.push(Prisma.sql`(i.sku ilike ${like} or i.title ilike ${like})`);
  }
  if (filter !== "all") conditions.push(Prisma.sql`i.id in (${itemsWith(filter, shop, now)})`);
  return Prisma.join(conditions, " and ");
}

/** Ids of the items behind one number of the summary. */
function itemsWith(filter: Exclude<OverviewFilter, "all">, shop: string, now: Date): Prisma.Sql {
  switch (filter) {
    case "oversold":
      return oversoldItems(shop);
    case "late":
      return Prisma.sql`
        select l.item_id from listing l where l.shop_id = ${shop} and ${lateListing(now)}`;
    case "failing":
      return Prisma.sql`
        select l.item_id from listing l where l.shop_id = ${shop} and l.trouble is not null`;
  }
}

/**
 * Ids of the items of which more is sold, held or set aside than can be sold: one pass over the
 * balances in their key's order. Whole numbers below 2^53 are exact as float8, and summing those
 * takes half the time of summing bigint.
 */
export function oversoldItems(shop: string): Prisma.Sql {
  return Prisma.sql`
    select b.item_id from balance b
    where b.shop_id = ${shop} and (b.bucket = 'sellable' or ${CLAIMED})
    group by b.item_id
    having sum((case when b.bucket = 'sellable' then b.quantity else -b.quantity end)::float8) < 0`;
}

function beyond({ after, before }: OverviewQuery): Prisma.Sql {
  if (before !== undefined) return Prisma.sql`i.sku < ${before}`;
  return after === undefined ? Prisma.sql`true` : Prisma.sql`i.sku > ${after}`;
}

type Found = { id: string; sku: string; title: string };
type Numbers = { item_id: string; on_hand: number; committed: number; held: number; ats: number };

async function withNumbers(
  db: Queryable,
  shop: string,
  items: readonly Found[],
): Promise<OverviewRow[]> {
  const ids = items.map((item) => item.id);
  const [numbers, listings] = await Promise.all([
    numbersOf(db, shop, ids),
    listingsOf(db, shop, ids),
  ]);
  return items.map(({ id, sku, title }) => {
    const { on_hand = 0, committed = 0, held = 0, ats = 0 } = numbers.get(id) ?? {};
    const own = listings.filter((listing) => listing.itemId === id);
    return {
      item: id,
      sku,
      title,
      onHand: on_hand,
      committed,
      held,
      ats,
      listings: own.map(({ itemId: _, connectionId, ...rest }) => ({
        connection: connectionId,
        ...rest,
      })),
    };
  });
}

async function numbersOf(
  db: Queryable,
  shop: string,
  ids: string[],
): Promise<Map<string, Partial<Numbers>>> {
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<Numbers[]>`
    select b.item_id, ${ON_HAND}::int as on_hand,
      coalesce(sum(b.quantity) filter (where b.bucket = 'committed'), 0)::int as committed,
      coalesce(sum(b.quantity) filter (where b.bucket = 'held'), 0)::int as held,
      ${AVAILABLE}::int as ats
    from balance b where b.shop_id = ${shop} and b.item_id in (${Prisma.join(ids)})
    group by b.item_id`;
  return new Map(rows.map((row) => [row.item_id, row]));
}

async function listingsOf(db: Queryable, shop: string, ids: string[]) {
  return db.listing.findMany({
    where: { shopId: shop, itemId: { in: ids } },
    orderBy: [{ connectionId: "asc" }, { externalId: "asc" }],
    select: {
      itemId: true,
      connectionId: true,
      planned: true,
      accepted: true,
      shown: true,
      trouble: true,
      pushed: true,
      saleToAckMs: true,
      saleAt: true,
    },
  });
}
