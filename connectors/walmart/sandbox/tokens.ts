import { HttpResponse, http, type RequestHandler } from "msw";
import { consentPage, withQuery } from "../../sandbox/consent-page.ts";
import { isShutOut } from "../../sandbox/faults.ts";
import { uuid } from "../../sandbox/random.ts";
import { WALMART_SANDBOX } from "./account.ts";
import { guarded } from "./guard.ts";
import type { WalmartMoment } from "./state.ts";

const TOKEN_LIFE_S = 900;
const CODE_LIFE_MS = 5 * 60_000;
const REFRESH_LIFE_MS = 365 * 24 * 60 * 60_000;

const SCOPES = {
  inventory: "full_access",
  item: "view_only",
  orders: "view_only",
  returns: "view_only",
  feeds: "full_access",
  notifications: "full_access",
};

/** Consent in the seller's account, and the tokens it buys: 15 minutes, for a year. */
export function tokenHandlers(moment: () => WalmartMoment): RequestHandler[] {
  return [
    http.get("https://login.account.wal-mart.com/authorize", ({ request }) =>
      authorize(moment(), new URL(request.url).searchParams),
    ),
    http.post("https://marketplace.walmartapis.com/v3/token", async ({ request }) => {
      const now = moment();
      if (now.state.market.faults.outage) return HttpResponse.text("", { status: 503 });
      if (!hasAppKeys(request)) return oauthError(401, "invalid_client");
      if (!request.headers.get("wm_svc.name") || !request.headers.get("wm_qos.correlation_id")) {
        return oauthError(400, "invalid_request");
      }
      return grant(now, new URLSearchParams(await request.text()), request.headers);
    }),
    http.get("https://marketplace.walmartapis.com/v3/token/detail", ({ request }) => {
      const now = moment();
      return guarded(now, "tokenDetail", request, () => detail(now, request));
    }),
  ];
}

function authorize({ state, now }: WalmartMoment, query: URLSearchParams): Response {
  const returnUrl = query.get("redirectUri") ?? "";
  const { clientId = "" } = WALMART_SANDBOX.app;
  const wrong =
    query.get("responseType") !== "code" ||
    query.get("clientId") !== clientId ||
    query.get("clientType") !== "seller" ||
    !query.get("nonce") ||
    !URL.canParse(returnUrl);
  if (wrong) return HttpResponse.text("invalid_request", { status: 400 });
  const code = uuid(state.market).replaceAll("-", "").toUpperCase();
  state.codes[code] = { returnUrl, until: now + CODE_LIFE_MS };
  const back = { state: query.get("state") ?? "", clientId, type: "auth" };
  return consentPage({
    title: "Walmart",
    account: WALMART_SANDBOX.account,
    scopes: Object.entries(SCOPES).map(([name, access]) => `${name}: ${access}`),
    allow: withQuery(returnUrl, { ...back, code, sellerId: WALMART_SANDBOX.account }),
    deny: withQuery(returnUrl, { ...back, error: "access_denied" }),
  });
}

function hasAppKeys(request: Request): boolean {
  const { clientId, clientSecret } = WALMART_SANDBOX.app;
  const keys = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  return request.headers.get("authorization") === `Basic ${keys}`;
}

function grant(moment: WalmartMoment, form: URLSearchParams, headers: Headers): Response {
  const { state, now } = moment;
  const { faults } = state.market;
  if (headers.get("wm_partner.id") !== WALMART_SANDBOX.account || isShutOut(faults)) {
    return oauthError(400, "invalid_grant");
  }
  switch (form.get("grant_type")) {
    case "authorization_code": {
      const given = form.get("code") ?? "";
      const code = state.codes[given];
      // A code is good once, for minutes, and for the address it was sent to.
      delete state.codes[given];
      const good = code && code.until > now && code.returnUrl === form.get("redirect_uri");
      if (!good) return oauthError(400, "invalid_grant");
      const refresh_token = uuid(state.market);
      state.refreshTokens[refresh_token] = now + REFRESH_LIFE_MS;
      return granted(moment, { refresh_token });
    }
    case "refresh_token": {
      const token = form.get("refresh_token") ?? "";
      const demo = token === WALMART_SANDBOX.secrets.refreshToken;
      const good = demo || (state.refreshTokens[token] ?? 0) > now;
      return good ? granted(moment, {}) : oauthError(400, "invalid_grant");
    }
    default:
      return oauthError(400, "unsupported_grant_type");
  }
}

function granted({ state, now }: WalmartMoment, more: Record<string, string>): Response {
  const access_token = `eyJraWQiOi.${uuid(state.market)}`;
  const live = Object.entries(state.tokens).filter(([, expiry]) => expiry > now);
  state.tokens = { ...Object.fromEntries(live), [access_token]: now + TOKEN_LIFE_S * 1_000 };
  const expires_in = TOKEN_LIFE_S;
  return HttpResponse.json({ access_token, token_type: "Bearer", expires_in, ...more });
}

function detail({ state }: WalmartMoment, request: Request): Response {
  const expiry = state.tokens[request.headers.get("wm_sec.access_token") ?? ""] ?? 0;
  return HttpResponse.json({
    expire_at: String(expiry),
    issued_at: String(expiry - TOKEN_LIFE_S * 1_000),
    is_valid: true,
    scopes: SCOPES,
  });
}

const oauthError = (status: number, error: string) => HttpResponse.json({ error }, { status });
