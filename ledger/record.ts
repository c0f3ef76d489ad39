import type { HoldState } from "../inventory/hold.ts";
import type { OrderLine } from "../inventory/order-line.ts";
import type { Stock } from "../inventory/stock.ts";

/**
 * What recovery needs of the durable record (PostgreSQL). Implemented in prisma/, which may not
 * know Redis; the ledger may not know PostgreSQL.
 */
export interface LedgerRecord {
  /** Number of the last movement recorded of a partition; 0 when there is none. */
  lastSeq(partition: number): Promise<number>;
  /**
   * Closes the partition against stragglers. In one step that excludes the persister (a row lock on
   * the partition's mark): reads the last recorded number, takes `from` = the greater of it and
   * `redisSeq`, and notes that numbers above `from` and below `to` = `from` + `margin` belong to
   * movements which Redis has forgotten and must never be recorded. Asked again before the next
   * movement is recorded, it answers the same.
   */
  fence(partition: number, redisSeq: number, margin: number): Promise<Fence>;
  /**
   * Items of the partition that moved after number `after` (all of them for -1), in pages, as the
   * record has them now.
   */
  itemsAfter(partition: number, after: number): AsyncIterable<RecordedItem[]>;
}

export interface Fence {
  lastSeq: number;
  from: number;
  to: number;
}

export interface RecordedItem {
  shop: string;
  item: string;
  /** The balances; `version` is the item's last recorded movement. */
  stock: Stock;
  /** Every live hold, and those that ended after `after`; for -1 in the last seven days. */
  holds: RecordedHold[];
  /** Lines that still claim something, and lines that changed after `after`. */
  lines: RecordedLine[];
  /** Activities whose movements came after `after`; for -1 those of the last seven days. */
  activities: { activity: string; seq: number }[];
}

export interface RecordedHold {
  id: string;
  state: HoldState;
  quantity: number;
  expiresAt: number;
  channel?: string;
}

export interface RecordedLine extends OrderLine {
  connection: string;
  order: string;
  channel?: string;
}
