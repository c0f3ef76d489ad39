import type { ConnectorLimits } from "../connector.ts";

const MINUTE_MS = 60_000;

/**
 * TikTok publishes no numbers: what an app may do in a shop changes by itself. These are careful;
 * a refusal (429 or 36009002) and its Retry-After correct them.
 */
export const TIKTOK_LIMITS: ConnectorLimits = {
  /** All SKUs of one product go in one call. */
  pushBatch: 100,
  /** inventory/search takes 600 SKU ids. */
  readBackBatch: 600,
  calls: {
    push: { perSecond: 3, burst: 3 },
    readBack: { perSecond: 5, burst: 5 },
    orders: { perSecond: 5, burst: 5 },
    listings: { perSecond: 5, burst: 5 },
  },
  sweepOverlapMs: 10 * MINUTE_MS,
  sweepEveryMs: 2 * MINUTE_MS,
};
