import type { Database } from "./client.ts";
import { type Keyring, seal, sealedBy, unseal } from "./sealed.ts";

/** What became of the credentials sealed with an older key. */
export interface Resealed {
  connections: number;
  /** Where merchants' teams are notified. */
  targets: number;
  /** Endpoints of webhooks. */
  webhooks: number;
  /** Ids of connections and endpoints that no key of the ring opens. They stay as they are. */
  unopened: string[];
}

const BATCH = 200;

/**
 * Seals every connection anew that an older key sealed; afterwards only those in `unopened` need an
 * older key. May run beside everything else and be repeated: a row that somebody else writes
 * meanwhile is his, and sealed with the first key by him.
 */
export async function resealAll(db: Database, ring: Keyring): Promise<Resealed> {
  const targets = await resealTargets(db, ring);
  const done: Resealed = { connections: 0, targets, webhooks: 0, unopened: [] };
  for (let after: string | undefined = ""; after !== undefined; ) {
    const rows: { id: string; shopId: string; secrets: string }[] = await db.connection.findMany({
      where: { id: { gt: after }, secrets: { not: { startsWith: sealedBy(ring) } } },
      select: { id: true, shopId: true, secrets: true },
      orderBy: { id: "asc" },
      take: BATCH,
    });
    for (const row of rows) {
      const secrets = resealed(ring, row.shopId, row.secrets);
      if (secrets === null) done.unopened.push(row.id);
      // Only if it is still as it was read: tokens that were renewed meanwhile are newer.
      else
        done.connections += (
          await db.connection.updateMany({ where: row, data: { secrets } })
        ).count;
    }
    after = rows.at(-1)?.id;
  }
  await resealWebhooks(db, ring, done);
  return done;
}

/** They are few: one step. One that no key opens stays, and is entered anew by its merchant. */
async function resealTargets(db: Database, ring: Keyring): Promise<number> {
  const old = { address: { not: { startsWith: sealedBy(ring) } } };
  let targets = 0;
  for (const { shopId, kind, address } of await db.notifyTarget.findMany({ where: old })) {
    const sealed = resealed(ring, shopId, address);
    if (sealed === null) continue;
    const where = { shopId, kind, address };
    targets += (await db.notifyTarget.updateMany({ where, data: { address: sealed } })).count;
  }
  return targets;
}

/** A shop has a handful of endpoints: they are read at once. */
async function resealWebhooks(db: Database, ring: Keyring, done: Resealed): Promise<void> {
  const older = { not: { startsWith: sealedBy(ring) } };
  const rows = await db.webhookEndpoint.findMany({
    where: { OR: [{ secret: older }, { oldSecret: older }] },
    select: { id: true, shopId: true, secret: true, oldSecret: true },
  });
  for (const row of rows) {
    const secret = resealed(ring, row.shopId, row.secret);
    const oldSecret = row.oldSecret && resealed(ring, row.shopId, row.oldSecret);
    if (secret === null || (row.oldSecret && !oldSecret)) done.unopened.push(row.id);
    else {
      const data = { secret, oldSecret };
      done.webhooks += (await db.webhookEndpoint.updateMany({ where: row, data })).count;
    }
  }
}

function resealed(ring: Keyring, owner: string, sealed: string): string | null {
  try {
    return seal(ring, owner, unseal(ring, owner, sealed));
  } catch {
    return null;
  }
}
