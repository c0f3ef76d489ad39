import { z } from "zod";
import { Prisma, type Queryable } from "./client.ts";

/** Where a sweep of orders broke off. */
export interface SweepPlace {
  /** The window's beginning, in ms since the epoch: a cursor belongs to its window. */
  since: number;
  /** The marketplace's name of the next page; null = the first one. */
  cursor: string | null;
  /** The pages so far are complete to this time (ms); null = there were none. */
  knownTo: number | null;
  /** When it broke off, in ms since the epoch. */
  at: number;
}

const schema = z.object({
  since: z.number(),
  cursor: z.string().nullable(),
  knownTo: z.number().nullable(),
  at: z.number(),
});

/** The place a connection's sweep broke off at, or null when there is none younger than `after`. */
export async function readSweepPlace(
  db: Queryable,
  shop: string,
  connection: string,
  after: Date,
): Promise<SweepPlace | null> {
  const row = await db.connection.findFirst({
    where: { id: connection, shopId: shop },
    select: { ordersPlace: true },
  });
  const place = row?.ordersPlace ? schema.parse(row.ordersPlace) : null;
  return place && place.at > after.getTime() ? place : null;
}

/** Keeps the place for the next sweep; null forgets it. */
export async function keepSweepPlace(
  db: Queryable,
  shop: string,
  connection: string,
  place: SweepPlace | null,
): Promise<void> {
  // Most sweeps come to their end and have no place to forget: those write nothing.
  await db.connection.updateMany({
    where: {
      ...{ id: connection, shopId: shop },
      ...(place ? {} : { ordersPlace: { not: Prisma.AnyNull } }),
    },
    data: { ordersPlace: place ? { ...place } : Prisma.DbNull },
  });
}
