import type { Queryable } from "./client.ts";

/** SKUs by item id. */
export async function skusOfItems(
  db: Queryable,
  shop: string,
  items: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db.item.findMany({
    where: { shopId: shop, id: { in: [...items] } },
    select: { id: true, sku: true },
  });
  return new Map(rows.map(({ id, sku }) => [id, sku]));
}
