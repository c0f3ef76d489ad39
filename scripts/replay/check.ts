import { availableToSell, NO_STOCK, type Stock, unitsIn } from "../../inventory/stock.ts";
import type { Ledger } from "../../ledger/contract.ts";
import type { Database } from "../../prisma/client.ts";
import { readStocks } from "../../prisma/stock.ts";
import type { Doors } from "./doors.ts";
import type { DaySum } from "./expected.ts";

/** The balances of one item that a day changes, in units. */
export interface Balances {
  sellable: number;
  committed: number;
  inspection: number;
  ats: number;
}

export interface Mismatch {
  sku: string;
  /** Which book is wrong. */
  book: "PostgreSQL" | "Redis" | "API";
  balance: keyof Balances;
  expected: number;
  found: number;
}

export interface Books {
  db: Database;
  ledger: Ledger;
  doors: Pick<Doors, "stock">;
  shop: string;
  /** Ids of the items by SKU. */
  items: ReadonlyMap<string, string>;
}

export function balancesOf(stock: Stock): Balances {
  return {
    sellable: unitsIn(stock, "sellable"),
    committed: stock.committed,
    inspection: unitsIn(stock, "inspection"),
    ats: availableToSell(stock),
  };
}

/** Balances before the day, with what it received and what the file says it did. */
export function expectedBalances(
  before: Balances,
  received: number,
  { committed, sellable, inspection }: DaySum,
): Balances {
  return {
    sellable: before.sellable + received + sellable,
    committed: before.committed + committed,
    inspection: before.inspection + inspection,
    ats: before.ats + received + sellable - committed,
  };
}

/** The ledger's balances of every item, by SKU. Throws when the ledger promises nothing now. */
export async function ledgerBalances({ ledger, shop, items }: Books) {
  const entries = [...items].map(async ([sku, item]) => {
    const stock = await ledger.stock(shop, item);
    if ("outcome" in stock) throw new Error(`the ledger is unavailable: ${stock.why}`);
    return [sku, balancesOf(stock)] as const;
  });
  return new Map(await Promise.all(entries));
}

/** How many SKUs are asked of the API too, evenly spread. */
const API_SAMPLE = 25;

/** Compares every SKU in PostgreSQL and in Redis, and some through the API. */
export async function findMismatches(
  books: Books,
  expected: ReadonlyMap<string, Balances>,
): Promise<Mismatch[]> {
  const { db, shop, items, doors } = books;
  const live = await ledgerBalances(books);
  const record = await readStocks(db, shop, [...items.values()]);
  const step = Math.max(1, Math.floor(items.size / API_SAMPLE));
  const mismatches: Mismatch[] = [];
  for (const [index, [sku, item]] of [...items].entries()) {
    const wanted = expected.get(sku);
    if (!wanted) continue;
    const stored = balancesOf(record.get(item) ?? NO_STOCK);
    mismatches.push(...compare(sku, "Redis", wanted, live.get(sku)));
    mismatches.push(...compare(sku, "PostgreSQL", wanted, stored));
    if (index % step !== 0) continue;
    mismatches.push(...compare(sku, "API", wanted, fromApi(await doors.stock(sku))));
  }
  return mismatches;
}

function fromApi({ ats, balances }: Awaited<ReturnType<Doors["stock"]>>): Balances {
  const sum = (bucket: string) =>
    balances.reduce((units, line) => units + (line.bucket === bucket ? line.quantity : 0), 0);
  const [sellable, committed, inspection] = [sum("sellable"), sum("committed"), sum("inspection")];
  return { sellable, committed, inspection, ats };
}

function compare(
  sku: string,
  book: Mismatch["book"],
  expected: Balances,
  found: Balances = balancesOf(NO_STOCK),
): Mismatch[] {
  const names = Object.keys(expected) as (keyof Balances)[];
  return names
    .filter((balance) => expected[balance] !== found[balance])
    .map((balance) => {
      return { sku, book, balance, expected: expected[balance], found: found[balance] };
    });
}
