import type { Queryable } from "./client.ts";
import type { NewItem } from "./items.ts";

/*
 * What the API reads and writes of items, listings and holds, in pages.
 */

export interface CatalogueItem {
  sku: string;
  title: string;
  category: string | null;
  barcode: string | null;
}

const ITEM = { sku: true, title: true, category: true, barcode: true } as const;

/** Items in SKU order, after the SKU that `after` names. */
export async function listCatalogue(
  db: Queryable,
  shop: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<CatalogueItem[]> {
  return db.item.findMany({
    where: { shopId: shop, ...(after === undefined ? {} : { sku: { gt: after } }) },
    select: ITEM,
    orderBy: { sku: "asc" },
    take: limit,
  });
}

export async function findCatalogueItem(
  db: Queryable,
  shop: string,
  sku: string,
): Promise<CatalogueItem | null> {
  return db.item.findUnique({ where: { shopId_sku: { shopId: shop, sku } }, select: ITEM });
}

/** Makes an item. One that is there already is as good when it says the same. */
export async function createItem(
  db: Queryable,
  shop: string,
  item: Required<NewItem>,
): Promise<{ outcome: "created"; item: CatalogueItem } | { outcome: "taken" }> {
  await db.item.createMany({ data: [{ ...item, shopId: shop }], skipDuplicates: true });
  const found = await findCatalogueItem(db, shop, item.sku);
  const same = (["title", "category", "barcode"] as const).every(
    (name) => found?.[name] === item[name],
  );
  return found && same ? { outcome: "created", item: found } : { outcome: "taken" };
}

/** Changes what is named; null when the shop has no such item. */
export async function changeItem(
  db: Queryable,
  shop: string,
  sku: string,
  change: Partial<Omit<CatalogueItem, "sku">>,
): Promise<CatalogueItem | null> {
  await db.item.updateMany({ where: { shopId: shop, sku }, data: change });
  return findCatalogueItem(db, shop, sku);
}

/** Listings of a shop, or of one channel, in the order of their ids. */
export async function listListings(
  db: Queryable,
  shop: string,
  page: { channel?: string | undefined; after?: string | undefined; limit: number },
) {
  const { channel, after, limit } = page;
  const rows = await db.listing.findMany({
    where: {
      ...{ shopId: shop, goneAt: null },
      ...(after === undefined ? {} : { id: { gt: after } }),
      ...(channel === undefined ? {} : { connection: { channel } }),
    },
    include: {
      connection: { select: { channel: true, name: true } },
      item: { select: { sku: true } },
    },
    orderBy: { id: "asc" },
    take: limit,
  });
  return rows.map(({ connection, item, ...row }) => ({
    ...{ id: row.id, channel: connection.channel, connection: connection.name },
    ...{ externalId: row.externalId, sku: row.sku, item: item?.sku ?? null },
    ...{ unitsPerSale: row.unitsPerSale, kit: row.kit, merchantFulfilled: row.merchantFulfilled },
    ...{ planned: row.planned, accepted: row.accepted, shown: row.shown, trouble: row.trouble },
  }));
}

/** A line of a hold, as the record has it: a moment behind the ledger. */
export interface HoldLine {
  /** Names the line: "<hold>.<number>". */
  line: string;
  hold: string;
  sku: string;
  quantity: number;
  channel: string | null;
  state: string;
  expiresAt: Date;
}

/** Lines of holds in a state, in the order of their names. */
export async function listHoldLines(
  db: Queryable,
  shop: string,
  page: { state: string; after?: string | undefined; limit: number },
): Promise<HoldLine[]> {
  const { state, after, limit } = page;
  return db.$queryRaw<HoldLine[]>`
    select h.id as line, regexp_replace(h.id, '\\.\\d+$', '') as hold, i.sku, h.quantity, h.channel,
      h.state, h.expires_at as "expiresAt"
    from hold h join item i on i.id = h.item_id and i.shop_id = h.shop_id
    where h.shop_id = ${shop} and h.state = ${state} and h.id > ${after ?? ""}
    order by h.id limit ${limit}`;
}

/** The lines of one hold. */
export async function linesOfHold(db: Queryable, shop: string, hold: string): Promise<HoldLine[]> {
  return db.$queryRaw<HoldLine[]>`
    select h.id as line, ${hold} as hold, i.sku, h.quantity, h.channel, h.state,
      h.expires_at as "expiresAt"
    from hold h join item i on i.id = h.item_id and i.shop_id = h.shop_id
    where h.shop_id = ${shop} and h.id >= ${`${hold}.`} and h.id < ${`${hold}/`}
    order by h.id`;
}
