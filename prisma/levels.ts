import { Prisma, type Queryable } from "./client.ts";
import { at } from "./pushes.ts";
import { recordReadBacks } from "./read-backs.ts";

/** What a marketplace's message says that a listing shows: see `Level` of the contract. */
export interface ToldLevel {
  stockId: string;
  quantity: number;
  /** Ms since the epoch. */
  at: number;
}

/** A message about a sale, and the order's own message, come in either order: so far apart. */
const GRACE_MS = 3_000;

/** A number that was pushed so lately is an echo of that push, though a newer one overtook it. */
const ECHO_MS = 15 * 60_000;

export interface LevelsOutcome {
  /** Our own pushes, come back: the listings show what was accepted. */
  echoes: number;
  /** Somebody else's doing, or a sale that is still to be heard of: read back soon. */
  foreign: number;
}

/**
 * Takes note of what a connection's marketplace says its listings show. An echo of what it accepted
 * from us counts as seen. Anything else is never believed: it only makes the listing due to be read
 * back, after a moment in which the order that explains it may arrive. Nothing is ever pushed in
 * answer to a message about stock, so two systems cannot chase each other (row H5).
 */
export async function recordLevels(
  db: Queryable,
  shop: string,
  connection: string,
  levels: readonly ToldLevel[],
  now: number,
): Promise<LevelsOutcome> {
  if (levels.length === 0) return { echoes: 0, foreign: 0 };
  const rows = JSON.stringify(levels);
  const told = await db.$queryRaw<{ listing: string; quantity: number; echo: boolean }[]>`
    with told as (
      select distinct on (t."stockId") t.* from jsonb_to_recordset(${rows}::jsonb)
        as t("stockId" text, quantity int, at float8) order by t."stockId", t.at desc
    ), mine as (
      select l.id, t.quantity, t.quantity = l.accepted as echo,
        t.quantity = l.accepted - greatest(0, l.sold_since) or exists (
          select from push p where p.listing_id = l.id and p.shop_id = ${shop}
            and p.quantity = t.quantity and p.sent_at > ${at(now - ECHO_MS)}) as known
      from told t join listing l on coalesce(l.stock_id, l.external_id) = t."stockId"
      where l.connection_id = ${connection} and l.shop_id = ${shop} and l.pushed
        and l.accepted is not null and not l.in_doubt
        and (l.shown_at is null or l.shown_at <= ${millis(Prisma.sql`t.at`)})
    ), foreign_ones as (
      update listing l set shown = m.quantity, vouched = false,
        read_after = ${at(now + GRACE_MS)}
      from mine m where l.id = m.id and not m.echo and not m.known
        and l.shown is distinct from m.quantity
      returning l.id
    )
    select m.id as listing, m.quantity, m.echo from mine m
    where m.echo or m.id in (select id from foreign_ones)`;
  const echoes = told.filter((one) => one.echo);
  if (echoes.length > 0) {
    await recordReadBacks(db, shop, echoes, { now, driftAfterMs: ECHO_MS });
  }
  return { echoes: echoes.length, foreign: told.length - echoes.length };
}

function millis(ms: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(timestamptz 'epoch' + (${ms}) * interval '1 millisecond')`;
}
