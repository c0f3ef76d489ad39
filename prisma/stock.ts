import { balanceKey } from "../inventory/movement.ts";
import { NO_STOCK, type Stock } from "../inventory/stock.ts";
import type { Queryable } from "./client.ts";
import { stockOf, unitsOf } from "./record-rows.ts";

/** The item's balances as the record has them: behind the ledger by what is not persisted yet. */
export async function readStock(db: Queryable, shop: string, item: string): Promise<Stock> {
  const stocks = await readStocks(db, shop, [item]);
  return stocks.get(item) ?? NO_STOCK;
}

/** The balances of several items, by item. One that never moved is absent. */
export async function readStocks(
  db: Queryable,
  shop: string,
  items: readonly string[],
): Promise<Map<string, Stock>> {
  const rows = await db.balance.findMany({
    where: { shopId: shop, itemId: { in: [...items] } },
    select: { itemId: true, bucket: true, location: true, quantity: true, seq: true },
  });
  const byItem = Map.groupBy(rows, (row) => row.itemId);
  return new Map(
    [...byItem].map(([item, balances]) => [
      item,
      stockOf(
        balances.map(({ bucket, location, quantity, seq }) => {
          return { bucket, location, quantity: Number(quantity), seq: Number(seq) };
        }),
      ),
    ]),
  );
}

/** Items of the shop that ever moved, in order, after the one that `after` names. */
export async function itemsWithStock(
  db: Queryable,
  shop: string,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const rows = await db.balance.findMany({
    where: { shopId: shop, itemId: { gt: after } },
    select: { itemId: true },
    distinct: ["itemId"],
    orderBy: { itemId: "asc" },
    take: limit,
  });
  return rows.map((row) => row.itemId);
}

/** Two books that should say the same and do not. */
export interface Difference {
  item: string;
  bucket: string;
  location: string;
  /** What the balance says, in units. */
  balance: number;
  /** What the other book says: the sum of the legs, or the ledger. */
  other: number;
}

/**
 * Proves invariant 6 in the record: every balance is the sum of its legs. Reads each leg of the
 * shop in one statement, so that no movement falls between two snapshots.
 */
export async function differencesFromLegs(db: Queryable, shop: string): Promise<Difference[]> {
  const rows = await db.$queryRaw<(Difference & { balance: bigint; other: bigint })[]>`
    select item_id as item, bucket, location,
           coalesce(b.quantity, 0)::bigint as balance, coalesce(l.quantity, 0)::bigint as other
    from (select * from balance where shop_id = ${shop}) b
    full join (
      select item_id, bucket, location, sum(quantity) as quantity
      from movement_leg where shop_id = ${shop} group by item_id, bucket, location
    ) l using (item_id, bucket, location)
    where coalesce(b.quantity, 0) <> coalesce(l.quantity, 0)
    order by item, bucket, location`;
  return rows.map((row) => ({
    ...row,
    balance: Number(row.balance),
    other: Number(row.other),
  }));
}

/** Where the record and the ledger disagree about one item. Only meaningful at one version. */
export function differencesFromLedger(item: string, record: Stock, ledger: Stock): Difference[] {
  const books = new Map<string, Difference>();
  for (const [side, stock] of [["balance", record] as const, ["other", ledger] as const]) {
    for (const { bucket, location, quantity } of unitsOf(stock)) {
      const key = balanceKey(bucket, location);
      const line = books.get(key) ?? { item, bucket, location, balance: 0, other: 0 };
      books.set(key, { ...line, [side]: quantity });
    }
  }
  return [...books.values()].filter((line) => line.balance !== line.other);
}
