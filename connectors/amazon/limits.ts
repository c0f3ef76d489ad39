import type { ConnectorLimits } from "../connector.ts";

const MINUTE_MS = 60_000;

/**
 * Default usage plans of the operations used, per seller and application:
 * https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
 */
export const AMAZON_LIMITS: ConnectorLimits = {
  /** patchListingsItem carries one listing. */
  pushBatch: 1,
  /** searchListingsItems takes 20 SKUs. */
  readBackBatch: 20,
  calls: {
    push: { perSecond: 5, burst: 5 },
    readBack: { perSecond: 5, burst: 5 },
    /** One call in three minutes. */
    orders: { perSecond: 0.0056, burst: 20 },
    listings: { perSecond: 5, burst: 5 },
  },
  sweepOverlapMs: 10 * MINUTE_MS,
  sweepEveryMs: 3 * MINUTE_MS,
};
