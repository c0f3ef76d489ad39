import type { Regional } from "../inventory/regional.ts";
import { isRole, type Role } from "../inventory/role.ts";
import type { Queryable } from "./client.ts";

/** A merchant: everything else in the record belongs to one. */
export interface ShopRow extends Regional {
  id: string;
  domain: string;
  name: string;
}

const REGIONAL = { locale: true, timeZone: true, currency: true } as const;
const FIELDS = { id: true, domain: true, name: true, ...REGIONAL } as const;

/**
 * The shop of a domain, made if it is not there yet. Installing twice changes nothing, and so do a
 * first visit's loaders, which come all at once.
 */
export async function ensureShop(db: Queryable, domain: string, name: string): Promise<ShopRow> {
  await db.shop.createMany({ data: { domain, name }, skipDuplicates: true });
  return db.shop.findUniqueOrThrow({ where: { domain }, select: FIELDS });
}

export async function findShopByDomain(db: Queryable, domain: string): Promise<ShopRow | null> {
  return db.shop.findUnique({ where: { domain }, select: FIELDS });
}

export async function shopById(db: Queryable, shop: string): Promise<ShopRow | null> {
  return db.shop.findUnique({ where: { id: shop }, select: FIELDS });
}

export async function saveRegional(db: Queryable, shop: string, regional: Regional): Promise<void> {
  const data = { ...regional, regionalChosen: true };
  await db.shop.update({ where: { id: shop }, data, select: { id: true } });
}

/** Takes over what the merchant's shop is kept in elsewhere, unless he has chosen it here. */
export async function adoptRegional(
  db: Queryable,
  shop: string,
  regional: Pick<Regional, "timeZone" | "currency">,
): Promise<void> {
  await db.shop.updateMany({ where: { id: shop, regionalChosen: false }, data: regional });
}

/** What somebody becomes who first comes in from Shopify's admin. */
export async function joiningRoleOf(db: Queryable, shop: string): Promise<Role> {
  const row = await db.shop.findUnique({ where: { id: shop }, select: { joiningRole: true } });
  return isRole(row?.joiningRole) ? row.joiningRole : "read-only";
}

export async function setJoiningRole(db: Queryable, shop: string, role: Role): Promise<void> {
  await db.shop.update({ where: { id: shop }, data: { joiningRole: role } });
}

/** Ids of every shop: only for work that visits each shop in turn, never for a page. */
export async function everyShop(db: Queryable): Promise<string[]> {
  const rows = await db.shop.findMany({ select: { id: true }, orderBy: { id: "asc" } });
  return rows.map((row) => row.id);
}
