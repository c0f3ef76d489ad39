import type { Queryable } from "./client.ts";

/** What a buffer rule covers. A missing member means "every". */
export interface RuleScope {
  channel?: string;
  category?: string;
  item?: string;
}

export interface CoveredListing {
  id: string;
  item: string;
  category: string | null;
  channel: string;
  sku: string;
  unitsPerSale: number;
}

/** Listings a rule covers, in the order of their ids, after the one that `after` names. */
export async function coveredListings(
  db: Queryable,
  shop: string,
  { channel, category, item }: RuleScope,
  { after, limit }: { after: string; limit: number },
): Promise<CoveredListing[]> {
  const rows = await db.listing.findMany({
    where: {
      shopId: shop,
      id: { gt: after },
      itemId: item === undefined ? { not: null } : item,
      ...(channel === undefined ? {} : { connection: { channel } }),
      ...(category === undefined ? {} : { item: { category } }),
    },
    select: {
      id: true,
      sku: true,
      unitsPerSale: true,
      connection: { select: { channel: true } },
      item: { select: { id: true, category: true } },
    },
    orderBy: { id: "asc" },
    take: limit,
  });
  return rows.flatMap(({ id, sku, unitsPerSale, connection, item: found }) =>
    found
      ? [{ id, sku, unitsPerSale, item: found.id, category: found.category, ...connection }]
      : [],
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
