import { Prisma, type Queryable } from "./client.ts";

/** A listing as its marketplace has it: see `ListingRecord` of the connectors' contract. */
export interface NewListing {
  externalId: string;
  sku: string;
  title: string;
  /** What a buyer could buy now; null when the marketplace does not say. */
  quantity: number | null;
  /** False for what the marketplace ships from its own warehouse. */
  merchantFulfilled: boolean;
  handle: Record<string, string>;
}

export interface ImportedListings {
  /** Listings that were not known before. */
  added: number;
  /** Of all: those whose SKU is one of the shop's items. */
  matched: number;
}

/**
 * Takes over listings of a connection and matches new ones to the shop's items by SKU; a match that
 * a person made stays. What the marketplace shows is recorded as shown. It is what a first push
 * compares with, so it counts as accepted too, unless a push has been accepted since.
 */
export async function importListings(
  db: Queryable,
  shop: string,
  connection: string,
  listings: readonly NewListing[],
  now: Date,
): Promise<ImportedListings> {
  if (listings.length === 0) return { added: 0, matched: 0 };
  const rows = JSON.stringify([...new Map(listings.map((one) => [one.externalId, one])).values()]);
  const seen = Prisma.sql`(timestamptz 'epoch' + ${now.getTime()}::float8 * interval '1 millisecond')`;
  const result = await db.$queryRaw<{ fresh: boolean; matched: boolean }[]>`
    insert into listing (id, shop_id, connection_id, item_id, external_id, sku, title, pushed,
      handle, accepted, accepted_at, shown, shown_at)
    select gen_random_uuid()::text, ${shop}, c.id, i.id, r."externalId", r.sku, r.title,
      r."merchantFulfilled", r.handle, r.quantity, ${seen}, r.quantity, ${seen}
    from jsonb_to_recordset(${rows}::jsonb) as r("externalId" text, sku text, title text,
      quantity int, "merchantFulfilled" boolean, handle jsonb)
    join connection c on c.id = ${connection} and c.shop_id = ${shop}
    left join item i on i.shop_id = ${shop} and i.sku = r.sku
    order by r."externalId"
    on conflict (connection_id, external_id) do update set
      item_id = case when listing.matched_by = 'person' then listing.item_id
                     else coalesce(listing.item_id, excluded.item_id) end,
      sku = excluded.sku, title = excluded.title, pushed = excluded.pushed,
      handle = excluded.handle, shown = excluded.shown, shown_at = excluded.shown_at,
      accepted = case when listing.accepted_seq is null and not listing.in_doubt
                      then excluded.accepted else listing.accepted end
    where listing.shop_id = ${shop}
    returning xmax = 0 as fresh, item_id is not null as matched`;
  return {
    added: result.filter((row) => row.fresh).length,
    matched: result.filter((row) => row.matched).length,
  };
}
