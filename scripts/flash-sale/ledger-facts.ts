import { setTimeout as sleep } from "node:timers/promises";
import type { Stock } from "../../inventory/stock.ts";
import type { Ledger } from "../../ledger/contract.ts";
import type { Database } from "../../prisma/client.ts";
import { findItemBySku } from "../../prisma/items.ts";
import { findShopByDomain } from "../../prisma/shops.ts";
import { differencesFromLedger, differencesFromLegs, readStock } from "../../prisma/stock.ts";
import type { ListingScope } from "./history.ts";

/** What is being sold. */
export interface Subject {
  shop: string;
  item: string;
  category: string | null;
  listings: ListingScope[];
  /** The ledger's balances now. */
  stock(): Promise<Stock>;
}

/** The item of a SKU with its pushed listings. Throws when the shop does not have it. */
export async function findSubject(
  db: Database,
  ledger: Ledger,
  domain: string,
  sku: string,
): Promise<Subject> {
  const shop = await findShopByDomain(db, domain);
  const item = shop && (await findItemBySku(db, shop.id, sku));
  if (!shop || !item) throw new Error(`the shop ${domain} has no item ${sku}`);
  const rows = await db.listing.findMany({
    where: { shopId: shop.id, itemId: item.id, pushed: true },
    select: { id: true, unitsPerSale: true, connection: { select: { channel: true } } },
    orderBy: { id: "asc" },
  });
  return {
    shop: shop.id,
    item: item.id,
    category: item.category,
    listings: rows.map(({ id, unitsPerSale, connection }) => {
      return { id, unitsPerSale, channel: connection.channel };
    }),
    stock: () => ledgerStock(ledger, shop.id, item.id),
  };
}

async function ledgerStock(ledger: Ledger, shop: string, item: string): Promise<Stock> {
  const stock = await ledger.stock(shop, item);
  if ("outcome" in stock) throw new Error(`the ledger is unavailable: ${stock.why}`);
  return stock;
}

const RECORDED_WITHIN_MS = 15_000;

/** Where the books disagree: legs against balances, and PostgreSQL against Redis. */
export async function differencesOf(
  db: Database,
  ledger: Ledger,
  { shop, item }: Subject,
): Promise<string[]> {
  const live = await ledgerStock(ledger, shop, item);
  const until = Date.now() + RECORDED_WITHIN_MS;
  let record = await readStock(db, shop, item);
  while (record.version < live.version && Date.now() < until) {
    await sleep(100);
    record = await readStock(db, shop, item);
  }
  const legs = await differencesFromLegs(db, shop);
  const books = differencesFromLedger(item, record, live);
  return [
    ...legs.map((one) => `${one.bucket}: balance ${one.balance}, sum of legs ${one.other}`),
    ...books.map((one) => `${one.bucket}: PostgreSQL ${one.balance}, Redis ${one.other}`),
  ];
}
