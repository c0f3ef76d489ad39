import type { Database, Queryable } from "./client.ts";

/** What an import may say of an item. */
export interface ItemFields {
  title: string;
  category: string | null;
  barcode: string | null;
}

export type ItemRecord = ItemFields & { id: string; sku: string };

const FIELDS = { id: true, sku: true, title: true, category: true, barcode: true } as const;

/** Items by SKU with all that an import may change. */
export async function itemRecords(
  db: Queryable,
  shop: string,
  skus: readonly string[],
): Promise<Map<string, ItemRecord>> {
  const rows = await db.item.findMany({
    where: { shopId: shop, sku: { in: [...new Set(skus)] } },
    select: FIELDS,
  });
  return new Map(rows.map((row) => [row.sku, row]));
}

/** Makes new items and gives known ones these fields, all or none. */
export async function putItems(
  db: Database,
  shop: string,
  items: readonly (ItemFields & { sku: string })[],
): Promise<void> {
  if (items.length === 0) return;
  await db.$transaction(async (tx) => {
    const data = items.map((item) => ({ ...item, shopId: shop }));
    await tx.item.createMany({ data, skipDuplicates: true });
    await tx.$executeRaw`
      update item i set title = r.title, category = r.category, barcode = r.barcode
      from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as r(sku text, title text,
        category text, barcode text)
      where i.shop_id = ${shop} and i.sku = r.sku
        and (i.title, i.category, i.barcode) is distinct from (r.title, r.category, r.barcode)`;
  });
}

/** Takes items away that nothing refers to. Returns the SKUs of those that are gone. */
export async function dropUnusedItems(
  db: Queryable,
  shop: string,
  skus: readonly string[],
): Promise<string[]> {
  const rows = await db.$queryRaw<{ sku: string }[]>`
    delete from item i where i.shop_id = ${shop} and i.sku = any(${[...skus]}::text[])
      and not exists (select from balance b where b.shop_id = ${shop} and b.item_id = i.id)
      and not exists (select from listing l where l.shop_id = ${shop} and l.item_id = i.id)
      and not exists (select from listing_component c
        where c.shop_id = ${shop} and c.item_id = i.id)
      and not exists (select from sales_line s where s.shop_id = ${shop} and s.item_id = i.id)
      and not exists (select from buffer_rule r where r.shop_id = ${shop} and r.item_id = i.id)
    returning sku`;
  return rows.map((row) => row.sku);
}
