import { assert } from "./assert.ts";
import { type Bucket, isPhysicalBucket, NO_LOCATION, type Side, sideOf } from "./bucket.ts";

/** One line of a movement: signed units into (+) or out of (-) a bucket. */
export interface Leg {
  bucket: Bucket;
  /** Location code for a physical bucket, "" for claims and counter-buckets. */
  location: string;
  quantity: number;
}

/** What a movement is called in the history. One per command of the ledger, and the expiry. */
export const MOVEMENT_TYPES = [
  "hold",
  "resize",
  "extend",
  "commit",
  "release",
  "expire",
  "sell",
  "cancel",
  "ship",
  "unship",
  "receive",
  "adjust",
  "transfer",
  "allocate",
] as const;
export type MovementType = (typeof MOVEMENT_TYPES)[number];

/** Sum of the legs of one side. Zero for every movement that may exist. */
export function sideSum(legs: readonly Leg[], side: Side): number {
  return legs.reduce((sum, leg) => (sideOf(leg.bucket) === side ? sum + leg.quantity : sum), 0);
}

/** Stops on legs that create or destroy units, or sit in a place their bucket does not have. */
export function assertBalanced(legs: readonly Leg[]): void {
  assert(sideSum(legs, "physical") === 0, "physical legs sum to zero");
  assert(sideSum(legs, "claim") === 0, "claim legs sum to zero");
  for (const leg of legs) {
    assert(Number.isSafeInteger(leg.quantity), "a leg is a whole number of units");
    assert(
      isPhysicalBucket(leg.bucket) === (leg.location !== NO_LOCATION),
      "physical buckets have a location, all others have none",
    );
  }
}

/** Key of one balance within an item. */
export function balanceKey(bucket: Bucket, location: string): string {
  return location === NO_LOCATION ? bucket : `${bucket}@${location}`;
}

/** Balances of one item after the legs, by `balanceKey`. A balance is the sum of its legs. */
export function applyLegs(
  balances: ReadonlyMap<string, number>,
  legs: readonly Leg[],
): Map<string, number> {
  const next = new Map(balances);
  for (const leg of legs) {
    const key = balanceKey(leg.bucket, leg.location);
    next.set(key, (next.get(key) ?? 0) + leg.quantity);
  }
  return next;
}
