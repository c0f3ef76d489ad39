import type { ConnectorLimits } from "../connector.ts";

const MINUTE_MS = 60_000;

/**
 * Shopify counts points, not calls: on a standard plan 100 a second, out of a bucket of 2,000
 * (https://shopify.dev/docs/api/usage/limits). A push is 13 points, whatever it carries; reads
 * cost 6 to 8 a row. The rates suit calls that are mostly small; a run of full ones is stopped
 * by THROTTLED, whose answer says when the bucket holds enough again.
 */
export const SHOPIFY_LIMITS: ConnectorLimits = {
  /** Input arrays carry 250 at most. */
  pushBatch: 250,
  /** Under a tenth of the bucket, so that reading back never holds up a push for long. */
  readBackBatch: 25,
  calls: {
    push: { perSecond: 4, burst: 40 },
    readBack: { perSecond: 2, burst: 10 },
    orders: { perSecond: 0.25, burst: 2 },
    listings: { perSecond: 0.25, burst: 2 },
  },
  sweepOverlapMs: 10 * MINUTE_MS,
  sweepEveryMs: MINUTE_MS,
};
