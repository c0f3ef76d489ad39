import {
  allocatedTo,
  allocationChannel,
  isPhysicalBucket,
  NO_LOCATION,
  PHYSICAL_BUCKETS,
} from "../inventory/bucket.ts";
import { assertBalanced, balanceKey, type Leg } from "../inventory/movement.ts";
import { availableToSell, onHand, type Stock } from "../inventory/stock.ts";
import type { StockEvent } from "../ledger/contract.ts";

/*
 * The rows a batch of events becomes, as plain data: record.ts hands them to PostgreSQL as sets.
 * Times are ms since the epoch, names are those of the columns.
 */

export interface BalanceRow {
  shop_id: string;
  item_id: string;
  bucket: string;
  location: string;
  quantity: number;
  seq: number;
  partition: number;
}

export function movementRow(event: StockEvent, activity = event.activity) {
  return {
    partition: event.partition,
    seq: event.seq,
    shop_id: event.shop,
    item_id: event.item,
    activity,
    type: event.type,
    at: event.at,
    occurred_at: event.occurredAt ?? null,
    channel: event.channel ?? null,
    connection_id: event.connection ?? event.line?.connection ?? null,
    order_id: event.line?.order ?? null,
    hold_id: event.hold?.id ?? null,
    oversold: event.oversold,
    actor: event.actor ?? null,
    reason: event.reason ?? null,
    reference: event.reference ?? null,
    batch_id: event.batch ?? null,
  };
}

export function legRows(event: StockEvent) {
  assertBalanced(event.legs);
  return event.legs.map((leg, index) => ({
    partition: event.partition,
    seq: event.seq,
    leg: index,
    shop_id: event.shop,
    item_id: event.item,
    bucket: leg.bucket,
    location: leg.location,
    quantity: leg.quantity,
  }));
}

/**
 * Balances as each item's last event told them. A bucket that moved in the batch and is no longer
 * told of has nothing in it. Events must be in order of their number.
 */
export function balanceRows(events: readonly StockEvent[]): BalanceRow[] {
  const rows = new Map<string, BalanceRow>();
  const put = (event: StockEvent, bucket: string, location: string, quantity: number) => {
    const key = JSON.stringify([event.shop, event.item, bucket, location]);
    const { shop, item, seq, partition } = event;
    rows.set(key, { shop_id: shop, item_id: item, bucket, location, quantity, seq, partition });
  };
  for (const event of events) {
    for (const { bucket, location } of event.legs) {
      if (!isCounter(bucket)) put(event, bucket, location, 0);
    }
    for (const { bucket, location, quantity } of unitsOf(event.stock)) {
      put(event, bucket, location, quantity);
    }
  }
  return [...rows.values()];
}

/** What the counter-buckets gain: no event tells their balance, so it is the sum of their legs. */
export function counterRows(events: readonly StockEvent[]): BalanceRow[] {
  const rows = new Map<string, BalanceRow>();
  for (const { shop, item, seq, partition, legs } of events) {
    for (const { bucket, location, quantity } of legs.filter((leg) => isCounter(leg.bucket))) {
      const key = JSON.stringify([shop, item, balanceKey(bucket, location)]);
      const sum = (rows.get(key)?.quantity ?? 0) + quantity;
      const name = { shop_id: shop, item_id: item, bucket, location };
      rows.set(key, { ...name, quantity: sum, seq, partition });
    }
  }
  return [...rows.values()];
}

/** Each item's figures after its last event. Events must be in order of their number. */
export function itemStockRows(events: readonly StockEvent[]) {
  const rows = events.map(({ shop, item, seq, at, stock }) => {
    const name = { shop_id: shop, item_id: item };
    return { ...name, on_hand: onHand(stock), available: availableToSell(stock), at, seq };
  });
  return newest(rows, (row) => [row.shop_id, row.item_id]);
}

export function holdRows(events: readonly StockEvent[]) {
  const rows = events.flatMap(({ shop, item, channel, seq, at, type, actor, hold }) => {
    if (!hold) return [];
    const { id, quantity, state, expiresAt } = hold;
    const row = { shop_id: shop, id, item_id: item, quantity, channel: channel ?? null };
    const taken = type === "hold";
    return [{ ...row, state, expires_at: expiresAt, seq, at, actor: actor ?? null, taken }];
  });
  // Taken and extended in one batch is still taken in it.
  const taken = new Map(rows.filter((row) => row.taken).map((row) => [keyOf(row), row]));
  return newest(rows, (row) => [row.shop_id, row.id]).map(({ taken: _, ...row }) => {
    const first = taken.get(keyOf(row));
    return { ...row, taken_at: first?.at ?? null, actor: first?.actor ?? null };
  });
}

const keyOf = ({ shop_id, id }: { shop_id: string; id: string }) => `${shop_id}/${id}`;

export function orderLineRows(events: readonly StockEvent[]) {
  const rows = events.flatMap(({ shop, item, channel, seq, at, line }) => {
    if (!line) return [];
    const { connection, order, ordered, cancelled, shipped, unshipped = 0 } = line;
    const key = { shop_id: shop, connection_id: connection, order_id: order, item_id: item };
    const counted = { ordered, cancelled, shipped, unshipped };
    return [{ ...key, channel: channel ?? null, ...counted, seq, at }];
  });
  return newest(rows, (row) => [row.shop_id, row.connection_id, row.order_id, row.item_id]);
}

/** One row per key, the last: PostgreSQL refuses to touch a row twice in one statement. */
function newest<T>(rows: readonly T[], key: (row: T) => string[]): T[] {
  return [...new Map(rows.map((row) => [JSON.stringify(key(row)), row])).values()];
}

/** Counter-buckets balance the books and are in no event's stock. */
function isCounter(bucket: string): boolean {
  return bucket === "outside" || bucket === "unclaimed";
}

/** Every balance of a stock, as legs from nothing would be. */
export function unitsOf(stock: Stock): Leg[] {
  const physical = PHYSICAL_BUCKETS.flatMap((bucket) =>
    Object.entries(stock.physical[bucket] ?? {}).map(([location, quantity]) => {
      return { bucket, location, quantity };
    }),
  );
  const allocated = Object.entries(stock.allocated).map(([channel, quantity]) => {
    return { bucket: allocatedTo(channel), location: NO_LOCATION, quantity };
  });
  return [
    ...physical,
    { bucket: "committed", location: NO_LOCATION, quantity: stock.committed },
    { bucket: "held", location: NO_LOCATION, quantity: stock.held },
    ...allocated,
  ];
}

/** The stock that balances make; the other direction of `unitsOf`. Counter-buckets are left out. */
export function stockOf(
  rows: readonly Pick<BalanceRow, "bucket" | "location" | "quantity" | "seq">[],
): Stock {
  const stock: Stock = { physical: {}, committed: 0, held: 0, allocated: {}, version: 0 };
  for (const { bucket, location, quantity, seq } of rows) {
    stock.version = Math.max(stock.version, seq);
    const channel = allocationChannel(bucket);
    if (isPhysicalBucket(bucket)) {
      stock.physical[bucket] = { ...stock.physical[bucket], [location]: quantity };
    } else if (bucket === "committed" || bucket === "held") {
      stock[bucket] = quantity;
    } else if (channel !== undefined) {
      stock.allocated[channel] = quantity;
    }
  }
  return stock;
}
