import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { uuid } from "../../sandbox/random.ts";
import { SCOPES } from "../consent.ts";
import { SHOPIFY_SANDBOX } from "./account.ts";
import type { ShopifyMoment } from "./state.ts";

const ACCESS_LIFE_S = 3_600;
const REFRESH_LIFE_S = 7_776_000;
const CODE_LIFE_MS = 60_000;

const SCOPE = SCOPES.join(",");
const SECRET = SHOPIFY_SANDBOX.app.clientSecret ?? "";

export const newCode = ({ state, now }: ShopifyMoment): string => {
  const code = uuid(state.market).replaceAll("-", "");
  state.tokens.codes[code] = now + CODE_LIFE_MS;
  return code;
};

/** Until when the demo's own pair is good: as long as any demo lasts. */
const DEMO_ENDS = Number(SHOPIFY_SANDBOX.secrets.accessTokenExpiresAt);

/** Whether a call's token opens the shop: the demo's own for long, others for an hour. */
export function isOpen({ state, now }: ShopifyMoment, accessToken: string): boolean {
  const demo = accessToken === SHOPIFY_SANDBOX.secrets.accessToken ? DEMO_ENDS : 0;
  return (state.tokens.access[accessToken] ?? demo) > now;
}

/** A token that was good ends now. */
export function endToken({ state, now }: ShopifyMoment, accessToken: string): void {
  state.tokens.access[accessToken] = now;
}

/** One token without an end, as they all were before 2026-04. */
export function endlessToken({ state }: ShopifyMoment) {
  const access_token = `shpat_${uuid(state.market).replaceAll("-", "")}`;
  state.tokens.access[access_token] = Number.MAX_SAFE_INTEGER;
  return { access_token, scope: SCOPE };
}

/** A token for an hour, and what renews it. */
export function newPair(moment: ShopifyMoment) {
  const { market, tokens } = moment.state;
  const access_token = `shpat_${uuid(market).replaceAll("-", "")}`;
  const refresh_token = `shprt_${uuid(market).replaceAll("-", "")}`;
  const live = Object.entries(tokens.access).filter(([, until]) => until > moment.now);
  const until = moment.now + ACCESS_LIFE_S * 1_000;
  tokens.access = { ...Object.fromEntries(live), [access_token]: until };
  tokens.refresh[refresh_token] = {
    until: moment.now + REFRESH_LIFE_S * 1_000,
    successor: null,
    spent: false,
  };
  const ends = { expires_in: ACCESS_LIFE_S, refresh_token_expires_in: REFRESH_LIFE_S };
  return { access_token, refresh_token, scope: SCOPE, ...ends };
}

/** Spends a code: it is good once. */
export function spendCode({ state, now }: ShopifyMoment, code: string): boolean {
  const until = state.tokens.codes[code] ?? 0;
  delete state.tokens.codes[code];
  return until > now;
}

/**
 * A new pair for a refresh token. One that was traded may be tried again until its successor was
 * used, for whom an answer was lost.
 */
export function refreshed(moment: ShopifyMoment, refreshToken: string) {
  const { refresh } = moment.state.tokens;
  if (refreshToken === SHOPIFY_SANDBOX.secrets.refreshToken) {
    refresh[refreshToken] ??= { until: DEMO_ENDS, successor: null, spent: false };
  }
  const known = refresh[refreshToken];
  if (!known || known.spent || known.until <= moment.now) return null;
  const before = Object.values(refresh).find((one) => one.successor === refreshToken);
  if (before) before.spent = true;
  const pair = newPair(moment);
  known.successor = pair.refresh_token;
  return pair;
}

const claimsSchema = z.object({ aud: z.string(), dest: z.string(), exp: z.number() });

/** App Bridge's session token: a JWT, HS256, signed with the app's secret. */
export function isSessionToken({ now }: ShopifyMoment, token: string): boolean {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const wanted = createHmac("sha256", SECRET).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return false;
  const claims = claimsSchema.safeParse(jsonOf(payload));
  if (!claims.success) return false;
  const { aud, dest, exp } = claims.data;
  const ours = aud === SHOPIFY_SANDBOX.app.clientId;
  return ours && dest === `https://${SHOPIFY_SANDBOX.account}` && exp * 1_000 > now;
}

function jsonOf(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
