import { HttpResponse } from "msw";
import { callFault, spend } from "../../sandbox/faults.ts";
import { settle, spendRate } from "../../sandbox/market.ts";
import { PLANS, type Plan } from "../limits.ts";
import { apiError, throttled } from "./errors.ts";
import type { AmazonMoment } from "./state.ts";

/** Everything an SP-API operation refuses before it works, in Amazon's order and shapes. */
export async function guarded(
  moment: AmazonMoment,
  operation: Plan,
  request: Request,
  work: () => Promise<Response> | Response,
): Promise<Response> {
  const { market } = moment.state;
  const fault = callFault(market.faults);
  if (fault === "outage") return apiError(503, "ServiceUnavailable", "Service is unavailable.");
  if (fault === "fail")
    return apiError(500, "InternalFailure", "We encountered an internal error.");
  const denied = fault === "revoked" ? NO_TOKEN : tokenTrouble(moment, operation, request);
  if (denied)
    return apiError(403, "Unauthorized", "Access to requested resource is denied.", denied);
  const rate = PLANS[operation];
  if (fault === "throttle") return throttled();
  if (spendRate(market, operation, rate, moment.now) !== null) return throttled();
  settle(market, moment.now);
  const answer = await work();
  if (spend(market.faults, "hangUpNext")) return HttpResponse.error();
  // Told of what was carried out or was wrong, never of what came too often.
  if (answer.status !== 429) answer.headers.set("x-amzn-RateLimit-Limit", String(rate.perSecond));
  return answer;
}

const NO_TOKEN = "The access token you provided is revoked, malformed or invalid.";

/** What no seller has to grant, the app asks for in its own name. */
const GRANTLESS: ReadonlySet<Plan> = new Set([
  "getDestinations",
  "createDestination",
  "deleteSubscriptionById",
]);

function tokenTrouble(moment: AmazonMoment, operation: Plan, request: Request): string | null {
  const token = request.headers.get("x-amz-access-token");
  if (!token) return "Access token is missing in the request header.";
  const { tokens, appTokens } = moment.state;
  const expiry = (GRANTLESS.has(operation) ? appTokens : tokens)[token];
  if (expiry === undefined) return NO_TOKEN;
  return expiry > moment.now ? null : "The access token you provided has expired.";
}
