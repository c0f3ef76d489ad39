import type { Location } from "../generated/prisma/client.ts";
import { PHYSICAL_BUCKETS } from "../inventory/bucket.ts";
import { isRestricted, type Place } from "../inventory/location.ts";
import { changeRules } from "./buffers.ts";
import type { Database, Queryable } from "./client.ts";

/** A place where units physically are; `code` is what movements and files say. */
export interface LocationRow extends Place {
  id: string;
  name: string;
}

/** The shop's locations, the one that ships first in front. */
export async function listLocations(db: Queryable, shop: string): Promise<LocationRow[]> {
  const rows = await db.location.findMany({
    where: { shopId: shop },
    orderBy: [{ priority: "asc" }, { code: "asc" }],
  });
  return rows.map(asLocation);
}

/** The location of a code, made if it is not there yet. */
export async function ensureLocation(
  db: Queryable,
  shop: string,
  location: { code: string; name: string; priority?: number },
): Promise<LocationRow> {
  const row = await db.location.upsert({
    where: { shopId_code: { shopId: shop, code: location.code } },
    create: { ...location, shopId: shop },
    update: {},
  });
  return asLocation(row);
}

/**
 * The locations of shops where not every location ships for every channel; the others have none
 * here. Inside a transaction that holds the rules still, they hold still too: see `prisma/buffers.ts`.
 */
export async function restrictedPlaces(
  db: Queryable,
  shops: readonly string[],
): Promise<Map<string, LocationRow[]>> {
  const some = { shopId: { in: [...shops] }, servesAll: false };
  const restricted = await db.location.findMany({ where: some, select: { shopId: true } });
  if (restricted.length === 0) return new Map();
  const rows = await db.location.findMany({
    where: { shopId: { in: restricted.map(({ shopId }) => shopId) } },
  });
  const byShop = Map.groupBy(rows, ({ shopId }) => shopId);
  return new Map([...byShop].map(([shop, own]) => [shop, own.map(asLocation)]));
}

/** What plans need to know of a shop's locations; null where each ships for every channel. */
export async function placesOf(db: Queryable, shop: string): Promise<LocationRow[] | null> {
  const places = await listLocations(db, shop);
  return isRestricted(places) ? places : null;
}

/** What a merchant says of a location. */
export type LocationChange = Omit<LocationRow, "id">;

/** Makes a location. False when its code is taken. */
export async function addLocation(
  db: Database,
  shop: string,
  location: LocationChange,
): Promise<boolean> {
  return changeRules(db, shop, async (tx) => {
    const { count } = await tx.location.createMany({
      data: [{ shopId: shop, code: location.code, ...columnsOf(location) }],
      skipDuplicates: true,
    });
    return count > 0;
  });
}

/**
 * Changes a location; its code stays, because movements name it. False when the shop has none of
 * this id. The caller replans when other channels are served: see the job "listings.replan".
 */
export async function changeLocation(
  db: Database,
  shop: string,
  id: string,
  change: Omit<LocationChange, "code">,
): Promise<boolean> {
  return changeRules(db, shop, async (tx) => {
    const { count } = await tx.location.updateMany({
      where: { id, shopId: shop },
      data: columnsOf(change),
    });
    return count > 0;
  });
}

/** Units that are physically at a location, whatever may be done with them; on the way there too. */
export async function unitsAt(db: Queryable, shop: string, code: string): Promise<number> {
  const { _sum } = await db.balance.aggregate({
    where: {
      shopId: shop,
      location: code,
      bucket: { in: [...PHYSICAL_BUCKETS] },
      quantity: { gt: 0 },
    },
    _sum: { quantity: true },
  });
  return Number(_sum.quantity ?? 0);
}

function columnsOf({ name, priority, serves, active }: Omit<LocationChange, "code">) {
  return { name, priority, servesAll: serves === null, serves: [...(serves ?? [])], active };
}

function asLocation({
  id,
  code,
  name,
  priority,
  servesAll,
  serves,
  active,
}: Location): LocationRow {
  return { id, code, name, priority, serves: servesAll ? null : serves, active };
}
