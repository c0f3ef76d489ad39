import { DEFAULT_HOLD_TERMS, type HoldTerms } from "../inventory/hold-terms.ts";
import type { Database, Queryable } from "./client.ts";

/** A shop's rules for carts, or the defaults where nobody has changed them. */
export async function readHoldTerms(db: Queryable, shop: string): Promise<HoldTerms> {
  const row = await db.holdSettings.findUnique({ where: { shopId: shop } });
  if (!row) return DEFAULT_HOLD_TERMS;
  const { shopId: _, sharePercent: percent, shareBelow: below, ...terms } = row;
  return { ...terms, share: { percent, below } };
}

/**
 * Keeps what a person has set. The shop's Shopify connections are told whether carts are listened
 * to, because that decides what they ask Shopify to send.
 * @returns ids of the connections that have to ask Shopify anew.
 */
export async function saveHoldTerms(
  db: Database,
  shop: string,
  { share, ...terms }: HoldTerms,
): Promise<string[]> {
  const data = { ...terms, sharePercent: share.percent, shareBelow: share.below };
  return db.$transaction(async (tx) => {
    await tx.holdSettings.upsert({
      where: { shopId: shop },
      create: { shopId: shop, ...data },
      update: data,
    });
    const carts = terms.webhookCarts ? "1" : "0";
    const changed = await tx.$queryRaw<{ id: string }[]>`
      update connection set settings = jsonb_set(settings, '{carts}', to_jsonb(${carts}::text))
      where shop_id = ${shop} and channel = 'shopify' and disconnected_at is null
        and coalesce(settings ->> 'carts', '0') <> ${carts}
      returning id`;
    return changed.map((row) => row.id);
  });
}
