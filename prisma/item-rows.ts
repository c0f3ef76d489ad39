import { Prisma, type Queryable } from "./client.ts";
import type { ItemKey } from "./item-list.ts";

/** One row of a list of items: what there is of an item, and what each of its listings shows. */
export interface ListedItem {
  item: string;
  sku: string;
  title: string;
  category: string | null;
  onHand: number;
  committed: number;
  held: number;
  /** Available to sell; negative = oversold. Units. */
  ats: number;
  /** Null = it never moved. */
  movedAt: Date | null;
  /** The row is at least as new as this, ms since the epoch by the database's clock. */
  asOf: number;
  listings: ListedListing[];
}

export interface ListedListing {
  connection: string;
  /** It sells other items as well. */
  kit: boolean;
  planned: number | null;
  accepted: number | null;
  shown: number | null;
  trouble: string | null;
  pushed: boolean;
  /** How long the latest sale elsewhere took to be accepted here; null = not yet, or no sale. */
  saleToAckMs: number | null;
  saleAt: Date | null;
}

/** Before the snapshot that the statement sees. */
export const AS_OF = Prisma.sql`(extract(epoch from statement_timestamp()) * 1000)::float8 as as_of`;

type Named = Omit<ItemKey, "value">;

/** The rows of these items, for a page that shows some of them already. */
export async function itemRows(
  db: Queryable,
  shop: string,
  items: readonly string[],
): Promise<ListedItem[]> {
  if (items.length === 0) return [];
  const named = await db.$queryRaw<Named[]>`
    select i.id, i.sku, i.title, i.category, s.on_hand::float8, s.available::float8,
      case when s.seq > 0 then s.moved_at end as moved_at, ${AS_OF}
    from item i join item_stock s on s.shop_id = i.shop_id and s.item_id = i.id
    where i.shop_id = ${shop} and i.id = any(${[...items]}::text[])`;
  return withNumbers(db, shop, named);
}

/** The same items in the same order, with their claims and listings. */
export async function withNumbers(
  db: Queryable,
  shop: string,
  items: readonly Named[],
): Promise<ListedItem[]> {
  const ids = items.map((item) => item.id);
  const [claims, listings] = await Promise.all([
    claimsOf(db, shop, ids),
    listingsOf(db, shop, ids),
  ]);
  return items.map(({ id, sku, title, category, on_hand, available, moved_at, as_of }) => ({
    item: id,
    sku,
    title,
    category,
    onHand: on_hand,
    committed: claims.get(id)?.committed ?? 0,
    held: claims.get(id)?.held ?? 0,
    ats: available,
    movedAt: moved_at,
    asOf: as_of,
    listings: (listings.get(id) ?? []).map(({ item: _, ...listing }) => listing),
  }));
}

interface Claims {
  item: string;
  committed: number;
  held: number;
}

async function claimsOf(
  db: Queryable,
  shop: string,
  ids: readonly string[],
): Promise<Map<string, Claims>> {
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<Claims[]>`
    select item_id as item,
      coalesce(sum(quantity) filter (where bucket = 'committed'), 0)::float8 as committed,
      coalesce(sum(quantity) filter (where bucket = 'held'), 0)::float8 as held
    from balance where shop_id = ${shop} and item_id in (${Prisma.join([...ids])})
      and bucket in ('committed', 'held')
    group by item_id`;
  return new Map(rows.map((row) => [row.item, row]));
}

async function listingsOf(
  db: Queryable,
  shop: string,
  ids: readonly string[],
): Promise<Map<string, (ListedListing & { item: string })[]>> {
  if (ids.length === 0) return new Map();
  const those = Prisma.join([...ids]);
  const rows = await db.$queryRaw<(ListedListing & { item: string })[]>`
    select o.item, l.connection_id as connection, l.kit, l.planned, l.accepted, l.shown, l.trouble,
      l.pushed, l.sale_to_ack_ms as "saleToAckMs", l.sale_at as "saleAt"
    from (
      select item_id as item, id from listing where shop_id = ${shop} and item_id in (${those})
      union all
      select item_id, listing_id from listing_component
      where shop_id = ${shop} and item_id in (${those})
    ) o join listing l on l.id = o.id and l.shop_id = ${shop}
    where l.gone_at is null
    order by l.connection_id, l.external_id`;
  return Map.groupBy(rows, (row) => row.item);
}
