import type { Queryable } from "./client.ts";

/** A SKU the merchant owns. */
export interface ItemRow {
  id: string;
  sku: string;
  title: string;
  category: string | null;
}

export interface NewItem {
  sku: string;
  title: string;
  category?: string | null;
  /** Digits only, without leading zeros. */
  barcode?: string | null;
}

const FIELDS = { id: true, sku: true, title: true, category: true } as const;

export async function findItemBySku(
  db: Queryable,
  shop: string,
  sku: string,
): Promise<ItemRow | null> {
  return db.item.findUnique({ where: { shopId_sku: { shopId: shop, sku } }, select: FIELDS });
}

/** The items of these SKUs, by SKU. A SKU nobody owns is absent. */
export async function findItemsBySku(
  db: Queryable,
  shop: string,
  skus: readonly string[],
): Promise<Map<string, ItemRow>> {
  const rows = await db.item.findMany({
    where: { shopId: shop, sku: { in: [...new Set(skus)] } },
    select: FIELDS,
  });
  return new Map(rows.map((row) => [row.sku, row]));
}

/** Items whose SKU or title contains the text, whatever the case, in SKU order. */
export async function suggestItems(
  db: Queryable,
  shop: string,
  text: string,
  limit: number,
): Promise<ItemRow[]> {
  const contains = { contains: text, mode: "insensitive" } as const;
  return db.item.findMany({
    where: { shopId: shop, OR: [{ sku: contains }, { title: contains }] },
    select: FIELDS,
    orderBy: { sku: "asc" },
    take: limit,
  });
}

/** Items in SKU order, after the SKU that `after` names. */
export async function listItems(
  db: Queryable,
  shop: string,
  { after, limit }: { after?: string; limit: number },
): Promise<ItemRow[]> {
  return db.item.findMany({
    where: { shopId: shop, ...(after === undefined ? {} : { sku: { gt: after } }) },
    select: FIELDS,
    orderBy: { sku: "asc" },
    take: limit,
  });
}

/**
 * Makes the items that are not there yet; those that are keep their title and category, which a
 * person may have edited since. Returns all of them by SKU.
 */
export async function ensureItems(
  db: Queryable,
  shop: string,
  items: readonly NewItem[],
): Promise<Map<string, ItemRow>> {
  await db.item.createMany({
    data: items.map((item) => ({ ...item, shopId: shop })),
    skipDuplicates: true,
  });
  return findItemsBySku(
    db,
    shop,
    items.map((item) => item.sku),
  );
}
