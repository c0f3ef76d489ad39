import { HttpResponse } from "msw";
import { type Rate, refill } from "../../pacer.ts";
import { deliver } from "../../sandbox/deliver.ts";
import { type CallFault, callFault, isShutOut, throttledBy } from "../../sandbox/faults.ts";
import { settle, spendRate } from "../../sandbox/market.ts";
import { apiError } from "./errors.ts";
import type { WalmartMoment } from "./state.ts";

const perMinute = (calls: number): Rate => ({ perSecond: calls / 60, burst: calls });
const perHour = (calls: number): Rate => ({ perSecond: calls / 3_600, burst: calls });

/** https://developer.walmart.com/us-marketplace/docs/rate-limiting */
const LIMITS = {
  putInventory: perMinute(200),
  getInventory: perMinute(200),
  putInventories: perMinute(200),
  getInventories: perMinute(200),
  listInventories: perMinute(200),
  wfsInventory: perMinute(100),
  items: perMinute(60),
  orders: perMinute(5_000),
  cancel: perMinute(60),
  returns: perMinute(50),
  shipNodes: perMinute(50),
  feeds: perMinute(5_000),
  inventoryFeed: perHour(10),
  eventTypes: perMinute(5),
  listSubscriptions: perMinute(50),
  createSubscription: perMinute(200),
  deleteSubscription: perMinute(10),
  tokenDetail: perMinute(100),
} satisfies Record<string, Rate>;

export type Operation = keyof typeof LIMITS;

const UNAUTHORIZED = {
  code: "UNAUTHORIZED.GMP_GATEWAY_API",
  description: "Unauthorized token or incorrect authorization header.",
};

/** Everything a call is refused for before it works, in Walmart's shapes. */
export async function guarded(
  moment: WalmartMoment,
  operation: Operation,
  request: Request,
  work: () => Promise<Response> | Response,
): Promise<Response> {
  const { market } = moment.state;
  const fault = callFault(market.faults);
  // Without a gateway there is nobody to word an error.
  if (fault === "outage") return HttpResponse.text("", { status: 503 });
  if (fault === "fail") {
    return apiError(500, { code: "SYSTEM_ERROR", description: "An internal error occurred." });
  }
  if (!tokenWorks(moment, request, fault)) return apiError(401, UNAUTHORIZED);
  const missing = ["wm_qos.correlation_id", "wm_svc.name"].find((one) => !request.headers.get(one));
  if (missing) {
    const code = "MISSING_HEADER.GMP_GATEWAY_API";
    return apiError(400, { code, field: missing.toUpperCase(), description: "Header is missing." });
  }
  const busy = throttledBy(fault);
  if (busy) return apiError(429, VIOLATED, busy.headers);
  const waitMs = spendRate(market, operation, LIMITS[operation], moment.now);
  if (fault === "throttle") return throttled(moment, operation, 1_000);
  if (waitMs !== null) return throttled(moment, operation, waitMs);
  settle(market, moment.now);
  const answer = await work();
  tellRate(moment, operation, answer);
  return deliver(moment, answer);
}

function tokenWorks(
  { state, now }: WalmartMoment,
  request: Request,
  fault: CallFault | null,
): boolean {
  if (isShutOut(state.market.faults)) return false;
  const token = request.headers.get("wm_sec.access_token") ?? "";
  if (fault === "expire") delete state.tokens[token];
  return (state.tokens[token] ?? 0) > now;
}

const VIOLATED = {
  code: "REQUEST_THRESHOLD_VIOLATED.GMP_GATEWAY_API",
  description: "The request threshold was violated.",
};

function throttled(moment: WalmartMoment, operation: Operation, waitMs: number): Response {
  const answer = apiError(429, VIOLATED);
  // Only files are told how long to wait; the rest is told when.
  if (operation === "inventoryFeed") {
    answer.headers.set("retry-after", String(Math.ceil(waitMs / 1_000)));
  }
  answer.headers.set("x-current-token-count", "0");
  answer.headers.set("x-next-replenishment-time", String(moment.now + waitMs));
  return answer;
}

function tellRate({ state, now }: WalmartMoment, operation: Operation, answer: Response): void {
  const rate = LIMITS[operation];
  const bucket = state.market.buckets[operation];
  if (!bucket) return;
  const { tokens } = refill(bucket, rate, now);
  const nextMs = Math.ceil(((Math.floor(tokens) + 1 - tokens) / rate.perSecond) * 1_000);
  answer.headers.set("x-current-token-count", String(Math.floor(tokens)));
  answer.headers.set("x-next-replenishment-time", String(now + nextMs));
}
