import { type Database, Prisma, type Queryable } from "./client.ts";

/** What a person says that a sale of a listing takes. */
export interface WantedPart {
  sku: string;
  /** Units of it in one sale: a whole number of at least 1. */
  units: number;
}

export type Matched =
  /** `items`: whose listings are to be planned anew. `revived`: messages that waited for it. */
  | { outcome: "matched"; items: string[]; revived: string[] }
  /** The shop has no such listing. */
  | { outcome: "gone" }
  | { outcome: "unknown-skus"; skus: string[] }
  /** The same SKU twice. */
  | { outcome: "repeated-skus"; skus: string[] };

/**
 * Says what a sale of a listing takes: one SKU (a pack, where it takes several units), or several
 * (a kit). It replaces what was said or found before, and stays over every import. Orders that had
 * been given up because nobody knew what they sold are tried again. Row B7.
 */
export async function matchListing(
  db: Database,
  shop: string,
  listing: string,
  parts: readonly WantedPart[],
): Promise<Matched> {
  const skus = parts.map((part) => part.sku);
  const repeated = skus.filter((sku, at) => skus.indexOf(sku) !== at);
  if (repeated.length > 0) return { outcome: "repeated-skus", skus: [...new Set(repeated)] };
  return db.$transaction(async (tx) => {
    const found = await lockListing(tx, shop, listing);
    if (!found) return { outcome: "gone" };
    const items = await tx.item.findMany({
      where: { shopId: shop, sku: { in: skus } },
      select: { id: true, sku: true },
    });
    const ids = new Map(items.map(({ id, sku }) => [sku, id]));
    const unknown = skus.filter((sku) => !ids.has(sku));
    if (unknown.length > 0) return { outcome: "unknown-skus", skus: unknown };
    const known = parts.map(({ sku, units }) => ({ itemId: ids.get(sku) ?? "", units }));
    await replaceParts(tx, shop, listing, known);
    const revived = await reviveMessages(tx, shop, found);
    return { outcome: "matched", items: known.map((part) => part.itemId), revived };
  });
}

/** Takes a listing's match back: nothing is planned for it or pushed to it any more. */
export async function unmatchListing(
  db: Database,
  shop: string,
  listing: string,
): Promise<{ outcome: "unmatched" | "gone" }> {
  return db.$transaction(async (tx) => {
    if (!(await lockListing(tx, shop, listing))) return { outcome: "gone" };
    await replaceParts(tx, shop, listing, []);
    return { outcome: "unmatched" };
  });
}

interface LockedListing {
  connection: string;
  sku: string;
}

/** Planners of the listing wait until its match is what it is going to be. */
async function lockListing(
  tx: Queryable,
  shop: string,
  listing: string,
): Promise<LockedListing | null> {
  const [row] = await tx.$queryRaw<LockedListing[]>`
    select connection_id as connection, sku from listing
    where id = ${listing} and shop_id = ${shop} for update`;
  return row ?? null;
}

/**
 * Plans of another match say nothing of this one: the listing starts anew, and what its
 * marketplace has stays known.
 */
async function replaceParts(
  tx: Queryable,
  shop: string,
  listing: string,
  parts: readonly { itemId: string; units: number }[],
): Promise<void> {
  const [only] = parts;
  const single = parts.length === 1 ? only : undefined;
  await tx.listingComponent.deleteMany({ where: { listingId: listing, shopId: shop } });
  await tx.listing.update({
    where: { id: listing, shopId: shop },
    data: {
      itemId: single?.itemId ?? null,
      unitsPerSale: single?.units ?? 1,
      kit: parts.length > 1,
      // An import would match again what a person took apart.
      matchedBy: "person",
      ...{ planned: null, plannedSeq: null, plannedAt: null, reasons: [], acceptedSeq: null },
      ...{ saleAt: null, saleSeq: null, saleToAckMs: null, saleToShownMs: null },
      ...{ tries: 0, notBefore: null },
    },
  });
  if (single) return;
  await tx.listingComponent.createMany({
    data: parts.map((part) => ({ ...part, shopId: shop, listingId: listing })),
  });
}

/** Orders that could not be read because of this listing's SKU: all their tries are given back. */
async function reviveMessages(
  tx: Queryable,
  shop: string,
  { connection, sku }: LockedListing,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    with revived as (
      update inbox_message set state = 'received', tries = 0, next_try_at = now()
      where shop_id = ${shop} and connection_id = ${connection} and state = 'failed'
        and strpos(error, ${`no item is matched to SKU ${sku}`}) > 0
      returning id
    ), closed as (
      update dead_letter d set state = 'retried', closed_at = now(),
        closed_why = 'its listing was matched'
      from revived r where d.shop_id = ${shop} and d.kind = 'message' and d.state = 'open'
        and d.subject = r.id::text
    )
    select id from revived order by id`;
  return rows.map((row) => String(row.id));
}

export const LISTING_FILTERS = [
  "all",
  "unmatched",
  "duplicates",
  "kits",
  "marketplace-fulfilled",
  "unpushable",
  "gone",
] as const;
export type ListingFilter = (typeof LISTING_FILTERS)[number];

/** A listing as the page that matches shows it. */
export interface ListingRow {
  id: string;
  connection: string;
  channel: string;
  externalId: string;
  sku: string;
  title: string;
  barcode: string | null;
  matchedBy: string | null;
  merchantFulfilled: boolean;
  unpushable: string | null;
  gone: boolean;
  shown: number | null;
  planned: number | null;
  trouble: string | null;
  /** Listings of the same connection with the same SKU, itself included. */
  twins: number;
  parts: { sku: string; title: string; units: number }[];
}

export interface ListingsQuery {
  shop: string;
  connection?: string | undefined;
  filter: ListingFilter;
  /** Part of a SKU or a title, whatever the case. */
  search: string;
  /** Listings after this id in the page's order. */
  after?: string | undefined;
  limit: number;
}

const TWINS = Prisma.sql`(
  select count(*) from listing t
  where t.connection_id = l.connection_id and t.sku = l.sku and t.sku <> '')::int`;

const FILTERS: Record<ListingFilter, Prisma.Sql> = {
  all: Prisma.sql`l.gone_at is null`,
  unmatched: Prisma.sql`l.gone_at is null and l.item_id is null and not l.kit`,
  duplicates: Prisma.sql`l.gone_at is null and ${TWINS} > 1`,
  kits: Prisma.sql`l.gone_at is null and (l.kit or l.units_per_sale > 1)`,
  "marketplace-fulfilled": Prisma.sql`l.gone_at is null and not l.merchant_fulfilled`,
  unpushable: Prisma.sql`l.gone_at is null and l.unpushable is not null`,
  gone: Prisma.sql`l.gone_at is not null`,
};

/** Listings of a shop by SKU, a page at a time. The row after the last of a page is not in it. */
export async function findListings(
  db: Queryable,
  { shop, connection, filter, search, after, limit }: ListingsQuery,
): Promise<{ rows: ListingRow[]; next: string | null }> {
  const like = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  const rows = await db.$queryRaw<ListingRow[]>`
    select l.id, l.connection_id as connection, c.channel, l.external_id as "externalId", l.sku,
      l.title, l.barcode, l.matched_by as "matchedBy", l.merchant_fulfilled as "merchantFulfilled",
      l.unpushable, l.gone_at is not null as gone, l.shown, l.planned, l.trouble,
      ${TWINS} as twins, coalesce(parts.list, '[]') as parts
    from listing l
    join connection c on c.id = l.connection_id and c.shop_id = l.shop_id
    left join lateral (
      select jsonb_agg(jsonb_build_object('sku', i.sku, 'title', i.title, 'units', p.units)
        order by i.sku) as list
      from (
        select l.item_id as item, l.units_per_sale as units where l.item_id is not null
        union all
        select k.item_id, k.units from listing_component k where k.listing_id = l.id
      ) p join item i on i.id = p.item and i.shop_id = l.shop_id
    ) parts on true
    where l.shop_id = ${shop} and ${FILTERS[filter]}
      ${connection === undefined ? Prisma.empty : Prisma.sql`and l.connection_id = ${connection}`}
      ${search === "" ? Prisma.empty : Prisma.sql`and (l.sku ilike ${like} or l.title ilike ${like})`}
      ${after === undefined ? Prisma.empty : Prisma.sql`and (l.sku, l.id) > (select a.sku, a.id from listing a where a.id = ${after} and a.shop_id = ${shop})`}
    order by l.sku, l.id limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** How many listings each filter has, for the page's tabs. */
export async function countListings(
  db: Queryable,
  shop: string,
  connection?: string,
): Promise<Record<ListingFilter, number>> {
  const narrowed =
    connection === undefined ? Prisma.empty : Prisma.sql`and l.connection_id = ${connection}`;
  const [row] = await db.$queryRaw<Record<string, number>[]>`
    with twin as (
      select connection_id, sku from listing where shop_id = ${shop} and sku <> ''
      group by 1, 2 having count(*) > 1
    )
    select count(*) filter (where ${FILTERS.all})::int as "all",
      count(*) filter (where ${FILTERS.unmatched})::int as unmatched,
      count(*) filter (where l.gone_at is null and t.sku is not null)::int as duplicates,
      count(*) filter (where ${FILTERS.kits})::int as kits,
      count(*) filter (where ${FILTERS["marketplace-fulfilled"]})::int as "marketplace-fulfilled",
      count(*) filter (where ${FILTERS.unpushable})::int as unpushable,
      count(*) filter (where ${FILTERS.gone})::int as gone
    from listing l left join twin t on t.connection_id = l.connection_id and t.sku = l.sku
    where l.shop_id = ${shop} ${narrowed}`;
  const counts = LISTING_FILTERS.map((filter) => [filter, row?.[filter] ?? 0]);
  return Object.fromEntries(counts) as Record<ListingFilter, number>;
}
