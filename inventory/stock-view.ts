import { allocatedTo, PHYSICAL_BUCKETS } from "./bucket.ts";
import { availableToSell, onHand, type Stock } from "./stock.ts";

export interface BalanceLine {
  bucket: string;
  /** Location code; absent for claims, which no shelf has been chosen for yet. */
  location?: string;
  quantity: number;
}

/** An item's balances as the API and its events tell them. Units. */
export interface StockView {
  version: number;
  onHand: number;
  ats: number;
  balances: BalanceLine[];
}

export function stockView(stock: Stock): StockView {
  return {
    version: stock.version,
    onHand: onHand(stock),
    ats: availableToSell(stock),
    balances: [...balanceLines(stock)],
  };
}

function* balanceLines(stock: Stock): Generator<BalanceLine> {
  for (const bucket of PHYSICAL_BUCKETS) {
    for (const [location, quantity] of Object.entries(stock.physical[bucket] ?? {})) {
      yield { bucket, location, quantity };
    }
  }
  yield { bucket: "committed", quantity: stock.committed };
  yield { bucket: "held", quantity: stock.held };
  for (const [channel, quantity] of Object.entries(stock.allocated)) {
    yield { bucket: allocatedTo(channel), quantity };
  }
}
