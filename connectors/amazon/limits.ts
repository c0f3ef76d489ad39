import type { ConnectorLimits } from "../connector.ts";
import type { Rate } from "../pacer.ts";

const MINUTE_MS = 60_000;

/**
 * Default usage plans of the operations used, per seller and application:
 * https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
 */
export const PLANS = {
  patchListingsItem: { perSecond: 5, burst: 5 },
  getListingsItem: { perSecond: 5, burst: 10 },
  searchListingsItems: { perSecond: 5, burst: 5 },
  /** One call in three minutes. */
  searchOrders: { perSecond: 0.0056, burst: 20 },
  getInventorySummaries: { perSecond: 2, burst: 2 },
  createFeedDocument: { perSecond: 0.5, burst: 15 },
  createFeed: { perSecond: 0.0083, burst: 15 },
  getFeed: { perSecond: 2, burst: 15 },
  /** The scarce one when results are read: one call in 45 seconds. */
  getFeedDocument: { perSecond: 0.0222, burst: 10 },
  createReport: { perSecond: 0.0167, burst: 15 },
  getReport: { perSecond: 2, burst: 15 },
  getReports: { perSecond: 0.0222, burst: 10 },
  getReportDocument: { perSecond: 0.0167, burst: 15 },
  getMarketplaceParticipations: { perSecond: 0.016, burst: 15 },
  getDestinations: { perSecond: 1, burst: 5 },
  createDestination: { perSecond: 1, burst: 5 },
  getSubscription: { perSecond: 1, burst: 5 },
  createSubscription: { perSecond: 1, burst: 5 },
  deleteSubscriptionById: { perSecond: 1, burst: 5 },
} satisfies Record<string, Rate>;

export type Plan = keyof typeof PLANS;

export const AMAZON_LIMITS: ConnectorLimits = {
  /** patchListingsItem carries one listing. */
  pushBatch: 1,
  /** searchListingsItems takes 20 SKUs. */
  readBackBatch: 20,
  calls: {
    push: PLANS.patchListingsItem,
    /** Five JSON_LISTINGS_FEED in five minutes, below what createFeed itself would take at once. */
    bulk: { perSecond: 5 / 300, burst: 5 },
    readBack: PLANS.searchListingsItems,
    orders: PLANS.searchOrders,
    listings: PLANS.searchListingsItems,
  },
  bulk: { lines: 25_000, usualMs: 5 * MINUTE_MS },
  sweepOverlapMs: 10 * MINUTE_MS,
  sweepEveryMs: 3 * MINUTE_MS,
};
