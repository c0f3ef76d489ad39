import type { Database } from "../../prisma/client.ts";
import { listConnections } from "../../prisma/connections.ts";
import { type ItemQuery, itemNames } from "../../prisma/item-list.ts";
import { itemRows, type ListedListing } from "../../prisma/item-rows.ts";
import type { ShopRow } from "../../prisma/shops.ts";
import type { Download } from "../files/downloads.ts";
import type { Services } from "../services.ts";
import { MOST_CHOSEN } from "./item-search.ts";
import { itemQuery, readItemSearch } from "./items.server.ts";

/** Items read at once. */
const CHUNK = 1_000;

const HEADS = [
  ...["sku", "title", "category", "on hand", "committed", "held", "available", "last moved"],
];

/** Items as a file, in the order in which they were made: all that the address' search finds. */
export function itemsDownload(
  { db, now }: Services,
  { id: shop }: ShopRow,
  address: URL,
): Download {
  const query = itemQuery(shop, readItemSearch(address.searchParams));
  const chosen = address.searchParams.get("items");
  const items = chosen === null ? undefined : chosen.split(",").slice(0, MOST_CHOSEN);
  return { name: "items.csv", lines: lines(db, { ...query, items }, new Date(now())) };
}

async function* lines(db: Database, query: ItemQuery, now: Date) {
  const connections = await listConnections(db, query.shop);
  yield [...HEADS, ...connections.map(({ channel, name }) => `shown on ${channel} (${name})`)];
  for (let after = ""; ; ) {
    const named = await itemNames(db, query, { after, limit: CHUNK }, now);
    const ids = named.map(({ id }) => id);
    const rows = await itemRows(db, query.shop, ids);
    for (const { sku, title, category, onHand, committed, held, ats, movedAt, listings } of rows) {
      const item = [sku, title, category, onHand, committed, held, ats, movedAt];
      yield [...item, ...connections.map(({ id }) => shownOn(id, listings))];
    }
    after = ids.at(-1) ?? "";
    if (ids.length < CHUNK) return;
  }
}

/** What a connection shows of an item; of several listings each, from the first to the last. */
function shownOn(connection: string, listings: readonly ListedListing[]): string | number | null {
  const own = listings.filter((one) => one.connection === connection);
  const [only] = own;
  if (own.length === 1 && only) return only.shown ?? only.accepted;
  return own.map((one) => one.shown ?? one.accepted ?? "?").join(" / ");
}
