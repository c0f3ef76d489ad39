import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
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
  const pool = new pg.Pool({ connectionString: url, max, options: IN_UTC });
  // An idle connection that is cut has nobody to tell; the next query opens another.
  pool.on("error", () => {});
  const connect = pool.connect.bind(pool);
  pool.connect = ((callback?: Parameters<typeof connect>[0]) =>
    callback ? connect(callback) : connect().then(giveBackWhenCut)) as typeof pool.connect;
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}

/**
 * A transaction whose connection is cut cannot even be rolled back, and Prisma then never gives the
 * connection back: each outage would cost the pool some of its places for good, and closing it
 * would wait for them for ever. So a cut connection gives itself back, once.
 */
function giveBackWhenCut(client: pg.PoolClient): pg.PoolClient {
  const release = client.release;
  let released = false;
  const giveBack: pg.PoolClient["release"] = (error) => {
    if (released) return;
    released = true;
    client.off("end", cut);
    release(error);
  };
  const cut = () => giveBack(true);
  client.once("end", cut);
  client.release = giveBack;
  return client;
}
