import { Prisma, type Queryable } from "./client.ts";

/** A listing as its marketplace has it: see `ListingRecord` of the connectors' contract. */
export interface NewListing {
  externalId: string;
  sku: string;
  title: string;
  /** What a buyer could buy now; null when the marketplace does not say. */
  quantity: number | null;
  barcode: string | null;
  /** False for what the marketplace ships from its own warehouse. */
  merchantFulfilled: boolean;
  unpushable: string | null;
  group: string | null;
  stockId: string | null;
  handle: Record<string, string>;
}

export interface ImportedListings {
  /** Listings that were not known before. */
  added: number;
  /** Of all: those whose item is known. */
  matched: number;
  marketplaceFulfilled: number;
  unpushable: number;
}

/** The same code is written with and without leading zeros: GTIN-14, EAN-13, UPC-12. */
const BARE = Prisma.sql`nullif(ltrim(regexp_replace(r.barcode, '\\D', '', 'g'), '0'), '')`;

/**
 * Takes over listings of a connection and matches new ones to the shop's items: by SKU, then by a
 * barcode that one item alone has. What a person said of a listing stays. What the marketplace
 * shows is recorded as shown. It is what a first push compares with, so it counts as accepted too,
 * unless a push has been accepted since.
 */
export async function importListings(
  db: Queryable,
  shop: string,
  connection: string,
  listings: readonly NewListing[],
  now: Date,
): Promise<ImportedListings> {
  const none = { added: 0, matched: 0, marketplaceFulfilled: 0, unpushable: 0 };
  if (listings.length === 0) return none;
  const rows = JSON.stringify([...new Map(listings.map((one) => [one.externalId, one])).values()]);
  const seen = Prisma.sql`(timestamptz 'epoch' + ${now.getTime()}::float8 * interval '1 millisecond')`;
  const [counts] = await db.$queryRaw<ImportedListings[]>`
    with r as (
      select * from jsonb_to_recordset(${rows}::jsonb) as r("externalId" text, sku text, title text,
        quantity int, barcode text, "merchantFulfilled" boolean, unpushable text, "group" text,
        "stockId" text, handle jsonb)
    ), found as (
      select r.*, ${BARE} as bare, i.id as by_sku, b.id as by_barcode
      from r
      left join item i on i.shop_id = ${shop} and i.sku = r.sku and r.sku <> ''
      left join lateral (
        select min(o.id) as id from item o where o.shop_id = ${shop} and o.barcode = ${BARE}
        having count(*) = 1
      ) b on true
    ), taken as (
      insert into listing (id, shop_id, connection_id, item_id, matched_by, external_id, sku, title,
        barcode, merchant_fulfilled, unpushable, pushed, push_group, stock_id, handle,
        accepted, accepted_at, shown, shown_at, imported_at)
      select gen_random_uuid()::text, ${shop}, c.id, coalesce(f.by_sku, f.by_barcode),
        case when f.by_sku is not null then 'sku' when f.by_barcode is not null then 'barcode' end,
        f."externalId", f.sku, f.title, f.bare, f."merchantFulfilled", f.unpushable,
        f."merchantFulfilled" and f.unpushable is null, f."group", f."stockId", f.handle,
        case when f."merchantFulfilled" then f.quantity end, ${seen}, f.quantity, ${seen}, ${seen}
      from found f
      join connection c on c.id = ${connection} and c.shop_id = ${shop}
      order by f."externalId"
      on conflict (connection_id, external_id) do update set
        item_id = case when listing.matched_by = 'person' then listing.item_id
                       else coalesce(listing.item_id, excluded.item_id) end,
        matched_by = case when listing.matched_by = 'person' or listing.item_id is not null
                          then listing.matched_by else excluded.matched_by end,
        sku = excluded.sku, title = excluded.title, barcode = excluded.barcode,
        merchant_fulfilled = excluded.merchant_fulfilled, unpushable = excluded.unpushable,
        pushed = excluded.pushed, push_group = excluded.push_group, stock_id = excluded.stock_id,
        handle = excluded.handle, gone_at = null, imported_at = excluded.imported_at,
        shown = case when excluded.shown is null and not excluded.merchant_fulfilled
                     then listing.shown else excluded.shown end,
        shown_at = excluded.shown_at,
        accepted = case when listing.accepted_seq is null and not listing.in_doubt
                        then excluded.accepted else listing.accepted end
      where listing.shop_id = ${shop}
      returning xmax = 0 as fresh, item_id is not null or kit as matched, merchant_fulfilled,
        unpushable
    )
    select count(*) filter (where fresh)::int as added,
      count(*) filter (where matched)::int as matched,
      count(*) filter (where not merchant_fulfilled)::int as "marketplaceFulfilled",
      count(*) filter (where unpushable is not null)::int as unpushable
    from taken`;
  return counts ?? none;
}

/**
 * Marks the listings that an import of the whole account, begun at `since`, did not see: they are
 * gone there, and nothing is pushed to them. One that is seen again comes back.
 * @returns how many.
 */
export async function markGone(
  db: Queryable,
  shop: string,
  connection: string,
  since: Date,
): Promise<number> {
  return db.$executeRaw`
    update listing set gone_at = ${since}
    where connection_id = ${connection} and shop_id = ${shop} and gone_at is null
      and (imported_at is null or imported_at < ${since})`;
}
