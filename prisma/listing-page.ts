import { Prisma, type Queryable } from "./client.ts";
import { keysetPage, type Place } from "./keyset.ts";
import { soldByAnother } from "./push-terms.ts";

export const LISTING_FILTERS = [
  "all",
  "unmatched",
  "duplicates",
  "kits",
  "marketplace-fulfilled",
  "unpushable",
  "drifting",
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
  /** Another listing of the connection sells an item that this one sells. */
  shared: boolean;
  parts: { sku: string; title: string; units: number }[];
}

/** A place between two listings. */
export type ListingCursor = readonly [sku: string, listing: string];

export interface ListingsPage {
  rows: ListingRow[];
  previous: ListingCursor | null;
  next: ListingCursor | null;
}

export interface ListingsQuery extends Place<ListingCursor> {
  shop: string;
  connection?: string | undefined;
  filter: ListingFilter;
  /** Part of a SKU or a title, whatever the case. */
  search: string;
  limit: number;
}

const TWINS = Prisma.sql`(
  select count(*) from listing t
  where t.connection_id = l.connection_id and t.sku = l.sku and t.sku <> '')::int`;

/** See `OPEN_UNITS` of push-terms.ts, which counts nothing for these. */
const SHARED = Prisma.sql`exists (
  select from (
    select l.item_id as item where l.item_id is not null
    union all
    select k.item_id from listing_component k where k.listing_id = l.id
  ) part
  where ${soldByAnother(Prisma.sql`part.item`)})`;

/** SKUs that a connection of the shop lists more than once. */
function twinsOf(shop: string): Prisma.Sql {
  return Prisma.sql`
    select t.connection_id, t.sku from listing t where t.shop_id = ${shop} and t.sku <> ''
    group by 1, 2 having count(*) > 1`;
}

/** Listings that show, or lately showed, another number than their marketplace accepted. */
function driftsOf(shop: string): Prisma.Sql {
  return Prisma.sql`
    select d.listing_id from drift d where d.shop_id = ${shop} and d.state in ('suspected', 'open')`;
}

/** Which listings `l` of a shop a filter means. */
function filtered(filter: ListingFilter, shop: string): Prisma.Sql {
  const present = Prisma.sql`l.gone_at is null`;
  switch (filter) {
    case "all":
      return present;
    case "unmatched":
      return Prisma.sql`${present} and l.item_id is null and not l.kit`;
    case "duplicates":
      return Prisma.sql`${present} and (l.connection_id, l.sku) in (${twinsOf(shop)})`;
    case "kits":
      return Prisma.sql`${present} and (l.kit or l.units_per_sale > 1)`;
    case "marketplace-fulfilled":
      return Prisma.sql`${present} and not l.merchant_fulfilled`;
    case "unpushable":
      return Prisma.sql`${present} and l.unpushable is not null`;
    case "drifting":
      return Prisma.sql`${present} and l.id in (${driftsOf(shop)})`;
    case "gone":
      return Prisma.sql`l.gone_at is not null`;
  }
}

/** Listings of a shop by SKU, a page at a time. */
export async function findListings(db: Queryable, query: ListingsQuery): Promise<ListingsPage> {
  const { shop, connection, filter, search, before, limit } = query;
  const order = before ? Prisma.sql`desc` : Prisma.sql`asc`;
  const like = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  const found = await db.$queryRaw<ListingRow[]>`
    select l.id, l.connection_id as connection, c.channel, l.external_id as "externalId", l.sku,
      l.title, l.barcode, l.matched_by as "matchedBy", l.merchant_fulfilled as "merchantFulfilled",
      l.unpushable, l.gone_at is not null as gone, l.shown, l.planned, l.trouble,
      ${TWINS} as twins, ${SHARED} as shared, coalesce(parts.list, '[]') as parts
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
    where l.shop_id = ${shop} and ${filtered(filter, shop)}
      ${connection === undefined ? Prisma.empty : Prisma.sql`and l.connection_id = ${connection}`}
      ${search === "" ? Prisma.empty : Prisma.sql`and (l.sku ilike ${like} or l.title ilike ${like})`}
      ${beyond(query)}
    order by l.sku ${order}, l.id ${order} limit ${limit + 1}`;
  const { rows, hasPrevious, hasNext } = keysetPage(found, limit, query);
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    rows,
    previous: hasPrevious && first ? [first.sku, first.id] : null,
    next: hasNext && last ? [last.sku, last.id] : null,
  };
}

function beyond({ after, before }: Place<ListingCursor>): Prisma.Sql {
  const [sku, id] = before ?? after ?? [];
  if (before) return Prisma.sql`and (l.sku, l.id) < (${sku}, ${id})`;
  return after ? Prisma.sql`and (l.sku, l.id) > (${sku}, ${id})` : Prisma.empty;
}

/** How many listings each filter has, for the page's tabs. */
export async function countListings(
  db: Queryable,
  shop: string,
  connection?: string,
): Promise<Record<ListingFilter, number>> {
  const narrowed =
    connection === undefined ? Prisma.empty : Prisma.sql`and l.connection_id = ${connection}`;
  const of = (filter: ListingFilter) => filtered(filter, shop);
  const [row] = await db.$queryRaw<Record<string, number>[]>`
    with twin as (${twinsOf(shop)}), drifting as (${driftsOf(shop)})
    select count(*) filter (where ${of("all")})::int as "all",
      count(*) filter (where ${of("unmatched")})::int as unmatched,
      count(*) filter (where l.gone_at is null and t.sku is not null)::int as duplicates,
      count(*) filter (where ${of("kits")})::int as kits,
      count(*) filter (where ${of("marketplace-fulfilled")})::int as "marketplace-fulfilled",
      count(*) filter (where ${of("unpushable")})::int as unpushable,
      count(*) filter (where l.gone_at is null and l.id in (table drifting))::int as drifting,
      count(*) filter (where ${of("gone")})::int as gone
    from listing l left join twin t on t.connection_id = l.connection_id and t.sku = l.sku
    where l.shop_id = ${shop} ${narrowed}`;
  const counts = LISTING_FILTERS.map((filter) => [filter, row?.[filter] ?? 0]);
  return Object.fromEntries(counts) as Record<ListingFilter, number>;
}
