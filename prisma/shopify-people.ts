import type { Role } from "../inventory/role.ts";
import type { Database, Queryable } from "./client.ts";
import { isActingOwner, listPeople, type PersonRow, personRow } from "./people.ts";
import { joiningRoleOf } from "./shops.ts";

/** How exact "last here" is. */
const MARK_EVERY_MS = 60_000;

/** Somebody in Shopify's admin, by his number there; null before his first visit. */
export async function findShopifyPerson(
  db: Queryable,
  shop: string,
  user: string,
  now: Date,
): Promise<PersonRow | null> {
  const row = await db.person.findFirst({ where: { shopId: shop, shopifyUser: user } });
  if (!row) return null;
  if (now.getTime() - (row.lastSeenAt?.getTime() ?? 0) > MARK_EVERY_MS) {
    await db.person.updateMany({ where: { shopId: shop, id: row.id }, data: { lastSeenAt: now } });
  }
  return personRow(row);
}

/**
 * Takes somebody into the team at his first visit. Who owns the shop at Shopify is an owner, and so
 * is the first to come: an app is installed by somebody who may. Everybody else gets the role that
 * the owners have set.
 */
export async function admitShopifyPerson(
  db: Database,
  shop: string,
  { user, name, owner }: { user: string; name: string; owner: boolean },
  now: Date,
): Promise<PersonRow> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`select id from shop where id = ${shop} for update`;
    const known = await findShopifyPerson(tx, shop, user, now);
    if (known) return known;
    const first = !(await listPeople(tx, shop)).some(isActingOwner);
    const role: Role = owner || first ? "owner" : await joiningRoleOf(tx, shop);
    const row = { shopId: shop, name: name.slice(0, 80), role, shopifyUser: user, lastSeenAt: now };
    return personRow(await tx.person.create({ data: row }));
  });
}
