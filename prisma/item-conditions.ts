import { Prisma } from "./client.ts";
import type { ItemQuery } from "./item-list.ts";
import {
  driftingItems,
  failingItems,
  itemSearch,
  itemsOn,
  lateItems,
  notListed,
  onConnection,
  oversoldItems,
} from "./item-sets.ts";

/**
 * Of which table's items a query finds which, to stand after "from": `item_id` names them. What
 * asks only for names, or only for figures, reads one table.
 */
export function matching(query: ItemQuery, now: Date): Prisma.Sql {
  const { named, counted } = conditions(query, now, "each");
  const { shop } = query;
  const items = Prisma.sql`select i.id as item_id from item i where i.shop_id = ${shop}`;
  const stocks = Prisma.sql`select s.item_id from item_stock s where s.shop_id = ${shop}`;
  const both = Prisma.sql`select i.id as item_id
    from item i join item_stock s on s.shop_id = i.shop_id and s.item_id = i.id
    where i.shop_id = ${shop} and s.shop_id = ${shop}`;
  const from = counted.length === 0 ? items : named.length === 0 ? stocks : both;
  return Prisma.sql`(${from} ${and([...named, ...counted])}) found_items`;
}

/**
 * How it is asked which connection lists an item: of one after the other, where a page is filled
 * before many were asked; or of all at once.
 */
type Asked = "each" | "all";

/** The same over `item i` alone, for those who have it already. */
export function those(query: ItemQuery, now: Date, asked: Asked = "each"): Prisma.Sql {
  const { named, counted } = conditions(query, now, asked);
  const stock = Prisma.sql`exists (select from item_stock s
    where s.shop_id = i.shop_id and s.item_id = i.id ${and(counted)})`;
  return Prisma.sql`true ${and(counted.length === 0 ? named : [...named, stock])}`;
}

/** The same over `item i` and `item_stock s`, for those who have both. */
export function these(query: ItemQuery, now: Date, asked: Asked = "each"): Prisma.Sql {
  const { named, counted } = conditions(query, now, asked);
  return Prisma.sql`true ${and([...named, ...counted])}`;
}

function and(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0
    ? Prisma.empty
    : Prisma.sql`and ${Prisma.join([...conditions], " and ")}`;
}

interface Conditions {
  /** Over `item i`. */
  named: Prisma.Sql[];
  /** Over `item_stock s`. */
  counted: Prisma.Sql[];
}

function conditions(query: ItemQuery, now: Date, asked: Asked): Conditions {
  const { shop, search, category, connection, items } = query;
  const { named, counted } = filtered(query, now);
  if (search !== "") named.push(itemSearch(search));
  if (category !== undefined) named.push(Prisma.sql`i.category = ${category}`);
  if (connection !== undefined) {
    const all = Prisma.sql`i.id in (${itemsOn(shop, connection)})`;
    named.push(asked === "all" ? all : onConnection(connection));
  }
  if (items !== undefined) named.push(Prisma.sql`i.id = any(${[...items]}::text[])`);
  return { named, counted };
}

function filtered({ shop, filter, below }: ItemQuery, now: Date): Conditions {
  const among = (ids: Prisma.Sql) => ({ named: [Prisma.sql`i.id in (${ids})`], counted: [] });
  const counted = (available: Prisma.Sql) => ({ named: [], counted: [available] });
  switch (filter) {
    case "all":
      return { named: [], counted: [] };
    case "attention":
      return among(
        Prisma.join([oversoldItems(shop), lateItems(shop, now), failingItems(shop)], " union all "),
      );
    case "oversold":
      return counted(Prisma.sql`s.available < 0`);
    case "out":
      return counted(Prisma.sql`s.available <= 0`);
    case "low":
      return counted(Prisma.sql`s.available between 1 and ${below}`);
    case "late":
      return among(lateItems(shop, now));
    case "failing":
      return among(failingItems(shop));
    case "drifting":
      return among(driftingItems(shop));
    case "unlisted":
      return { named: [notListed(shop)], counted: [] };
  }
}
