import { Prisma, type Queryable } from "./client.ts";

/** What a marketplace says of one listing in one return: see `ReturnActivity`. */
export interface ReturnTold {
  /** The marketplace's id of the return. */
  id: string;
  order: string;
  listing: string;
  sku: string;
  /** Null when no item is matched to the listing. */
  item: string | null;
  quantity: number;
  stage: "announced" | "arrived" | "closed";
  /** Ms since the epoch. */
  at: number;
}

/** A return that a page shows. */
export interface ReturnRow extends ReturnTold {
  connection: string;
}

/** Later stages win, whatever the order of hearing them. */
const RANK = Prisma.sql`array['announced', 'arrived', 'closed']`;

/**
 * Notes what is on its way back. It moves no stock. The same return again, or an earlier stage
 * heard later, changes nothing but what is new of it.
 */
export async function recordReturns(
  db: Queryable,
  shop: string,
  connection: string,
  returns: readonly ReturnTold[],
): Promise<void> {
  if (returns.length === 0) return;
  const newest = new Map(returns.map((one) => [JSON.stringify([one.id, one.listing]), one]));
  const rows = JSON.stringify([...newest.values()]);
  await db.$executeRaw`
    insert into return_notice (shop_id, connection_id, return_id, listing, sku, item_id, order_id,
      quantity, stage, at)
    select ${shop}, c.id, r.id, r.listing, r.sku, r.item, r."order", r.quantity, r.stage,
      timestamptz 'epoch' + r.at * interval '1 millisecond'
    from jsonb_to_recordset(${rows}::jsonb) as r(id text, listing text, sku text, item text,
      "order" text, quantity int, stage text, at float8)
    join connection c on c.id = ${connection} and c.shop_id = ${shop}
    order by r.id, r.listing
    on conflict (connection_id, return_id, listing) do update set
      item_id = coalesce(excluded.item_id, return_notice.item_id),
      quantity = greatest(return_notice.quantity, excluded.quantity),
      stage = case when array_position(${RANK}, excluded.stage)
                      > array_position(${RANK}, return_notice.stage)
                   then excluded.stage else return_notice.stage end,
      at = greatest(return_notice.at, excluded.at)
    where return_notice.shop_id = ${shop}`;
}

/** Returns of an item that may still bring units back, the newest first. */
export async function openReturnsOfItem(
  db: Queryable,
  shop: string,
  item: string,
  limit = 50,
): Promise<ReturnRow[]> {
  const rows = await db.returnNotice.findMany({
    where: { shopId: shop, itemId: item, stage: { not: "closed" } },
    orderBy: [{ at: "desc" }, { returnId: "asc" }],
    take: limit,
  });
  return rows.map((row) => ({
    ...{ id: row.returnId, order: row.orderId, listing: row.listing, sku: row.sku },
    ...{ item: row.itemId, quantity: row.quantity, stage: row.stage as ReturnTold["stage"] },
    ...{ at: row.at.getTime(), connection: row.connectionId },
  }));
}
