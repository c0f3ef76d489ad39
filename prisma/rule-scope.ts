import { Prisma, type Queryable } from "./client.ts";
import { findItemsBySku } from "./items.ts";

/** What a buffer rule covers. A missing member means "every". */
export interface RuleScope {
  channel?: string;
  category?: string;
  item?: string;
}

/** The same, of several items at once. */
export interface ListingScope extends RuleScope {
  items?: readonly string[];
}

export interface CoveredListing {
  id: string;
  channel: string;
  sku: string;
  kit: boolean;
  /** What a sale takes: one item, or a kit's several. */
  parts: { item: string; sku: string; category: string | null; units: number }[];
}

/**
 * Listings a rule covers, in the order of their ids, after the one that `after` names. A kit is
 * covered when any of its parts is.
 */
export async function coveredListings(
  db: Queryable,
  shop: string,
  { channel, category, item, items = item === undefined ? undefined : [item] }: ListingScope,
  { after, limit }: { after: string; limit: number },
): Promise<CoveredListing[]> {
  // The page is found first and its parts after it: grouped in one go, every page would read what
  // all the pages behind it have.
  return db.$queryRaw<CoveredListing[]>`
    select l.id, l.channel, l.sku, l.kit, p.parts
    from (
      select l.id, c.channel, l.sku, l.kit, l.item_id, l.units_per_sale
      from listing l
      join connection c on c.id = l.connection_id and c.shop_id = l.shop_id
      where l.shop_id = ${shop} and l.id > ${after}
        and (l.item_id is not null
          or exists (select from listing_component k where k.listing_id = l.id))
        ${channel === undefined ? Prisma.empty : Prisma.sql`and c.channel = ${channel}`}
        ${items === undefined ? Prisma.empty : Prisma.sql`and l.id in (${selling(shop, items)})`}
        ${category === undefined ? Prisma.empty : Prisma.sql`and ${sellsOf(category)}`}
      order by l.id limit ${limit}
    ) l
    cross join lateral (
      select jsonb_agg(jsonb_build_object('item', i.id, 'sku', i.sku, 'category', i.category,
        'units', s.units) order by i.sku) as parts
      from (
        select l.item_id as item, l.units_per_sale as units where l.item_id is not null
        union all
        select k.item_id, k.units from listing_component k where k.listing_id = l.id
      ) s
      join item i on i.id = s.item and i.shop_id = ${shop}
    ) p
    order by l.id`;
}

function sellsOf(category: string): Prisma.Sql {
  return Prisma.sql`(
    exists (select from item i
      where i.id = l.item_id and i.shop_id = l.shop_id and i.category = ${category})
    or exists (select from listing_component k join item i on i.id = k.item_id
      where k.listing_id = l.id and i.shop_id = l.shop_id and i.category = ${category}))`;
}

function selling(shop: string, items: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    select id from listing where shop_id = ${shop} and item_id = any(${[...items]}::text[])
    union all
    select listing_id from listing_component
    where shop_id = ${shop} and item_id = any(${[...items]}::text[])`;
}

/** What a listing that sells these SKUs is planned from, by SKU. */
export async function partsOfSkus(
  db: Queryable,
  shop: string,
  skus: readonly string[],
): Promise<Map<string, Omit<CoveredListing["parts"][number], "units">>> {
  const rows = await findItemsBySku(db, shop, skus);
  return new Map(
    [...rows.values()].map(({ id, sku, category }) => [sku, { item: id, sku, category }]),
  );
}

/** The categories a shop's items have. */
export async function shopCategories(db: Queryable, shop: string): Promise<string[]> {
  const rows = await db.item.groupBy({
    by: ["category"],
    where: { shopId: shop, category: { not: null } },
    orderBy: { category: "asc" },
    take: 1_000,
  });
  return rows.flatMap(({ category }) => category ?? []);
}
