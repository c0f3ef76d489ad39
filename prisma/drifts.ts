import type { DriftCause, DriftFacts } from "../inventory/drift.ts";
import { type Database, Prisma, type Queryable } from "./client.ts";
import { DRIFT } from "./pushes.ts";
import { noteEvents } from "./webhook-events.ts";

/** suspected: the orders that might explain it are awaited. open: judged, not yet right again. */
export type DriftState = "suspected" | "open" | "healed" | "agreed" | "ignored";

export interface DriftRow {
  id: string;
  connection: string;
  listing: string;
  sku: string;
  title: string;
  expected: number;
  found: number | null;
  cause: DriftCause;
  detail: string | null;
  state: DriftState;
  foundAt: Date;
  closedAt: Date | null;
}

/** A listing that shows another number than its marketplace accepted. */
export interface Suspect {
  listing: string;
  expected: number;
  found: number | null;
}

/** A suspect that is looked into: its drift, and everything its cause is judged by. */
export interface DriftCase extends DriftFacts {
  id: string;
  listing: string;
  state: DriftState;
  foundAt: Date;
}

/** Sentences of healed numbers are forgotten; those of an hour count for a fight. */
export const LATELY = Prisma.sql`interval '1 hour'`;

/** Notes each suspect once, and gathers what is known of it now. */
export async function openCases(
  db: Queryable,
  shop: string,
  connection: string,
  suspects: readonly Suspect[],
  now: Date,
): Promise<DriftCase[]> {
  if (suspects.length === 0) return [];
  const rows = JSON.stringify(suspects);
  await db.$executeRaw`
    insert into drift (shop_id, connection_id, listing_id, expected, found, cause, state, found_at)
    select ${shop}, ${connection}, s.listing, s.expected, s.found, 'unknown', 'suspected', ${now}
    from jsonb_to_recordset(${rows}::jsonb) as s(listing text, expected int, found int)
    join listing l on l.id = s.listing and l.shop_id = ${shop} and l.connection_id = ${connection}
    where not exists (
      select from drift d where d.listing_id = s.listing and d.state in ('suspected', 'open'))`;
  return db.$queryRaw<DriftCase[]>`
    select d.id::text, d.listing_id as listing, d.state, d.found_at as "foundAt", d.expected,
      s.found, last.seen, last.before,
      coalesce(c.orders_known_to > d.found_at, false) and not exists (
        select from inbox_message m where m.shop_id = ${shop} and m.connection_id = c.id
          and m.state = 'received') as "ordersKnown",
      (select coalesce(sum(-g.quantity), 0)::int from movement v
        join movement_leg g on g.partition = v.partition and g.seq = v.seq
        where v.shop_id = ${shop} and v.connection_id = c.id and v.type = 'sell'
          and v.item_id = l.item_id and g.bucket = 'unclaimed' and v.at >= d.found_at)
        / greatest(1, l.units_per_sale) as "heardLater",
      (select count(*)::int from drift o where o.listing_id = l.id and o.state = 'healed'
        and o.closed_at > ${now}::timestamptz - ${LATELY}) as "healedLately"
    from jsonb_to_recordset(${rows}::jsonb) as s(listing text, found int)
    join drift d on d.listing_id = s.listing and d.state in ('suspected', 'open')
    join listing l on l.id = d.listing_id and l.shop_id = ${shop}
    join connection c on c.id = l.connection_id
    cross join lateral (
      select coalesce(bool_or(p.shown_at is not null) filter (where p.quantity = d.expected), true)
          as seen,
        (array_agg(p.quantity order by p.id desc) filter (where p.quantity <> d.expected))[1]
          as before
      from (
        select * from push where listing_id = l.id and shop_id = ${shop} and outcome = 'accepted'
        order by id desc limit 20
      ) p
    ) last
    order by d.id`;
}

export interface Judged {
  id: string;
  listing: string;
  cause: DriftCause;
  /** What a page says of it. */
  detail: string;
  found: number | null;
  /** Told again: the marketplace is now thought to have what was found. */
  heal: boolean;
}

/** Writes down what was decided of cases. */
export async function recordJudgements(
  db: Database,
  shop: string,
  judged: readonly Judged[],
  now: Date,
): Promise<void> {
  if (judged.length === 0) return;
  await db.$transaction(async (tx) => {
    await judge(tx, shop, judged);
    const ids = judged.map(({ id }) => id);
    await noteDrifts(tx, shop, ids, now);
  });
}

/** Writes down that endpoints are to be told of numbers that somebody else changed. */
export async function noteDrifts(
  tx: Queryable,
  shop: string,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  const rows = await tx.drift.findMany({
    where: { shopId: shop, id: { in: ids.map(BigInt) } },
  });
  const listings = await tx.listing.findMany({
    where: { shopId: shop, id: { in: rows.map((row) => row.listingId) } },
    select: { id: true, itemId: true, externalId: true, connection: { select: { channel: true } } },
  });
  const byId = new Map(listings.map((one) => [one.id, one]));
  const events = rows.map(({ id, listingId, expected, found, cause }) => {
    const { itemId = null, externalId, connection } = byId.get(listingId) ?? {};
    const channel = connection?.channel ?? null;
    const data = { channel, listing: externalId ?? listingId, expected, found, cause };
    return {
      ...({ shop, event: `evt_drift_${id}`, type: "listing.drifted", item: itemId } as const),
      ...{ subject: itemId ?? listingId, data, at: now.getTime(), merged: 0 },
    };
  });
  await noteEvents(tx, events);
}

async function judge(tx: Queryable, shop: string, judged: readonly Judged[]): Promise<void> {
  const rows = JSON.stringify(judged);
  await tx.$executeRaw`
    with j as (
      select * from jsonb_to_recordset(${rows}::jsonb) as j(id bigint, listing text, cause text,
        detail text, found int, heal boolean)
    ), told as (
      update drift d set state = 'open', cause = j.cause, detail = j.detail, found = j.found
      from j where d.id = j.id and d.shop_id = ${shop}
    )
    update listing l set trouble = ${DRIFT} || j.detail,
      accepted = case when j.heal then j.found else l.accepted end
    from j where l.id = j.listing and l.shop_id = ${shop}`;
}

/**
 * Closes what is right again: healed when it had been judged, agreed when the channel came back
 * (or the missing orders did) before anything was done. What waits for a person agrees with a number
 * that was lowered for its sake.
 */
export async function closeDrifts(
  db: Queryable,
  shop: string,
  listings: readonly string[],
  now: Date,
): Promise<void> {
  if (listings.length === 0) return;
  await db.$executeRaw`
    update drift d set closed_at = ${now},
      state = case d.state when 'suspected' then 'agreed' else 'healed' end,
      cause = case when d.state = 'suspected' and exists (
        select from movement v join listing l on l.id = d.listing_id
        where v.shop_id = ${shop} and v.connection_id = d.connection_id and v.type = 'sell'
          and v.item_id = l.item_id and v.at >= d.found_at) then 'lost-order' else d.cause end
    where d.listing_id = any(${listings}::text[]) and d.shop_id = ${shop}
      and d.state in ('suspected', 'open') and not d.waits`;
}

/** A person says that the fight is over, or that the number is his: it is told again. */
export async function resumeListing(
  db: Queryable,
  shop: string,
  { connection, listing }: { connection: string; listing: string },
  now: Date,
): Promise<{ outcome: "resumed" | "gone" }> {
  const [row] = await db.$queryRaw<{ id: string }[]>`
    with closed as (
      update drift set state = 'ignored', waits = false, closed_at = ${now}
      where listing_id = ${listing} and shop_id = ${shop} and state in ('suspected', 'open')
    ), forgotten as (
      update drift set closed_at = ${now}::timestamptz - ${LATELY}
      where listing_id = ${listing} and shop_id = ${shop} and state = 'healed'
        and closed_at > ${now}::timestamptz - ${LATELY}
    )
    update listing set trouble = null, accepted = shown, sold_since = greatest(0, sold_since),
      tries = 0, not_before = null
    where id = ${listing} and shop_id = ${shop} and connection_id = ${connection}
    returning id`;
  return { outcome: row ? "resumed" : "gone" };
}

/** Drifts of a shop, or of one connection or listing of it: what is open first, then the newest. */
export async function listDrifts(
  db: Queryable,
  shop: string,
  { connection, listing, limit }: { connection?: string; listing?: string; limit: number },
): Promise<DriftRow[]> {
  return db.$queryRaw<DriftRow[]>`
    select d.id::text, d.connection_id as connection, d.listing_id as listing, l.sku, l.title,
      d.expected, d.found, d.cause, d.detail, d.state, d.found_at as "foundAt",
      d.closed_at as "closedAt"
    from drift d join listing l on l.id = d.listing_id and l.shop_id = d.shop_id
    where d.shop_id = ${shop}
      ${connection === undefined ? Prisma.empty : Prisma.sql`and d.connection_id = ${connection}`}
      ${listing === undefined ? Prisma.empty : Prisma.sql`and d.listing_id = ${listing}`}
    order by (d.state in ('suspected', 'open')) desc, d.id desc limit ${limit}`;
}
