import { Prisma, type Queryable } from "./client.ts";

/** An item that some listing sells and of which nobody has said how many there are. */
export interface UncountedItem {
  id: string;
  sku: string;
  title: string;
}

/** What a connection shows of uncounted items. */
export interface CountSource {
  connection: string;
  items: number;
  units: number;
}

/** How many units of an uncounted item a connection shows. */
export interface ShownCount {
  item: string;
  sku: string;
  units: number;
}

/** The last thing that happened to a shelf was that its first count was taken back. */
const TAKEN_BACK = Prisma.sql`(b.quantity = 0 and exists (
  select from movement m
  join batch u on u.id = m.batch_id and u.shop_id = m.shop_id
  join batch f on f.id = u.undoes and f.shop_id = u.shop_id
  where m.partition = b.partition and m.seq = b.seq and m.shop_id = b.shop_id
    and f.options -> 'firstCount' is not null))`;

/**
 * No movement has put a unit of it anywhere, or not for good. It may have been sold: a sale claims,
 * it counts nothing.
 */
const UNCOUNTED = Prisma.sql`not exists (
  select from balance b where b.shop_id = i.shop_id and b.item_id = i.id and b.location <> ''
    and not ${TAKEN_BACK})`;

const SOLD = Prisma.sql`(
  exists (select from listing l where l.shop_id = i.shop_id and l.item_id = i.id
    and l.gone_at is null)
  or exists (select from listing_component k where k.shop_id = i.shop_id and k.item_id = i.id))`;

/** How many items are sold somewhere, and how many of them nobody has counted. */
export async function countCounted(
  db: Queryable,
  shop: string,
): Promise<{ sold: number; uncounted: number }> {
  const [row] = await db.$queryRaw<{ sold: number; uncounted: number }[]>`
    select count(*)::int as sold, (count(*) filter (where ${UNCOUNTED}))::int as uncounted
    from item i where i.shop_id = ${shop} and ${SOLD}`;
  return row ?? { sold: 0, uncounted: 0 };
}

/** Uncounted items by SKU, after one of them. */
export async function uncountedItems(
  db: Queryable,
  shop: string,
  { after, limit }: { after: string; limit: number },
): Promise<UncountedItem[]> {
  return db.$queryRaw<UncountedItem[]>`
    select i.id, i.sku, i.title from item i
    where i.shop_id = ${shop} and i.sku > ${after} and ${SOLD} and ${UNCOUNTED}
    order by i.sku limit ${limit}`;
}

/**
 * Units by item as a connection shows them. Where several listings sell an item they usually show
 * one shelf, so the largest of them counts, not their sum. A kit says nothing of its parts.
 */
function shownUnits(shop: string): Prisma.Sql {
  return Prisma.sql`
    select l.connection_id as connection, l.item_id as item, i.sku,
      max(l.shown * l.units_per_sale)::int as units
    from listing l join item i on i.id = l.item_id and i.shop_id = l.shop_id
    where l.shop_id = ${shop} and l.gone_at is null and l.merchant_fulfilled and l.shown > 0
      and ${UNCOUNTED}
    group by 1, 2, 3`;
}

/** What each connection could say of uncounted items. */
export async function countSources(db: Queryable, shop: string): Promise<CountSource[]> {
  return db.$queryRaw<CountSource[]>`
    select connection, count(*)::int as items, sum(units)::float8 as units
    from (${shownUnits(shop)}) s group by 1 order by 2 desc, 1`;
}

/** What one connection shows of uncounted items, by item, after one of them. */
export async function shownCounts(
  db: Queryable,
  shop: string,
  connection: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<ShownCount[]> {
  return db.$queryRaw<ShownCount[]>`
    select item, sku, units from (${shownUnits(shop)}) s
    where connection = ${connection} and item > ${after ?? ""}
    order by item limit ${limit}`;
}

/** Those of the items that somebody has counted. */
export async function countedItems(
  db: Queryable,
  shop: string,
  items: readonly string[],
): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    select i.id from item i
    where i.shop_id = ${shop} and i.id = any(${[...items]}) and not ${UNCOUNTED}`;
  return new Set(rows.map((row) => row.id));
}

/** The newest batch of first counts that was not thrown away. */
export async function latestFirstCount(db: Queryable, shop: string): Promise<string | null> {
  const [row] = await db.$queryRaw<{ id: string }[]>`
    select id::text from batch
    where shop_id = ${shop} and state <> 'discarded' and options -> 'firstCount' is not null
    order by id desc limit 1`;
  return row?.id ?? null;
}
