import type { Database } from "./client.ts";
import { type Keyring, seal, sealedBy, unseal } from "./sealed.ts";

/** What became of everything sealed with an older key. */
export interface Resealed {
  connections: number;
  sessions: number;
  /** Rows that no key of the ring opens: `connection/<id>`, `session/<id>`. They stay as they are. */
  unopened: string[];
}

interface SealedRow {
  id: string;
  owner: string;
  sealed: string;
}

const BATCH = 200;

/**
 * Seals every connection and session anew that an older key sealed; afterwards only rows named in
 * `unopened` need an older key. May run beside everything else and be repeated: a row that somebody
 * else writes meanwhile is his, and sealed with the first key by him.
 */
export async function resealAll(db: Database, ring: Keyring): Promise<Resealed> {
  const unopened: string[] = [];
  const old = { not: { startsWith: sealedBy(ring) } };
  const page = { take: BATCH, orderBy: { id: "asc" } } as const;
  const connections = await resealEach(ring, "connection", unopened, {
    async read(after) {
      const where = { id: { gt: after }, secrets: old };
      const rows = await db.connection.findMany({ where, ...page });
      return rows.map(({ id, shopId, secrets }) => ({ id, owner: shopId, sealed: secrets }));
    },
    async write({ id, owner, sealed }, secrets) {
      const where = { id, shopId: owner, secrets: sealed };
      return (await db.connection.updateMany({ where, data: { secrets } })).count;
    },
  });
  const sessions = await resealEach(ring, "session", unopened, {
    async read(after) {
      const where = { id: { gt: after }, sealed: old };
      const rows = await db.session.findMany({ where, ...page });
      return rows.map(({ id, shop, sealed }) => ({ id, owner: shop, sealed }));
    },
    async write({ id, owner, sealed: before }, sealed) {
      const where = { id, shop: owner, sealed: before };
      return (await db.session.updateMany({ where, data: { sealed } })).count;
    },
  });
  return { connections, sessions, unopened };
}

interface Table {
  /** Rows of an older key, by id, after this one. */
  read(after: string): Promise<SealedRow[]>;
  /** Only if the row is still as it was read. Answers how many rows were written. */
  write(row: SealedRow, sealed: string): Promise<number>;
}

async function resealEach(
  ring: Keyring,
  table: string,
  unopened: string[],
  { read, write }: Table,
): Promise<number> {
  let count = 0;
  for (let rows = await read(""); rows.length > 0; rows = await read(rows.at(-1)?.id ?? "")) {
    for (const row of rows) {
      const sealed = resealed(ring, row);
      if (sealed === null) unopened.push(`${table}/${row.id}`);
      else count += await write(row, sealed);
    }
  }
  return count;
}

function resealed(ring: Keyring, { owner, sealed }: SealedRow): string | null {
  try {
    return seal(ring, owner, unseal(ring, owner, sealed));
  } catch {
    return null;
  }
}
