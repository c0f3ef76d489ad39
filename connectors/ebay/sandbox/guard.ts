import { HttpResponse } from "msw";
import type { Rate } from "../../pacer.ts";
import { deliver } from "../../sandbox/deliver.ts";
import { callFault, isShutOut, throttledBy } from "../../sandbox/faults.ts";
import { settle, spendRate } from "../../sandbox/market.ts";
import { accessDenied, apiError, invalidToken, throttled } from "./errors.ts";
import type { EbayMoment } from "./state.ts";

/** Calls by day and app, as eBay counts them, spread over the day: what a burst leaves comes back. */
const QUOTAS = {
  inventory: { perSecond: 23, burst: 100_000 },
  fulfillment: { perSecond: 1.16, burst: 2_000 },
  notification: { perSecond: 0.116, burst: 10_000 },
  identity: { perSecond: 1, burst: 1_000 },
  postOrder: { perSecond: 1, burst: 1_000 },
} satisfies Record<string, Rate>;

export type Api = keyof typeof QUOTAS;

const SCOPE = "https://api.ebay.com/oauth/api_scope";

/** One of these lets a token in. */
const NEEDS: Record<Api, string[]> = {
  inventory: [`${SCOPE}/sell.inventory`],
  fulfillment: [`${SCOPE}/sell.fulfillment`],
  notification: [SCOPE, `${SCOPE}/commerce.notification.subscription`],
  identity: [`${SCOPE}/commerce.identity.readonly`],
  postOrder: [SCOPE],
};

/** Everything a REST call refuses before it works, in eBay's order and shapes. */
export async function guarded(
  moment: EbayMoment,
  api: Api,
  request: Request,
  work: (caller: { app: boolean }) => Promise<Response> | Response,
): Promise<Response> {
  const { market } = moment.state;
  const fault = callFault(market.faults);
  if (fault === "outage") return new HttpResponse("Service Unavailable", { status: 503 });
  if (fault === "fail") return apiError(500, 25001, "API", "A system error has occurred.");
  const token = request.headers.get("authorization")?.split(" ")[1] ?? "";
  if (fault === "expire") delete moment.state.tokens[token];
  const known = tokenOf(moment, token);
  if (!known || (isShutOut(market.faults) && !known.app)) return invalidToken();
  if (!NEEDS[api].some((scope) => known.scopes.includes(scope))) return accessDenied();
  if (fault === "throttle") return throttled();
  const busy = throttledBy(fault);
  if (busy) return throttled(busy.headers);
  if (spendRate(market, api, QUOTAS[api], moment.now) !== null) return throttled();
  settle(market, moment.now);
  return deliver(moment, await work({ app: known.app }));
}

export function tokenOf({ state, now }: EbayMoment, token: string) {
  const known = state.tokens[token];
  return known && known.expires > now ? known : null;
}
