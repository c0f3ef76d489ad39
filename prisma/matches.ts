import type { Queryable } from "./client.ts";

/** Which item a sale of a listing takes, and how many units of it. */
export interface Match {
  item: string;
  unitsPerSale: number;
}

/** What a marketplace calls a listing: its own id, and the seller's SKU it wrote beside it. */
export interface ListingName {
  listing: string;
  sku: string;
}

/**
 * The item behind each listing of a connection, by the listing's own id. A listing that was listed
 * anew under another id is found by the seller SKU. One nobody matched to an item is absent:
 * guessing would take stock from the wrong shelf.
 */
export async function matchListings(
  db: Queryable,
  shop: string,
  connection: string,
  names: readonly ListingName[],
): Promise<Map<string, Match>> {
  const rows = await db.listing.findMany({
    where: {
      shopId: shop,
      connectionId: connection,
      OR: [
        { externalId: { in: names.map((name) => name.listing) } },
        { sku: { in: names.map((name) => name.sku) } },
      ],
    },
    select: { externalId: true, sku: true, itemId: true, unitsPerSale: true },
    orderBy: { externalId: "asc" },
  });
  const byId = new Map(rows.map((row) => [row.externalId, row]));
  const bySku = new Map(rows.map((row) => [row.sku, row]));
  const matches = new Map<string, Match>();
  for (const { listing, sku } of names) {
    const row = byId.get(listing) ?? bySku.get(sku);
    if (!row?.itemId) continue;
    matches.set(listing, { item: row.itemId, unitsPerSale: row.unitsPerSale });
  }
  return matches;
}
