import type { Leg } from "../inventory/movement.ts";
import type { Stock } from "../inventory/stock.ts";

/**
 * The short forms in which the script writes: every movement is stored, sent and flushed to a
 * file, so what goes without saying is left out there and added here. ledger/script/ writes them.
 */
export interface WireStock {
  physical: Stock["physical"];
  committed: number;
  held: number;
  /** Left out while no channel's carts hold any. */
  heldFor?: Record<string, number>;
  /** Left out when nothing is carved out. */
  allocated?: Record<string, number>;
  /** Left out where the number of the movement stands beside it. */
  version?: number;
}

export type WireLeg = [bucket: Leg["bucket"], location: string, quantity: number];

/** @param version of the stock where it carries none: the movement's number. */
export function stockOf(wire: WireStock, version = 0): Stock {
  const { physical, committed, held, heldFor, allocated = {} } = wire;
  const stock = { physical, committed, held, allocated, version: wire.version ?? version };
  return heldFor ? { ...stock, heldFor } : stock;
}

export function legOf([bucket, location, quantity]: WireLeg): Leg {
  return { bucket, location, quantity };
}
