import { allocationChannel, isPhysicalBucket } from "../../inventory/bucket.ts";
import type { BufferRule } from "../../inventory/buffer.ts";
import type { Leg } from "../../inventory/movement.ts";
import { plan } from "../../inventory/plan.ts";
import { ruleInForce } from "../../inventory/rule-book.ts";
import type { Stock } from "../../inventory/stock.ts";

/** One movement of the item, with its legs. */
export interface HistoryRow {
  seq: bigint;
  type: string;
  /** The order it is about, as its marketplace names it. */
  order: string | null;
  channel: string | null;
  /** When the shopper bought; for what is no purchase, when the ledger recorded it. */
  at: Date;
  oversold: number;
  legs: Leg[];
}

/** A listing of the item, as far as its plan needs it. */
export interface ListingScope {
  id: string;
  channel: string;
  unitsPerSale: number;
}

/** A sale that changed what another channel's listing should show. */
export interface Reach {
  listing: string;
  channel: string;
  seq: bigint;
  at: Date;
}

/**
 * Which sales had to reach which listings: worked out again from the movements and the rules, apart
 * from what the product planned. A sale that leaves a listing's number as it was reaches nobody.
 */
export function reaches(
  before: Stock,
  history: readonly HistoryRow[],
  listings: readonly ListingScope[],
  rules: readonly BufferRule[],
  scope: { item: string; category: string | null },
): Reach[] {
  const planned = (stock: Stock, listing: ListingScope) =>
    plan({
      stock,
      channel: listing.channel,
      rule: ruleInForce(rules, { ...scope, channel: listing.channel }),
      unitsPerSale: listing.unitsPerSale,
    }).quantity;
  const result: Reach[] = [];
  let stock = before;
  for (const row of history) {
    const next = afterLegs(stock, row.legs);
    for (const listing of row.type === "sell" ? listings : []) {
      if (listing.channel === row.channel) continue;
      if (planned(stock, listing) === planned(next, listing)) continue;
      result.push({ listing: listing.id, channel: listing.channel, seq: row.seq, at: row.at });
    }
    stock = next;
  }
  return result;
}

/** The stock after some legs: a balance is the sum of its legs. */
export function afterLegs(stock: Stock, legs: readonly Leg[]): Stock {
  const next: Stock = structuredClone(stock);
  for (const { bucket, location, quantity } of legs) {
    const channel = allocationChannel(bucket);
    if (isPhysicalBucket(bucket)) {
      const places = next.physical[bucket] ?? {};
      next.physical[bucket] = { ...places, [location]: (places[location] ?? 0) + quantity };
    } else if (channel !== undefined) {
      next.allocated[channel] = (next.allocated[channel] ?? 0) + quantity;
    } else if (bucket === "committed" || bucket === "held") {
      next[bucket] += quantity;
    }
  }
  return next;
}
