import type { Reason } from "../inventory/plan.ts";
import type { Queryable } from "./client.ts";

export interface ItemListing {
  id: string;
  channel: string;
  connection: string;
  externalId: string;
  sku: string;
  title: string;
  /** Units of the item that one sale takes. */
  unitsPerSale: number;
  /** It sells other items as well: its numbers are what the scarcest of them allows. */
  kit: boolean;
  merchantFulfilled: boolean;
  /** Why nothing can be pushed to it although the merchant ships it. */
  unpushable: string | null;
  pushed: boolean;
  planned: number | null;
  plannedAt: Date | null;
  accepted: number | null;
  acceptedAt: Date | null;
  shown: number | null;
  shownAt: Date | null;
  reasons: Reason[];
  trouble: string | null;
  saleToAckMs: number | null;
  saleToShownMs: number | null;
}

/** Where an item is offered, alone, in packs or in kits, and the numbers of each listing with the plan's own reasons. */
export async function itemListings(
  db: Queryable,
  shop: string,
  item: string,
): Promise<ItemListing[]> {
  const rows = await db.listing.findMany({
    where: { shopId: shop, OR: [{ itemId: item }, { components: { some: { itemId: item } } }] },
    include: {
      connection: { select: { channel: true, name: true } },
      components: { where: { itemId: item }, select: { units: true } },
    },
    orderBy: [{ connection: { channel: "asc" } }, { connectionId: "asc" }, { externalId: "asc" }],
  });
  return rows.map(({ connection, components, reasons, ...row }) => ({
    id: row.id,
    channel: connection.channel,
    connection: connection.name,
    externalId: row.externalId,
    sku: row.sku,
    title: row.title,
    unitsPerSale: components[0]?.units ?? row.unitsPerSale,
    kit: row.kit,
    merchantFulfilled: row.merchantFulfilled,
    unpushable: row.unpushable,
    pushed: row.pushed,
    planned: row.planned,
    plannedAt: row.plannedAt,
    accepted: row.accepted,
    acceptedAt: row.acceptedAt,
    shown: row.shown,
    shownAt: row.shownAt,
    // Written by the planner as inventory/plan.ts made them.
    reasons: reasons as unknown as Reason[],
    trouble: row.trouble,
    saleToAckMs: row.saleToAckMs,
    saleToShownMs: row.saleToShownMs,
  }));
}

export interface RecordedBalance {
  bucket: string;
  location: string;
  quantity: number;
}

/** What the record says of an item, for the moments in which the ledger cannot be asked. */
export async function recordedBalances(
  db: Queryable,
  shop: string,
  item: string,
): Promise<RecordedBalance[]> {
  const rows = await db.balance.findMany({
    where: { shopId: shop, itemId: item },
    orderBy: [{ bucket: "asc" }, { location: "asc" }],
    select: { bucket: true, location: true, quantity: true },
  });
  return rows.map((row) => ({ ...row, quantity: Number(row.quantity) }));
}

export interface LiveHold {
  id: string;
  quantity: number;
  channel: string | null;
  expiresAt: Date;
}

/** Holds on an item that have not been decided yet, next to expire first. */
export async function liveHolds(
  db: Queryable,
  shop: string,
  item: string,
  limit: number,
): Promise<LiveHold[]> {
  return db.hold.findMany({
    where: { shopId: shop, itemId: item, state: "live" },
    orderBy: [{ expiresAt: "asc" }, { id: "asc" }],
    select: { id: true, quantity: true, channel: true, expiresAt: true },
    take: limit,
  });
}
