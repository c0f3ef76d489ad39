import type { ConnectorLimits } from "../connector.ts";

const MINUTE_MS = 60_000;

/**
 * eBay publishes limits per day and app, none per second, for its REST calls: 2,000,000 a day for
 * the Inventory API is 23 a second, shared by every merchant of the app, so one merchant is given
 * less. https://developer.ebay.com/develop/get-started/api-call-limits
 */
export const EBAY_LIMITS: ConnectorLimits = {
  /** bulk_update_price_quantity takes 25; what a call really carries is `rowsPerCall`. */
  pushBatch: 25,
  readBackBatch: 25,
  calls: {
    push: { perSecond: 10, burst: 20 },
    readBack: { perSecond: 2, burst: 5 },
    /** 100,000 a day: a rush may use its share faster. */
    orders: { perSecond: 1.16, burst: 1_000 },
    /** A page costs a call per listing on it besides its own. */
    listings: { perSecond: 1, burst: 5 },
  },
  /**
   * "Each listing can be revised up to 250 times in one calendar day", by whatever means. Which
   * midnight is not said; eBay's other days begin in California.
   */
  revisions: { perDay: 250, reserve: 50, zone: "America/Los_Angeles" },
  sweepOverlapMs: 10 * MINUTE_MS,
  sweepEveryMs: 2 * MINUTE_MS,
};

/** InventoryStatus nodes in one ReviseInventoryStatus; a fifth is error 21916254. */
export const NODES_PER_CALL = 4;

const ROWS_MAX = 25;

/**
 * Rows in one bulk_update_price_quantity. Its text says both "one SKU per call" and "up to 25
 * inventory items", so it can be set per account (`rowsPerCall`, 1 to 25).
 */
export function rowsPerCall(settings: Readonly<Record<string, string>>): number {
  const asked = Number(settings.rowsPerCall ?? ROWS_MAX);
  return Number.isInteger(asked) && asked >= 1 ? Math.min(asked, ROWS_MAX) : ROWS_MAX;
}
