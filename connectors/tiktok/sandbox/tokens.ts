import { HttpResponse, http, type RequestHandler } from "msw";
import { consentPage, withQuery } from "../../sandbox/consent-page.ts";
import { uuid } from "../../sandbox/random.ts";
import { OPEN_ID, TIKTOK_APP } from "./account.ts";
import { failure, success } from "./answers.ts";
import { guarded } from "./guard.ts";
import { mayRefresh, newPair } from "./mint.ts";
import type { TikTokMoment } from "./state.ts";

const AUTH = "https://auth.tiktok-shops.com/api/v2/token";
const CODE_LIFE_MS = 30 * 60_000;
const CODE_UNKNOWN = 36_004_004;
const REFRESH_EXPIRED = 36_004_001;
const NO_AUTHORIZATION = 36_004_005;

/** Where the seller agrees, where tokens are bought, and which shops they open. */
export function tokenHandlers(moment: () => TikTokMoment): RequestHandler[] {
  const agree = ({ request }: { request: Request }) => consent(moment(), new URL(request.url));
  return [
    http.get("https://services.tiktokshop.com/open/authorize", agree),
    http.get("https://services.us.tiktokshop.com/open/authorize", agree),
    http.get(`${AUTH}/get`, ({ request }) => tokens(moment(), request, trade)),
    http.get(`${AUTH}/refresh`, ({ request }) => tokens(moment(), request, refresh)),
    http.get("https://open-api.tiktokglobalshop.com/authorization/202309/shops", ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "read", shopless: true }, () =>
        success({
          shops: now.state.shops.map((shop) => ({
            ...shop,
            code: `CODE${shop.id.slice(-6)}`,
            seller_type: "LOCAL",
          })),
        }),
      );
    }),
  ];
}

function consent({ state, now }: TikTokMoment, url: URL): Response {
  const back = url.searchParams.get("redirect_uri");
  const service = url.searchParams.get("service_id");
  if (service !== TIKTOK_APP.serviceId || !back) {
    return HttpResponse.text("no such service", { status: 400 });
  }
  const code = `ROW_code-${uuid(state.market)}`;
  state.codes[code] = now + CODE_LIFE_MS;
  const nonce = { state: url.searchParams.get("state") ?? "" };
  return consentPage({
    title: "TikTok Shop",
    account: state.shops.map((shop) => shop.name).join(", "),
    scopes: ["Products and their stock", "Orders", "Returns", "Messages about them"],
    allow: withQuery(back, { ...nonce, code, app_key: TIKTOK_APP.appKey }),
    deny: withQuery(back, { ...nonce, error: "access_denied" }),
  });
}

function tokens(
  moment: TikTokMoment,
  request: Request,
  grant: (moment: TikTokMoment, query: URLSearchParams) => Response,
): Response {
  const { outage } = moment.state.market.faults;
  if (outage) return new HttpResponse("Service Unavailable", { status: 503 });
  const query = new URL(request.url).searchParams;
  const ours =
    query.get("app_key") === TIKTOK_APP.appKey && query.get("app_secret") === TIKTOK_APP.appSecret;
  return ours ? grant(moment, query) : failure(36_004_002, "app_secret is invalid");
}

function trade({ state, now }: TikTokMoment, query: URLSearchParams): Response {
  const code = query.get("auth_code") ?? "";
  const endsAt = state.codes[code] ?? 0;
  delete state.codes[code];
  if (endsAt <= now || query.get("grant_type") !== "authorized_code") {
    return failure(CODE_UNKNOWN, "auth_code is invalid");
  }
  return success(granted(state, now));
}

function refresh({ state, now }: TikTokMoment, query: URLSearchParams): Response {
  const token = query.get("refresh_token") ?? "";
  const { lapsed, revoked } = state.market.faults;
  const use = lapsed ? "expired" : mayRefresh(state, token, now);
  if (use === "expired") return failure(REFRESH_EXPIRED, "rt has expired");
  if (use === "no" || revoked) {
    return failure(NO_AUTHORIZATION, "can not find related auth record");
  }
  state.spent[token] = true;
  return success(granted(state, now));
}

const granted = (state: TikTokMoment["state"], now: number) => ({
  ...newPair(state, now),
  open_id: OPEN_ID,
  seller_name: "Demo seller",
  seller_base_region: "GB",
  user_type: 0,
  granted_scopes: ["seller.order.info", "seller.product.basic", "seller.product.write"],
});
