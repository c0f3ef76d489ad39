import { HttpResponse } from "msw";
import { deliver } from "../../sandbox/deliver.ts";
import { type CallFault, callFault, throttledBy } from "../../sandbox/faults.ts";
import { settle, spendRate } from "../../sandbox/market.ts";
import { signRequest } from "../sign.ts";
import { TIKTOK_APP } from "./account.ts";
import { failure, invalid } from "./answers.ts";
import { mayUse } from "./mint.ts";
import type { TikTokMoment } from "./state.ts";

/** TikTok publishes no numbers, and changes them by itself; these are near what sellers report. */
const RATES = {
  write: { perSecond: 4, burst: 4 },
  read: { perSecond: 10, burst: 10 },
  /** Every kind of event is a call of its own, all of them made at once. */
  events: { perSecond: 5, burst: 20 },
};

/** A call's time may be this far from TikTok's: back, and ahead. */
const TOO_OLD_S = 300;
const TOO_NEW_S = 30;

export interface Guarded {
  kind: keyof typeof RATES;
  /** About the authorization and not about a shop: no cipher. */
  shopless?: true;
}

/** What every call is refused for, before its work; then the work, on the body as it was sent. */
export async function guarded(
  moment: TikTokMoment,
  request: Request,
  { kind, shopless }: Guarded,
  work: (url: URL, body: unknown) => Response,
): Promise<Response> {
  const { market } = moment.state;
  const fault = callFault(market.faults);
  if (fault === "outage") return new HttpResponse("Service Unavailable", { status: 503 });
  if (fault === "fail") return failure(36_009_003, "Internal error. Please try again.");
  const url = new URL(request.url);
  const text = await request.text();
  const trouble =
    callTrouble(moment, url, text) ??
    tokenTrouble(moment, request, fault) ??
    (shopless ? null : shopTrouble(moment, url));
  if (trouble) return trouble;
  const own = { status: 429, headers: { "retry-after": "2" } };
  const busy = fault === "throttle" ? own : throttledBy(fault);
  if (busy) return failure(36_009_002, "Too many requests.", busy);
  if (spendRate(market, kind, RATES[kind], moment.now) !== null) {
    return failure(36_009_002, "Request limit reached for this app and shop.");
  }
  settle(market, moment.now);
  return deliver(moment, work(url, parsed(text)));
}

/** The signature is over the bytes that arrived, and the query as it is when decoded. */
function callTrouble({ now }: TikTokMoment, url: URL, body: string): Response | null {
  const query = Object.fromEntries(url.searchParams);
  if (query.app_key !== TIKTOK_APP.appKey) return invalid("Invalid app_key.");
  const ageS = now / 1_000 - Number(query.timestamp);
  if (!(ageS <= TOO_OLD_S && ageS >= -TOO_NEW_S)) return invalid("Invalid timestamp.");
  const wanted = signRequest(TIKTOK_APP.appSecret, url.pathname, query, body);
  return query.sign === wanted ? null : failure(106_001, "Invalid signature.");
}

function tokenTrouble(
  moment: TikTokMoment,
  request: Request,
  fault: CallFault | null,
): Response | null {
  const token = request.headers.get("x-tts-access-token") ?? "";
  if (fault === "expire") moment.state.ended[token] = true;
  const use = mayUse(moment.state, token, moment.now);
  if (use === "expired" || fault === "lapsed") {
    return failure(105_002, "Expired credentials.", { status: 401 });
  }
  if (use === "no" || fault === "revoked") {
    return failure(105_001, "Access token is invalid.", { status: 401 });
  }
  return null;
}

function shopTrouble({ state }: TikTokMoment, url: URL): Response | null {
  const cipher = url.searchParams.get("shop_cipher");
  if (!cipher) return failure(106_013, "shop_cipher is missing.");
  if (state.shops.some((shop) => shop.cipher === cipher)) return null;
  return failure(101_000, "The token is not of this shop.");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
