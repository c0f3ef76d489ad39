import { HttpResponse, http, type RequestHandler } from "msw";
import { consentPage, withQuery } from "../../sandbox/consent-page.ts";
import { isShutOut } from "../../sandbox/faults.ts";
import { uuid } from "../../sandbox/random.ts";
import { ACCEPT_PATH, EBAY_SANDBOX } from "./account.ts";
import { guarded } from "./guard.ts";
import type { EbayMoment } from "./state.ts";

const TOKEN_LIFE_S = 7_200;
const REFRESH_LIFE_S = 47_304_000;
const CODE_LIFE_MS = 299_000;

const BASE_SCOPE = "https://api.ebay.com/oauth/api_scope";

/** Consent, the token endpoint of all grants, and who the merchant is. */
export function tokenHandlers(moment: () => EbayMoment): RequestHandler[] {
  return [
    http.get("https://auth.ebay.com/oauth2/authorize", ({ request }) =>
      authorize(moment(), new URL(request.url)),
    ),
    http.post("https://api.ebay.com/identity/v1/oauth2/token", async ({ request }) => {
      const form = new URLSearchParams(await request.text());
      return grant(moment(), request.headers.get("authorization") ?? "", form);
    }),
    http.get("https://apiz.ebay.com/commerce/identity/v1/user/", ({ request }) =>
      guarded(moment(), "identity", request, () => {
        const { userId, username, marketplaceId } = EBAY_SANDBOX.settings;
        const registrationMarketplaceId = marketplaceId;
        return HttpResponse.json({ userId, username, registrationMarketplaceId });
      }),
    ),
  ];
}

/** A RuName stands for an address; one that is an address itself is taken at its word. */
function authorize({ state, now, doorUrl }: EbayMoment, { searchParams }: URL): Response {
  const { app } = EBAY_SANDBOX;
  const ruName = searchParams.get("redirect_uri") ?? "";
  const accept = URL.canParse(ruName) ? ruName : `${doorUrl ?? "http://localhost"}${ACCEPT_PATH}`;
  const known = searchParams.get("client_id") === app.clientId;
  if (!known || (!URL.canParse(ruName) && ruName !== app.ruName)) {
    return new HttpResponse("The OAuth client was not found.", { status: 400 });
  }
  const code = `v^1.1#i^1#${uuid(state.market)}`;
  state.codes[code] = now + CODE_LIFE_MS;
  const back = searchParams.get("state") ?? "";
  return consentPage({
    title: "eBay",
    account: EBAY_SANDBOX.settings.username ?? "",
    scopes: (searchParams.get("scope") ?? "").split(" "),
    allow: withQuery(accept, { state: back, code, expires_in: "299" }),
    deny: withQuery(accept, { state: back, error: "access_denied" }),
  });
}

function grant(moment: EbayMoment, authorization: string, form: URLSearchParams): Response {
  const { state } = moment;
  const { clientId, clientSecret } = EBAY_SANDBOX.app;
  if (state.market.faults.outage) return new HttpResponse("", { status: 503 });
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  if (authorization !== `Basic ${basic}`) return oauthError(401, "invalid_client");
  // Without a word about scopes a token opens next to nothing.
  const scopes = (form.get("scope") ?? BASE_SCOPE).split(" ");
  switch (form.get("grant_type")) {
    case "client_credentials":
      return handOut(moment, [BASE_SCOPE], true);
    case "refresh_token":
      if (!isOurs(form.get("refresh_token")) || isShutOut(state.market.faults)) {
        return oauthError(400, "invalid_grant");
      }
      return handOut(moment, scopes, false);
    case "authorization_code":
      return tradeCode(moment, form.get("code") ?? "", form.get("redirect_uri") ?? "");
    default:
      return oauthError(400, "unsupported_grant_type");
  }
}

const isOurs = (token: string | null) => token === EBAY_SANDBOX.secrets.refreshToken;

const USER_SCOPES = [
  "",
  "/sell.inventory",
  "/sell.fulfillment",
  "/commerce.notification.subscription",
  "/commerce.identity.readonly",
].map((path) => BASE_SCOPE + path);

/** A code works once. */
function tradeCode(moment: EbayMoment, code: string, ruName: string): Response {
  const { state, now } = moment;
  const ends = state.codes[code] ?? 0;
  delete state.codes[code];
  if (ends <= now || (!URL.canParse(ruName) && ruName !== EBAY_SANDBOX.app.ruName)) {
    return oauthError(400, "invalid_grant");
  }
  return handOut(moment, USER_SCOPES, false, {
    refresh_token: EBAY_SANDBOX.secrets.refreshToken ?? "",
    refresh_token_expires_in: REFRESH_LIFE_S,
  });
}

function handOut(
  { state, now }: EbayMoment,
  scopes: string[],
  app: boolean,
  more: Record<string, unknown> = {},
): Response {
  const access_token = `v^1.1#i^1#${app ? "p^1" : "p^3"}#${uuid(state.market)}`;
  const live = Object.entries(state.tokens).filter(([, { expires }]) => expires > now);
  const expires = now + TOKEN_LIFE_S * 1_000;
  state.tokens = { ...Object.fromEntries(live), [access_token]: { expires, scopes, app } };
  const token_type = app ? "Application Access Token" : "User Access Token";
  return HttpResponse.json({ access_token, expires_in: TOKEN_LIFE_S, token_type, ...more });
}

function oauthError(status: number, error: string) {
  const error_description = "the provided authorization grant is invalid";
  return HttpResponse.json({ error, error_description }, { status });
}
