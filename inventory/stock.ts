import type { PhysicalBucket } from "./bucket.ts";

/** Everything the ledger knows of one item at one movement: units by bucket. */
export interface Stock {
  /** Units by location, for each physical bucket that was ever used. */
  physical: Partial<Record<PhysicalBucket, Record<string, number>>>;
  /** Sold, not yet shipped. */
  committed: number;
  /** Claimed by live holds. */
  held: number;
  /** Of those, units held by carts of a channel; absent while there are none. */
  heldFor?: Record<string, number>;
  /** Units left of each channel's carved-out stock. */
  allocated: Record<string, number>;
  /** Number of the movement that made it so; the item's version. 0 = never moved. */
  version: number;
}

export const NO_STOCK: Stock = {
  physical: {},
  committed: 0,
  held: 0,
  allocated: {},
  version: 0,
};

/** Units in one physical bucket over all locations. */
export function unitsIn(stock: Stock, bucket: PhysicalBucket): number {
  return sum(Object.values(stock.physical[bucket] ?? {}));
}

/** Units physically here, sellable or not. What is still on its way is not here. */
export function onHand(stock: Stock): number {
  return (
    unitsIn(stock, "sellable") +
    unitsIn(stock, "inspection") +
    unitsIn(stock, "quarantine") +
    unitsIn(stock, "damaged")
  );
}

/** Units carved out for channels other than `channel`; for all channels when none is named. */
export function allocatedElsewhere(stock: Stock, channel?: string): number {
  return sum(
    Object.entries(stock.allocated).map(([owner, units]) => (owner === channel ? 0 : units)),
  );
}

/**
 * Available to sell: sellable - committed - held - allocated elsewhere, in units. With a channel,
 * that channel's own allocation counts as available. Negative means oversold, and by how much.
 */
export function availableToSell(stock: Stock, channel?: string): number {
  return (
    unitsIn(stock, "sellable") - stock.committed - stock.held - allocatedElsewhere(stock, channel)
  );
}

/** Units held by carts of everybody but `channel`: what its own shoppers cannot buy. */
export function heldElsewhere(stock: Stock, channel: string): number {
  return stock.held - (stock.heldFor?.[channel] ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
