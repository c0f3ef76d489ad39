import type { ConnectorLimits } from "../connector.ts";

const MINUTE_MS = 60_000;

/**
 * Shopify counts points, not calls: 100 a second on a standard plan, out of a bucket of 2,000
 * (https://shopify.dev/docs/api/usage/limits). The numbers here are what our documents cost.
 */
export const SHOPIFY_LIMITS: ConnectorLimits = {
  /** Input arrays carry 250 at most. */
  pushBatch: 250,
  /** Seven points a listing, and one document may cost 1,000. */
  readBackBatch: 100,
  calls: {
    push: { perSecond: 4, burst: 40 },
    readBack: { perSecond: 0.5, burst: 2 },
    orders: { perSecond: 0.25, burst: 2 },
    listings: { perSecond: 0.25, burst: 2 },
  },
  sweepOverlapMs: 10 * MINUTE_MS,
  sweepEveryMs: MINUTE_MS,
};
