import type { Queryable } from "./client.ts";

/** Which items a sale of a listing takes: one, several of one (a pack), or several (a kit). */
export interface Match {
  /** At least one; each item once. */
  parts: readonly MatchPart[];
}

export interface MatchPart {
  item: string;
  /** Units of it that one sale takes. */
  units: number;
}

/** What a marketplace calls a listing: its own id, and the seller's SKU it wrote beside it. */
export interface ListingName {
  listing: string;
  sku: string;
}

/**
 * The items behind each listing of a connection, by the listing's own id. A listing that was listed
 * anew under another id, or that a marketplace names by its SKU alone, is found by the SKU, if all
 * listings of that SKU sell the same. One that no import has seen yet sells the item of its SKU, as
 * the next import will find. One that nobody matched is absent: guessing would take stock from the
 * wrong shelf.
 */
export async function matchListings(
  db: Queryable,
  shop: string,
  connection: string,
  names: readonly ListingName[],
): Promise<Map<string, Match>> {
  if (names.length === 0) return new Map();
  const rows = await db.listing.findMany({
    where: {
      shopId: shop,
      connectionId: connection,
      OR: [
        { externalId: { in: names.map((name) => name.listing) } },
        { sku: { in: names.map((name) => name.sku).filter((sku) => sku !== "") } },
      ],
    },
    select: {
      externalId: true,
      sku: true,
      itemId: true,
      unitsPerSale: true,
      components: { select: { itemId: true, units: true }, orderBy: { itemId: "asc" } },
    },
    orderBy: { externalId: "asc" },
  });
  const byId = new Map(rows.map((row) => [row.externalId, partsOf(row)]));
  const bySku = new Map(
    [...Map.groupBy(rows, (row) => row.sku)].map(([sku, named]) => [sku, agreed(named)]),
  );
  const unknown = names.filter(({ listing, sku }) => !byId.has(listing) && !bySku.has(sku));
  const items = await itemsOfSkus(db, shop, unknown);
  const matches = new Map<string, Match>();
  for (const { listing, sku } of names) {
    const parts = byId.get(listing) ?? bySku.get(sku) ?? items.get(sku) ?? [];
    if (parts.length > 0) matches.set(listing, { parts });
  }
  return matches;
}

async function itemsOfSkus(
  db: Queryable,
  shop: string,
  names: readonly ListingName[],
): Promise<Map<string, MatchPart[]>> {
  if (names.length === 0) return new Map();
  const items = await db.item.findMany({
    where: { shopId: shop, sku: { in: names.map((name) => name.sku) } },
    select: { id: true, sku: true },
  });
  return new Map(items.map(({ id, sku }) => [sku, [{ item: id, units: 1 }]]));
}

/** What listings of one SKU sell, if they all sell the same. */
function agreed(rows: readonly ListingParts[]): MatchPart[] {
  const [first = [], ...others] = rows.map(partsOf);
  const same = others.every((parts) => JSON.stringify(parts) === JSON.stringify(first));
  return same ? first : [];
}

interface ListingParts {
  itemId: string | null;
  unitsPerSale: number;
  components: { itemId: string; units: number }[];
}

function partsOf({ itemId, unitsPerSale, components }: ListingParts): MatchPart[] {
  if (itemId !== null) return [{ item: itemId, units: unitsPerSale }];
  return components.map((part) => ({ item: part.itemId, units: part.units }));
}
