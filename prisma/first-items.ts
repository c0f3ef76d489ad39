import { Prisma, type Queryable } from "./client.ts";

/** Listings whose SKU a new merchant could take over as his own. */
export interface ItemSource {
  connection: string;
  /** Items it would make. */
  items: number;
  /** Unmatched listings without a SKU: nothing can be made of them. */
  nameless: number;
}

/** Nobody knows what it sells, and no person has said that it sells nothing. */
const OPEN = Prisma.sql`(l.gone_at is null and l.merchant_fulfilled and l.item_id is null
  and not l.kit and l.matched_by is null)`;

/** How many items each connection's unmatched listings would make. */
export async function itemSources(db: Queryable, shop: string): Promise<ItemSource[]> {
  return db.$queryRaw<ItemSource[]>`
    select l.connection_id as connection,
      (count(distinct l.sku) filter (where l.sku <> ''))::int as items,
      (count(*) filter (where l.sku = ''))::int as nameless
    from listing l where l.shop_id = ${shop} and ${OPEN}
    group by l.connection_id order by l.connection_id`;
}

/**
 * Makes an item of every SKU that a connection lists and nobody owns yet. Of several listings of a
 * SKU the one that was listed first gives its title. An item that is there stays as it is.
 * @returns how many were made.
 */
export async function createListedItems(
  db: Queryable,
  shop: string,
  connection: string,
): Promise<number> {
  return db.$executeRaw`
    insert into item (id, shop_id, sku, title, barcode)
    select distinct on (l.sku) gen_random_uuid()::text, ${shop}, l.sku,
      coalesce(nullif(l.title, ''), l.sku), l.barcode
    from listing l
    where l.shop_id = ${shop} and l.connection_id = ${connection} and l.sku <> '' and ${OPEN}
    order by l.sku, l.id
    on conflict (shop_id, sku) do nothing`;
}

/**
 * Matches what is unmatched anew, as an import does: by SKU, then by a barcode that one item alone
 * has. Messages that had been given up because nobody knew what they sold are tried again.
 */
export async function matchAgain(
  db: Queryable,
  shop: string,
): Promise<{ matched: number; connections: string[]; revived: string[] }> {
  const rows = await db.$queryRaw<{ connection: string; matched: number }[]>`
    with found as (
      select l.id, i.id as by_sku, b.id as by_barcode
      from listing l
      -- What is live is matched by a person, who is shown what that would change.
      join connection c on c.id = l.connection_id and c.live_at is null
      left join item i on i.shop_id = l.shop_id and i.sku = l.sku and l.sku <> ''
      left join lateral (
        select min(o.id) as id from item o where o.shop_id = ${shop} and o.barcode = l.barcode
        having count(*) = 1
      ) b on true
      where l.shop_id = ${shop} and l.gone_at is null and l.item_id is null and not l.kit
        and l.matched_by is null
    ), changed as (
      update listing l set item_id = coalesce(f.by_sku, f.by_barcode),
        matched_by = case when f.by_sku is not null then 'sku' else 'barcode' end
      from found f
      where l.id = f.id and coalesce(f.by_sku, f.by_barcode) is not null and l.item_id is null
      returning l.connection_id
    )
    select connection_id as connection, count(*)::int as matched from changed
    group by 1 order by 1`;
  const connections = rows.map((row) => row.connection);
  const matched = rows.reduce((sum, row) => sum + row.matched, 0);
  return { matched, connections, revived: matched === 0 ? [] : await reviveUnmatched(db, shop) };
}

/** Which of them can be read now is found by trying. */
async function reviveUnmatched(db: Queryable, shop: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    with revived as (
      update inbox_message set state = 'received', tries = 0, next_try_at = now()
      where shop_id = ${shop} and state = 'failed'
        and strpos(error, 'no item is matched to SKU ') > 0
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

/** Makes an item of one listing. Null when it has no SKU, or the shop has no such listing. */
export async function createListedItem(
  db: Queryable,
  shop: string,
  listing: string,
): Promise<string | null> {
  const found = await db.listing.findFirst({
    where: { id: listing, shopId: shop, sku: { not: "" } },
    select: { sku: true, title: true, barcode: true },
  });
  if (!found) return null;
  const { sku, title, barcode } = found;
  const data = { shopId: shop, sku, title: title || sku, barcode };
  await db.item.createMany({ data, skipDuplicates: true });
  return sku;
}
