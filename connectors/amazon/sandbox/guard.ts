import { deliver } from "../../sandbox/deliver.ts";
import { callFault, isShutOut, throttledBy } from "../../sandbox/faults.ts";
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
  if (fault === "expire") endToken(moment, request);
  const shutOut = isShutOut(market.faults);
  const denied = shutOut ? NO_TOKEN : tokenTrouble(moment, operation, request);
  if (denied)
    return apiError(403, "Unauthorized", "Access to requested resource is denied.", denied);
  const rate = PLANS[operation];
  if (fault === "throttle") return throttled();
  const busy = throttledBy(fault);
  if (busy) return throttled(busy.headers);
  if (spendRate(market, operation, rate, moment.now) !== null) return throttled();
  settle(market, moment.now);
  const answer = await work();
  // Told of what was carried out or was wrong, never of what came too often.
  if (answer.status !== 429) answer.headers.set("x-amzn-RateLimit-Limit", String(rate.perSecond));
  return deliver(moment, answer);
}

/** From now on it is one that has expired. */
function endToken({ state, now }: AmazonMoment, request: Request): void {
  const token = request.headers.get("x-amz-access-token") ?? "";
  for (const tokens of [state.tokens, state.appTokens]) if (tokens[token]) tokens[token] = now;
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
