import type { Queryable } from "./client.ts";

/** A place where units physically are; `code` is what movements and files say. */
export interface LocationRow {
  id: string;
  code: string;
  name: string;
  /** Lower ships first. */
  priority: number;
}

const FIELDS = { id: true, code: true, name: true, priority: true } as const;

/** The shop's locations, the one that ships first in front. */
export async function listLocations(db: Queryable, shop: string): Promise<LocationRow[]> {
  return db.location.findMany({
    where: { shopId: shop },
    select: FIELDS,
    orderBy: [{ priority: "asc" }, { code: "asc" }],
  });
}

/** The location of a code, made if it is not there yet. */
export async function ensureLocation(
  db: Queryable,
  shop: string,
  location: { code: string; name: string; priority?: number },
): Promise<LocationRow> {
  return db.location.upsert({
    where: { shopId_code: { shopId: shop, code: location.code } },
    create: { ...location, shopId: shop },
    update: {},
    select: FIELDS,
  });
}
