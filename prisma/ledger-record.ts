import { NO_STOCK } from "../inventory/stock.ts";
import type { LedgerRecord, RecordedHold, RecordedItem, RecordedLine } from "../ledger/record.ts";
import type { Database, Queryable } from "./client.ts";
import { fence } from "./marks.ts";
import { readStocks } from "./stock.ts";

/** Items in one page of a reload. */
const PAGE = 200;
/** What the ledger remembers of itself, and is told again after it has lost everything. */
const REMEMBERED = "7 days";

/** The record as the ledger's recovery reads it: see ledger/record.ts. */
export function ledgerRecord(db: Database): LedgerRecord {
  return {
    lastSeq: async (partition) => {
      const mark = await db.partitionMark.findUnique({ where: { partition } });
      return Number(mark?.seq ?? 0);
    },
    fence: (partition, redisSeq, margin) => fence(db, partition, redisSeq, margin),
    itemsAfter: (partition, after) => itemsAfter(db, partition, after),
  };
}

interface ItemName {
  shop: string;
  item: string;
}

/** The partition is closed meanwhile, so that pages read one after the other belong together. */
async function* itemsAfter(
  db: Database,
  partition: number,
  after: number,
): AsyncGenerator<RecordedItem[]> {
  let [shop, item] = ["", ""];
  for (;;) {
    // Every movement writes its item's "committed" balance, so that its number is the item's last.
    const names = await db.$queryRaw<ItemName[]>`
      select shop_id as shop, item_id as item from balance
      where partition = ${partition} and bucket = 'committed' and seq > ${after}
        and (shop_id, item_id) > (${shop}, ${item})
      order by shop_id, item_id limit ${PAGE}`;
    const last = names.at(-1);
    if (!last) return;
    for (const [owner, own] of Map.groupBy(names, (name) => name.shop)) {
      const items = own.map((name) => name.item);
      yield await recordedItems(db, owner, items, after);
    }
    ({ shop, item } = last);
  }
}

/** The items with what happened to them after a number; for -1, in the last days. */
async function recordedItems(
  db: Queryable,
  shop: string,
  items: string[],
  after: number,
): Promise<RecordedItem[]> {
  const [stocks, holds, lines, activities] = await Promise.all([
    readStocks(db, shop, items),
    holdsOf(db, shop, items, after),
    linesOf(db, shop, items, after),
    activitiesOf(db, shop, items, after),
  ]);
  return items.map((item) => ({
    shop,
    item,
    stock: stocks.get(item) ?? NO_STOCK,
    holds: holds.get(item) ?? [],
    lines: lines.get(item) ?? [],
    activities: activities.get(item) ?? [],
  }));
}

type HoldRow = ItemRow & Omit<RecordedHold, "channel"> & { channel: string | null };

async function holdsOf(
  db: Queryable,
  shop: string,
  items: string[],
  after: number,
): Promise<Map<string, RecordedHold[]>> {
  const rows = await db.$queryRaw<HoldRow[]>`
    select item_id as "itemId", id, state, quantity, channel,
           (extract(epoch from expires_at) * 1000)::float8 as "expiresAt"
    from hold
    where shop_id = ${shop} and item_id = any(${items})
      and (state = 'live'
        or (seq > ${after} and (${after} >= 0 or changed_at > now() - ${REMEMBERED}::interval)))`;
  return grouped(rows, ({ itemId: _, channel, ...hold }) => ({
    ...hold,
    ...(channel === null ? {} : { channel }),
  }));
}

type LineRow = ItemRow & Omit<RecordedLine, "channel"> & { channel: string | null };
interface ItemRow {
  itemId: string;
}

async function linesOf(
  db: Queryable,
  shop: string,
  items: string[],
  after: number,
): Promise<Map<string, RecordedLine[]>> {
  const rows = await db.$queryRaw<LineRow[]>`
    select item_id as "itemId", connection_id as connection, order_id as "order", channel,
           ordered, cancelled, shipped, unshipped
    from order_line
    where shop_id = ${shop} and item_id = any(${items})
      and (ordered > cancelled + greatest(0, shipped - unshipped)
        or (seq > ${after} and (${after} >= 0 or at > now() - ${REMEMBERED}::interval)))`;
  return grouped(rows, ({ itemId: _, channel, ...line }) => ({
    ...line,
    ...(channel === null ? {} : { channel }),
  }));
}

async function activitiesOf(
  db: Queryable,
  shop: string,
  items: string[],
  after: number,
): Promise<Map<string, { activity: string; seq: number }[]>> {
  const rows = await db.$queryRaw<(ItemRow & { activity: string; seq: bigint })[]>`
    select item_id as "itemId", activity, seq from movement
    where shop_id = ${shop} and item_id = any(${items}) and seq > ${after}
      -- Nobody asks for an expiry: the ledger makes it.
      and type <> 'expire' and (${after} >= 0 or at > now() - ${REMEMBERED}::interval)
    order by seq`;
  return grouped(rows, ({ activity, seq }) => ({ activity, seq: Number(seq) }));
}

function grouped<Row extends ItemRow, T>(rows: Row[], to: (row: Row) => T): Map<string, T[]> {
  const byItem = new Map<string, T[]>();
  for (const row of rows) {
    const own = byItem.get(row.itemId);
    if (own) own.push(to(row));
    else byItem.set(row.itemId, [to(row)]);
  }
  return byItem;
}
