import type { Queryable } from "./client.ts";

/**
 * The connection to the Shopify shop of this domain: which tenant a signed request of its
 * storefront is for. Of several, as after a move from one merchant to another, the newest.
 */
export async function storefrontConnection(
  db: Queryable,
  domain: string,
): Promise<{ shop: string; id: string } | null> {
  const row = await db.connection.findFirst({
    where: { channel: "shopify", account: domain, disconnectedAt: null },
    orderBy: { createdAt: "desc" },
    select: { id: true, shopId: true },
  });
  return row && { id: row.id, shop: row.shopId };
}
