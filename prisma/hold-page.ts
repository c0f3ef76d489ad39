import { setTimeout as sleep } from "node:timers/promises";
import type { HoldSource } from "../inventory/hold.ts";
import { Prisma, type Queryable } from "./client.ts";
import { keysetPage, type Place } from "./keyset.ts";
import type { TrendRow } from "./trends.ts";

/** One item that one cart or checkout holds. */
export interface HeldRow {
  id: string;
  /** The cart or basket it belongs to, which is held and given back as a whole. */
  hold: string;
  sku: string;
  title: string;
  quantity: number;
  channel: string | null;
  actor: string | null;
  takenAt: Date;
  expiresAt: Date;
}

/** A place between two live holds: the row beside it. */
export type HeldCursor = readonly [expiresAt: string, id: string];

interface HeldQuery extends Place<HeldCursor> {
  shop: string;
  source?: HoldSource | undefined;
  now: Date;
  limit: number;
}

export interface HeldPage {
  /** The next to expire first. */
  rows: HeldRow[];
  previous: HeldCursor | null;
  next: HeldCursor | null;
}

/** A page of what is held now. Costs the same wherever it begins, however much is held. */
export async function heldPage(db: Queryable, query: HeldQuery): Promise<HeldPage> {
  const { shop, source, now, after, before, limit } = query;
  const place = before ?? after;
  const beyond = place
    ? Prisma.sql`and (h.expires_at, h.id) ${before ? Prisma.sql`<` : Prisma.sql`>`}
        (${new Date(place[0])}, ${place[1]})`
    : Prisma.empty;
  const direction = before ? Prisma.sql`desc` : Prisma.sql`asc`;
  const found = await db.$queryRaw<HeldRow[]>`
    select h.id, regexp_replace(h.id, '\\.[^.]+$', '') as hold, i.sku, i.title, h.quantity,
      h.channel, h.actor, h.taken_at as "takenAt", h.expires_at as "expiresAt"
    from hold h join item i on i.id = h.item_id and i.shop_id = h.shop_id
    where h.shop_id = ${shop} and h.state = 'live' and h.expires_at > ${now}
      ${source ? Prisma.sql`and ${SOURCE} = ${source}` : Prisma.empty} ${beyond}
    order by h.expires_at ${direction}, h.id ${direction} limit ${limit + 1}`;
  const { rows, hasPrevious, hasNext } = keysetPage(found, limit, query);
  return {
    rows,
    previous: hasPrevious ? cursorOf(rows.at(0)) : null,
    next: hasNext ? cursorOf(rows.at(-1)) : null,
  };
}

/** What an actor of a hold comes to as its source; see the callers of ledger/carts.ts. */
const SOURCE = Prisma.sql`case when h.actor in ('storefront', 'webhook') then h.actor else 'api' end`;

function cursorOf(row: HeldRow | undefined): HeldCursor | null {
  return row ? [row.expiresAt.toISOString(), row.id] : null;
}

/** How much is held now, by source; a source that holds nothing is not among them. */
export async function heldNow(
  db: Queryable,
  shop: string,
  now: Date,
): Promise<{ source: HoldSource; holds: number; units: number }[]> {
  return db.$queryRaw`
    select ${SOURCE} as source, count(*)::int as holds, sum(h.quantity)::int as units
    from hold h where h.shop_id = ${shop} and h.state = 'live' and h.expires_at > ${now}
    group by 1 order by 1`;
}

/** How many holds ended since a moment, and how: bought, expired or given back. */
export async function holdsEnded(
  db: Queryable,
  shop: string,
  since: Date,
): Promise<{ state: "committed" | "expired" | "released"; holds: number; units: number }[]> {
  return db.$queryRaw`
    select state, count(*)::int as holds, sum(quantity)::int as units from hold
    where shop_id = ${shop} and state in ('committed', 'expired', 'released')
      and changed_at >= ${since}
    group by 1`;
}

/** Units held and units sold since a moment, by step of so many seconds. */
export async function heldAndSoldSince(
  db: Queryable,
  shop: string,
  since: Date,
  stepSeconds: number,
): Promise<TrendRow[]> {
  return db.$queryRaw<TrendRow[]>`
    select date_bin(${stepSeconds}::int * interval '1 second', m.at, timestamptz 'epoch') as at,
      case when l.bucket = 'held' then 'held' else 'sold' end as series,
      sum(l.quantity)::int as count
    from movement m
    join movement_leg l on l.partition = m.partition and l.seq = m.seq and l.quantity > 0
      and l.bucket = case when m.type in ('hold', 'resize') then 'held' else 'committed' end
    where m.shop_id = ${shop} and m.type in ('hold', 'resize', 'sell', 'commit')
      and m.at >= ${since}
    group by 1, 2 order by 1, 2`;
}

const LOOKS_MS = [20, 50, 100, 200, 400, 800, 1_600, 1_600];

/** Waits until no line of a hold is live in the record; false when it has not come there. */
export async function waitUntilOver(db: Queryable, shop: string, hold: string): Promise<boolean> {
  const where = {
    ...{ shopId: shop, state: "live" },
    id: { gte: `${hold}.`, lt: `${hold}/` },
  };
  for (const wait of LOOKS_MS) {
    if ((await db.hold.count({ where })) === 0) return true;
    await sleep(wait);
  }
  return false;
}
