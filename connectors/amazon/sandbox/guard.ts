import { HttpResponse } from "msw";
import type { Rate } from "../../pacer.ts";
import { callFault, spend } from "../../sandbox/faults.ts";
import { settle, spendRate } from "../../sandbox/market.ts";
import { apiError, throttled } from "./errors.ts";
import type { AmazonMoment } from "./state.ts";

/** https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits, the defaults. */
const PLANS = {
  patchListingsItem: { perSecond: 5, burst: 5 },
  getListingsItem: { perSecond: 5, burst: 10 },
  searchListingsItems: { perSecond: 5, burst: 5 },
  searchOrders: { perSecond: 0.0056, burst: 20 },
} satisfies Record<string, Rate>;

export type Operation = keyof typeof PLANS;

/** Everything an SP-API operation refuses before it works, in Amazon's order and shapes. */
export async function guarded(
  moment: AmazonMoment,
  operation: Operation,
  request: Request,
  work: () => Promise<Response> | Response,
): Promise<Response> {
  const { market } = moment.state;
  const fault = callFault(market.faults);
  if (fault === "outage") return apiError(503, "ServiceUnavailable", "Service is unavailable.");
  if (fault === "fail")
    return apiError(500, "InternalFailure", "We encountered an internal error.");
  const denied = fault === "revoked" ? "Access was revoked." : tokenTrouble(moment, request);
  if (denied)
    return apiError(403, "Unauthorized", "Access to requested resource is denied.", denied);
  const rate = PLANS[operation];
  if (fault === "throttle") return throttled();
  if (spendRate(market, operation, rate, moment.now) !== null) return throttled();
  settle(market, moment.now);
  const answer = await work();
  if (spend(market.faults, "hangUpNext")) return HttpResponse.error();
  answer.headers.set("x-amzn-RateLimit-Limit", String(rate.perSecond));
  return answer;
}

function tokenTrouble(moment: AmazonMoment, request: Request): string | null {
  const token = request.headers.get("x-amz-access-token");
  if (!token) return "Access token is missing in the request header.";
  const expiry = moment.state.tokens[token];
  if (expiry === undefined)
    return "The access token you provided is revoked, malformed or invalid.";
  return expiry > moment.now ? null : "The access token you provided has expired.";
}
