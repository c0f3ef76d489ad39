import type { Database, Queryable } from "./client.ts";

/** What a person says that a sale of a listing takes. */
export interface WantedPart {
  sku: string;
  /** Units of it in one sale: a whole number of at least 1. */
  units: number;
}

export type Matched =
  /** `items`: whose listings are to be planned anew. `revived`: messages that waited for it. */
  | { outcome: "matched"; items: string[]; revived: string[] }
  /** The shop has no such listing. */
  | { outcome: "gone" }
  | { outcome: "unknown-skus"; skus: string[] }
  /** The same SKU twice. */
  | { outcome: "repeated-skus"; skus: string[] };

/**
 * Says what a sale of a listing takes: one SKU (a pack, where it takes several units), or several
 * (a kit). It replaces what was said or found before, and stays over every import. Orders that had
 * been given up because nobody knew what they sold are tried again. Row B7.
 */
export async function matchListing(
  db: Database,
  shop: string,
  listing: string,
  parts: readonly WantedPart[],
): Promise<Matched> {
  const skus = parts.map((part) => part.sku);
  const repeated = skus.filter((sku, at) => skus.indexOf(sku) !== at);
  if (repeated.length > 0) return { outcome: "repeated-skus", skus: [...new Set(repeated)] };
  return db.$transaction(async (tx) => {
    const found = await lockListing(tx, shop, listing);
    if (!found) return { outcome: "gone" };
    const items = await tx.item.findMany({
      where: { shopId: shop, sku: { in: skus } },
      select: { id: true, sku: true },
    });
    const ids = new Map(items.map(({ id, sku }) => [sku, id]));
    const unknown = skus.filter((sku) => !ids.has(sku));
    if (unknown.length > 0) return { outcome: "unknown-skus", skus: unknown };
    const known = parts.map(({ sku, units }) => ({ itemId: ids.get(sku) ?? "", units }));
    await replaceParts(tx, shop, listing, known);
    const revived = await reviveMessages(tx, shop, found);
    return { outcome: "matched", items: known.map((part) => part.itemId), revived };
  });
}

/** Takes a listing's match back: nothing is planned for it or pushed to it any more. */
export async function unmatchListing(
  db: Database,
  shop: string,
  listing: string,
): Promise<{ outcome: "unmatched" | "gone" }> {
  return db.$transaction(async (tx) => {
    if (!(await lockListing(tx, shop, listing))) return { outcome: "gone" };
    await replaceParts(tx, shop, listing, []);
    return { outcome: "unmatched" };
  });
}

interface LockedListing {
  connection: string;
  sku: string;
}

/** Planners of the listing wait until its match is what it is going to be. */
async function lockListing(
  tx: Queryable,
  shop: string,
  listing: string,
): Promise<LockedListing | null> {
  const [row] = await tx.$queryRaw<LockedListing[]>`
    select connection_id as connection, sku from listing
    where id = ${listing} and shop_id = ${shop} for update`;
  return row ?? null;
}

/**
 * Plans of another match say nothing of this one: the listing starts anew, and what its
 * marketplace has stays known.
 */
async function replaceParts(
  tx: Queryable,
  shop: string,
  listing: string,
  parts: readonly { itemId: string; units: number }[],
): Promise<void> {
  const [only] = parts;
  const single = parts.length === 1 ? only : undefined;
  await tx.listingComponent.deleteMany({ where: { listingId: listing, shopId: shop } });
  await tx.listing.update({
    where: { id: listing, shopId: shop },
    data: {
      itemId: single?.itemId ?? null,
      unitsPerSale: single?.units ?? 1,
      kit: parts.length > 1,
      // An import would match again what a person took apart.
      matchedBy: "person",
      ...{ planned: null, plannedSeq: null, plannedAt: null, reasons: [], acceptedSeq: null },
      ...{ saleAt: null, saleSeq: null, saleToAckMs: null, saleToShownMs: null },
      ...{ tries: 0, notBefore: null },
    },
  });
  if (single) return;
  await tx.listingComponent.createMany({
    data: parts.map((part) => ({ ...part, shopId: shop, listingId: listing })),
  });
}

/** Orders that could not be read because of this listing's SKU: all their tries are given back. */
async function reviveMessages(
  tx: Queryable,
  shop: string,
  { connection, sku }: LockedListing,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    with revived as (
      update inbox_message set state = 'received', tries = 0, next_try_at = now()
      where shop_id = ${shop} and connection_id = ${connection} and state = 'failed'
        and strpos(error, ${`no item is matched to SKU ${sku}`}) > 0
      returning id
    ), closed as (
      update dead_letter d set state = 'retried', closed_at = now(),
        closed_why = 'its listing was matched'
      from revived r where d.shop_id = ${shop} and d.kind = 'message' and d.state = 'open'
        and d.subject = r.id::text
    )
    select id from revived order by id`;
  return rows.map((row) => String(row.id));
}
