import type { ConnectorLimits } from "../connector.ts";

const MINUTE_MS = 60_000;

/**
 * Per seller and app, replenished little by little; answers say what is left.
 * https://developer.walmart.com/us-marketplace/docs/rate-limiting
 */
export const WALMART_LIMITS: ConnectorLimits = {
  /** PUT /v3/inventory carries one SKU. */
  pushBatch: 1,
  /** GET /v3/inventories/{sku}; the call without a SKU cannot be asked for named ones. */
  readBackBatch: 1,
  calls: {
    push: { perSecond: 200 / 60, burst: 200 },
    readBack: { perSecond: 200 / 60, burst: 200 },
    orders: { perSecond: 5_000 / 60, burst: 5_000 },
    /** GET /v3/items with a query. */
    listings: { perSecond: 1, burst: 60 },
    /** Files of the kind "inventory": ten an hour. */
    bulk: { perSecond: 10 / 3_600, burst: 10 },
  },
  bulk: { lines: 10_000, usualMs: 30 * MINUTE_MS },
  sweepOverlapMs: 10 * MINUTE_MS,
  sweepEveryMs: MINUTE_MS,
};
