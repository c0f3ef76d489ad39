import type { Queryable } from "./client.ts";
import type { ItemFields } from "./item-changes.ts";

/*
 * The shop's rows for files, a page at a time: each page begins after the last row of the one
 * before it, so that a file of any length needs no more memory than a page.
 */

const PAGE = 2_000;

export async function* exportItems(
  db: Queryable,
  shop: string,
): AsyncGenerator<(ItemFields & { sku: string })[]> {
  const read = (after: string) =>
    db.item.findMany({
      where: { shopId: shop, sku: { gt: after } },
      select: { sku: true, title: true, category: true, barcode: true },
      orderBy: { sku: "asc" },
      take: PAGE,
    });
  yield* pages(read, ({ sku }) => sku);
}

export interface ShelfRow {
  sku: string;
  title: string;
  location: string;
  bucket: string;
  quantity: number;
}

/** Every shelf that ever held something, in the order of SKUs. */
export async function* exportShelves(db: Queryable, shop: string): AsyncGenerator<ShelfRow[]> {
  const read = (after: string) => db.$queryRaw<ShelfRow[]>`
    select i.sku, i.title, b.location, b.bucket, b.quantity::float8 as quantity
    from (
      select id, sku, title from item where shop_id = ${shop} and sku > ${after}
      order by sku limit ${PAGE}
    ) i
    join balance b on b.shop_id = ${shop} and b.item_id = i.id and b.location <> ''
    order by i.sku, b.location, b.bucket`;
  // A page of items none of which ever moved has no shelf and is not the end.
  for (let after = ""; ; ) {
    const [last] = await db.$queryRaw<{ sku: string | null }[]>`
      select max(sku) as sku from (
        select sku from item where shop_id = ${shop} and sku > ${after} order by sku limit ${PAGE}
      ) page`;
    if (!last || last.sku === null) return;
    yield await read(after);
    after = last.sku;
  }
}

async function* pages<T>(
  read: (after: string) => Promise<T[]>,
  keyOf: (row: T) => string,
): AsyncGenerator<T[]> {
  for (let after = ""; ; ) {
    const rows = await read(after);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = keyOf(last);
  }
}
