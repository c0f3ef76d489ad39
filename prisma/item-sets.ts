import { Prisma, type Queryable } from "./client.ts";

/*
 * The items of a shop that have something in common, as statements that select their ids: lists
 * filter by them, and the overview counts them.
 */

/** A listing that has not been told its number for this long is late. Row E4: red above 60 s. */
export const LATE_AFTER_MS = 60_000;

/**
 * A number a marketplace should have had by now and was not told, over the listings `l`. It is as
 * old as the first plan that was not accepted: on a hot item the newest is always young.
 */
export function lateListing(now: Date): Prisma.Sql {
  const since = new Date(now.getTime() - LATE_AFTER_MS);
  return Prisma.sql`l.dirty and exists (
    select from connection c where c.id = l.connection_id and c.live_at is not null
  ) and coalesce((
    select min(p.at) from listing_plan p
    where p.listing_id = l.id and p.seq > coalesce(l.accepted_seq, -1)), l.planned_at) < ${since}`;
}

/** Items of which more is sold, held or set aside than can be sold. */
export function oversoldItems(shop: string): Prisma.Sql {
  return Prisma.sql`select item_id from item_stock where shop_id = ${shop} and available < 0`;
}

export function lateItems(shop: string, now: Date): Prisma.Sql {
  return soldBy(shop, Prisma.sql`${lateListing(now)}`);
}

/** Items with a listing whose last push did not work. */
export function failingItems(shop: string): Prisma.Sql {
  return soldBy(shop, Prisma.sql`l.trouble is not null`);
}

/** Items with a listing that shows a number of somebody else's making. */
export function driftingItems(shop: string): Prisma.Sql {
  return soldBy(
    shop,
    Prisma.sql`l.id in (select listing_id from drift where shop_id = ${shop} and state = 'open')`,
  );
}

/** Items offered on a connection, alone or in a kit. */
export function itemsOn(shop: string, connection: string): Prisma.Sql {
  return soldBy(shop, Prisma.sql`l.connection_id = ${connection} and l.gone_at is null`);
}

/**
 * An item `i` that is offered on a connection. Asked of one item after the other: where many are,
 * a page of them is found without gathering them all, which `exists` would be planned to do.
 */
export function onConnection(connection: string): Prisma.Sql {
  return Prisma.sql`coalesce(
    (select 1 from listing l where l.shop_id = i.shop_id and l.item_id = i.id
      and l.gone_at is null and l.connection_id = ${connection} limit 1),
    (select 1 from listing_component k join listing l on l.id = k.listing_id
      where k.shop_id = i.shop_id and k.item_id = i.id and l.gone_at is null
        and l.connection_id = ${connection} limit 1)) is not null`;
}

/** The items that a sale of such listings takes. */
function soldBy(shop: string, listings: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select l.item_id from listing l
    where l.shop_id = ${shop} and l.item_id is not null and ${listings}
    union all
    select k.item_id from listing_component k join listing l on l.id = k.listing_id
    where k.shop_id = ${shop} and l.shop_id = ${shop} and ${listings}`;
}

/**
 * Ids of items that no listing sells, or null when there are more than `most`. Finding few among
 * many compares all items with all listings, some 40 ms at 100,000: ask once and keep the answer for
 * a moment.
 */
export async function unlistedItems(
  db: Queryable,
  shop: string,
  most: number,
): Promise<string[] | null> {
  const unlisted = Prisma.sql`
    select i.id from item i where i.shop_id = ${shop} and ${notListed(shop)}`;
  return few(db, unlisted, most);
}

/** An item `i` that no listing sells. */
export function notListed(shop: string): Prisma.Sql {
  return Prisma.sql`not exists (
      select from listing l where l.shop_id = ${shop} and l.item_id = i.id and l.gone_at is null
    ) and not exists (
      select from listing_component k join listing l on l.id = k.listing_id
      where k.shop_id = ${shop} and k.item_id = i.id and l.gone_at is null)`;
}

/** Ids of items offered on a connection, or null when there are more than `most`. */
export async function itemsOnConnection(
  db: Queryable,
  shop: string,
  connection: string,
  most: number,
): Promise<string[] | null> {
  return few(db, Prisma.sql`select item_id as id from (${itemsOn(shop, connection)}) o`, most);
}

async function few(db: Queryable, items: Prisma.Sql, most: number): Promise<string[] | null> {
  const rows = await db.$queryRaw<{ id: string }[]>`${items} limit ${most + 1}`;
  return rows.length > most ? null : [...new Set(rows.map((row) => row.id))];
}

/** An item `i` with this in its SKU, title or barcode, whatever the case. */
export function itemSearch(search: string): Prisma.Sql {
  const part = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  const found = Prisma.sql`i.search like lower(${part(search)})`;
  // A barcode is kept without the zeros it may be printed with.
  const digits = /^0+(\d{4,})$/.exec(search)?.[1];
  return digits === undefined ? found : Prisma.sql`(${found} or i.search like ${part(digits)})`;
}
