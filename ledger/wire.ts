import { NO_LOCATION, type Side } from "../inventory/bucket.ts";
import { type Leg, sideSum } from "../inventory/movement.ts";
import type { Stock } from "../inventory/stock.ts";
import type { HoldNow } from "./contract.ts";

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

/** A hold as the script writes it; it keeps more with a hold than it tells. */
export function holdOf({ id, state, quantity, expiresAt }: HoldNow): HoldNow {
  return { id, state, quantity, expiresAt };
}

/**
 * All legs of a movement, in which the script leaves out the counter-legs: what is claimed is no
 * longer unclaimed, and what arrives comes from outside.
 */
export function legsOf(wire: readonly WireLeg[]): Leg[] {
  const legs = wire.map(([bucket, location, quantity]): Leg => ({ bucket, location, quantity }));
  const counters = [counterLeg(legs, "claim"), counterLeg(legs, "physical")];
  return [...legs, ...counters.filter(({ quantity }) => quantity !== 0)];
}

function counterLeg(legs: readonly Leg[], side: Side): Leg {
  // 0 - x, because -0 is not 0 everywhere.
  return { bucket: COUNTER[side], location: NO_LOCATION, quantity: 0 - sideSum(legs, side) };
}

const COUNTER = { claim: "unclaimed", physical: "outside" } as const;
