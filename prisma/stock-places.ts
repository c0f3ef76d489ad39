import { z } from "zod";
import {
  type PlaceChoice,
  placeChoice,
  placeSettings,
  type StockPlace,
} from "../inventory/stock-place.ts";
import type { Database, Queryable } from "./client.ts";

const placesSchema = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    main: z.boolean(),
    unusable: z.string().nullable(),
  }),
);

/** Where a connection's stock is counted, and what its merchant chose of it. */
export interface KeptPlaces {
  /** As the marketplace last told; null = it was never asked. */
  places: StockPlace[] | null;
  at: Date | null;
  choice: PlaceChoice;
  /** Code of our location that its sales leave from; null = the one that ships first. */
  shipsFrom: string | null;
}

export async function readPlaces(
  db: Queryable,
  shop: string,
  connection: string,
): Promise<KeptPlaces | null> {
  const row = await db.connection.findFirst({
    where: { id: connection, shopId: shop },
    select: { places: true, placesAt: true, settings: true },
  });
  if (!row) return null;
  const settings = row.settings as Record<string, string>;
  const places = placesSchema.nullable().parse(row.places);
  const shipsFrom = settings.shipsFrom || null;
  return { places, at: row.placesAt, choice: placeChoice({ settings }), shipsFrom };
}

/** Keeps what the marketplace told. */
export async function keepPlaces(
  db: Queryable,
  shop: string,
  connection: string,
  places: readonly StockPlace[],
  now: Date,
): Promise<void> {
  await db.connection.updateMany({
    where: { id: connection, shopId: shop },
    data: { places: places.map((place) => ({ ...place })), placesAt: now },
  });
}

/** Numbers a connection shows now that it would show at its place no more. In the order of ids. */
export async function shownAtPlace(
  db: Queryable,
  shop: string,
  connection: string,
): Promise<{ id: string; label: string; channel: string; before: number }[]> {
  return db.$queryRaw`
    select l.id, l.sku as label, c.channel, coalesce(l.accepted, l.shown, 0) as before
    from listing l join connection c on c.id = l.connection_id
    where l.connection_id = ${connection} and l.shop_id = ${shop} and l.pushed
      and l.gone_at is null and (l.item_id is not null or l.kit)
      and coalesce(l.accepted, l.shown, 0) > 0
    order by l.id`;
}

/**
 * Writes a merchant's choice down. Where numbers go elsewhere than before, nothing is known of what
 * is there: everything is told again, and whoever is telling a number at this moment tells it again.
 * False: the connection is gone.
 */
export async function choosePlaces(
  db: Database,
  shop: string,
  connection: string,
  { told, emptied, shipsFrom }: PlaceChoice & { shipsFrom: string | null },
  tellAll: boolean,
): Promise<boolean> {
  const settings = { ...placeSettings({ told, emptied }), shipsFrom: shipsFrom ?? "" };
  return db.$transaction(async (tx) => {
    const count = await tx.$executeRaw`
      update connection set settings = settings || ${JSON.stringify(settings)}::jsonb
      where id = ${connection} and shop_id = ${shop} and disconnected_at is null`;
    if (count === 0) return false;
    if (tellAll) {
      await tx.$executeRaw`
        update listing set again = again + 1, accepted = null, accepted_seq = null, shown = null,
          vouched = false, sold_since = 0, tries = 0, trouble = null, not_before = null
        where connection_id = ${connection} and shop_id = ${shop} and merchant_fulfilled`;
    }
    return true;
  }, LARGE);
}

/** A connection may have a hundred thousand listings. */
const LARGE = { timeout: 60_000, maxWait: 10_000 };
