import type { BlastLimits, Catalogue } from "../inventory/blast-radius.ts";
import type { Queryable } from "./client.ts";

/** How much of a shop's catalogue may change at once without a second look (row H4). */
export async function readBlastLimits(db: Queryable, shop: string): Promise<BlastLimits> {
  const row = await db.shop.findUniqueOrThrow({
    where: { id: shop },
    select: {
      guardZeroPercent: true,
      guardMovePercent: true,
      guardFarPercent: true,
      guardAlways: true,
    },
  });
  return {
    zeroPercent: row.guardZeroPercent,
    movePercent: row.guardMovePercent,
    farPercent: row.guardFarPercent,
    always: row.guardAlways,
  };
}

/** Keeps what a person has set. Percents of the catalogue are 0..100, `farPercent` 0..1000. */
export async function saveBlastLimits(
  db: Queryable,
  shop: string,
  { zeroPercent, movePercent, farPercent, always }: BlastLimits,
): Promise<void> {
  await db.shop.update({
    where: { id: shop },
    data: {
      guardZeroPercent: zeroPercent,
      guardMovePercent: movePercent,
      guardFarPercent: farPercent,
      guardAlways: always,
    },
  });
}

/** Every listing that is pushed, and those of them that are to show something now. */
export async function listingCatalogue(db: Queryable, shop: string): Promise<Catalogue> {
  const [row] = await db.$queryRaw<Catalogue[]>`
    select count(*)::int as size, count(*) filter (where planned > 0)::int as live
    from listing
    where shop_id = ${shop} and gone_at is null and (item_id is not null or kit)`;
  return row ?? { size: 0, live: 0 };
}

/** Every item of the shop, and those of them that have sellable units somewhere. */
export async function itemCatalogue(db: Queryable, shop: string): Promise<Catalogue> {
  const [row] = await db.$queryRaw<Catalogue[]>`
    select (select count(*)::int from item where shop_id = ${shop}) as size,
      (select count(*)::int from (
        select from balance where shop_id = ${shop} and bucket = 'sellable'
        group by item_id having sum(quantity) > 0
      ) stocked) as live`;
  return row ?? { size: 0, live: 0 };
}
