import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "../generated/prisma/client.ts";

export { Prisma };

/** The record: PostgreSQL through Prisma, with raw SQL where a set beats a loop. */
export type Database = PrismaClient;

/** A transaction of it, or the database itself: what query functions take. */
export type Queryable = Prisma.TransactionClient;

/**
 * The adapter writes times without their zone and reads them without looking at it: in a session of
 * any zone but UTC, what it wrote and what `now()` says would be hours apart.
 */
const IN_UTC = "-c TimeZone=UTC";

/**
 * Opens a pool of `max` connections. A server that goes away fails the queries under way and the
 * pool reconnects by itself.
 */
export function openDatabase(url: string, max = 10): Database {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max, options: IN_UTC }),
  });
}
