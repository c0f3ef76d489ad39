import type { HistoryRow, ListingScope, Reach } from "./history.ts";
import { latencies, type PushRow } from "./measure.ts";
import type { FlashSaleOptions } from "./options.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";
import type { RushTally } from "./rush.ts";

/** What a flash sale came to: the last line of the command, as JSON. */
export interface FlashResult {
  /** Units sold, on every way. */
  sold: number;
  /** Shoppers and carts who found nothing to buy. */
  refused: number;
  /** Units sold beyond what there was, when every abandoned cart has given its unit back. */
  oversold: number;
  /** Of those, units that a hold or its payment took: 0 at any lag. */
  oversoldThroughHolds: number;
  unsold: number;
  perChannel: RushTally["channels"];
  carts: RushTally["carts"];
  saleToAckMs: Quantiles;
  saleToShownMs: Quantiles;
  pushes: number;
  ledgerConsistent: boolean;
}

export interface Evidence {
  tally: RushTally;
  history: readonly HistoryRow[];
  listings: readonly ListingScope[];
  reached: readonly Reach[];
  pushes: readonly PushRow[];
  /** Available to sell when everything had settled. */
  ats: number;
  units: number;
  /** What the record's and the ledger's own checks found. Empty = nothing. */
  differences: readonly string[];
}

/** The result, and the sentences that explain what went wrong in it. */
export function resultOf(evidence: Evidence): { result: FlashResult; remarks: string[] } {
  const { tally, history, ats, units, pushes } = evidence;
  const counters = Object.values(tally.channels);
  const bought = counters.reduce((sum, channel) => sum + channel.sold, 0) + tally.carts.paid;
  const sold = unitsSold(history);
  const remarks = [...evidence.differences];
  if (sold !== bought) remarks.push(`${bought} units were bought, the ledger has ${sold}`);
  if (units - sold !== ats) remarks.push(`${units} less ${sold} sold is not the ATS of ${ats}`);
  const times = latencies(evidence.reached, pushes);
  if (times.unreached > 0) remarks.push(`${times.unreached} sales never reached another channel`);
  const result: FlashResult = {
    sold,
    refused: counters.reduce((sum, channel) => sum + channel.refused, 0) + tally.carts.refused,
    oversold: Math.max(0, -ats),
    oversoldThroughHolds: history
      .filter((row) => row.type !== "sell")
      .reduce((sum, row) => sum + row.oversold, 0),
    unsold: Math.max(0, ats),
    perChannel: tally.channels,
    carts: tally.carts,
    saleToAckMs: quantiles(times.ack),
    saleToShownMs: quantiles(times.shown),
    pushes: pushes.length,
    ledgerConsistent: remarks.length === 0,
  };
  return { result, remarks };
}

/** Ms within which a sale is accepted everywhere else, for all but one in a hundred. */
const ACK_P99_MS = 1_000;
/** Units that a lag of a second may sell beyond what there is. */
const OVERSOLD_MAX = 5;

/**
 * What a sale promises and did not keep, as sentences; empty = it kept all. Minutes of propagation
 * oversell, which nobody can help but by holds: with `lag` "realistic" only those are held to it.
 */
export function brokenPromises(result: FlashResult, lag: FlashSaleOptions["lag"]): string[] {
  const { oversold, oversoldThroughHolds, saleToAckMs, ledgerConsistent } = result;
  const broken: string[] = [];
  if (!ledgerConsistent) broken.push("the ledger is not consistent");
  if (oversoldThroughHolds > 0) broken.push(`${oversoldThroughHolds} units oversold through holds`);
  if (lag === "realistic") return broken;
  if (oversold > OVERSOLD_MAX) broken.push(`${oversold} units oversold: ${OVERSOLD_MAX} at most`);
  if ((saleToAckMs.p99 ?? 0) >= ACK_P99_MS) {
    broken.push(`sale to acknowledged took ${saleToAckMs.p99} ms (p99): under ${ACK_P99_MS}`);
  }
  return broken;
}

/** Units that became owed: sales, and holds that were paid. */
function unitsSold(history: readonly HistoryRow[]): number {
  const legs = history.flatMap((row) => row.legs);
  return legs.reduce((sum, leg) => (leg.bucket === "committed" ? sum + leg.quantity : sum), 0);
}

/** For each sale that went beyond the stock of its moment: what its marketplace did not know yet. */
export function explainOversold({ history, listings, pushes }: Evidence): string[] {
  return history
    .filter((row) => row.type === "sell" && row.oversold > 0)
    .map((sale) => {
      const listing = listings.find((one) => one.channel === sale.channel);
      const told = pushes.filter((push) => push.listing === listing?.id);
      const shown = told.findLast((push) => push.shownAt && push.shownAt <= sale.at);
      const zero = told.find((push) => push.quantity === 0 && push.answeredAt <= sale.at);
      const lag = zero ? sale.at.getTime() - zero.answeredAt.getTime() : undefined;
      const known = shown
        ? `had last been seen to show ${shown.quantity}`
        : "had shown nothing new";
      const because =
        lag === undefined
          ? "the sales that emptied the shelf had not reached it yet"
          : `it had accepted 0 already, ${lag} ms before, and was still showing an older number`;
      return `${sale.oversold} on ${sale.channel} (movement ${sale.seq}): it ${known}; ${because}`;
    });
}
