import { z } from "zod";
import type { CallFailure, World } from "../connector.ts";
import { call, statusFailure, transportFailure } from "../http.ts";
import type { Grant } from "../tokens.ts";

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

/** Lives of the two tokens of a pair, where an answer leaves them out. */
const ACCESS_LIFE_S = 3_600;
const REFRESH_LIFE_MS = 90 * DAY_MS;

const pairSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
  refresh_token_expires_in: z.number().positive().optional(),
});

const refusedSchema = z.object({
  error: z.string(),
  error_description: z.string().optional(),
});

/** An offline token, and what renews it. A shop's own custom app gets one without an end. */
export interface TokenPair {
  outcome: "granted";
  accessToken: string;
  /** Ms; null = it has no end. */
  expiresAt: number | null;
  refreshToken: string | null;
  refreshExpiresAt: number | null;
}

type NotAnswered =
  /** Shopify says no, and will say no again to the same question. */
  { outcome: "refused"; status: number; error: string } | CallFailure;

export type Asked = TokenPair | NotAnswered;

type AppKeys = Readonly<Record<string, string | undefined>>;
type Question = Readonly<Record<string, string | undefined>>;

/** The question that turns a session token into a token of one kind or the other. */
export function exchangeOf(sessionToken: string, kind: "offline" | "online"): Question {
  return {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: sessionToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    requested_token_type: `urn:shopify:params:oauth:token-type:${kind}-access-token`,
  };
}

/** A code, a session token or a refresh token for a new pair. */
export async function askForTokens(
  world: World,
  shop: string,
  app: AppKeys,
  question: Question,
): Promise<Asked> {
  const asked = await askTokenEndpoint(world, shop, app, question);
  if (asked.outcome !== "answered") return asked;
  const pair = pairSchema.safeParse(asked.answer);
  if (pair.success) return pairOf(pair.data, world.now());
  return statusFailure(200, "read", world.now() + 2 * SECOND_MS);
}

/**
 * One question to a shop's token endpoint.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
 */
export async function askTokenEndpoint(
  world: World,
  shop: string,
  app: AppKeys,
  question: Question,
): Promise<{ outcome: "answered"; answer: unknown } | NotAnswered> {
  const { clientId: client_id, clientSecret: client_secret } = app;
  const body = JSON.stringify({ client_id, client_secret, ...question });
  const headers = { "content-type": "application/json", accept: "application/json" };
  try {
    const url = `https://${shop}/admin/oauth/access_token`;
    const response = await call(world, url, { method: "POST", headers, body });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return { outcome: "answered", answer };
    const { status } = response;
    // Asking the same again is safe: a refresh token works until its successor was used.
    if (status === 429 || status >= 500) {
      return statusFailure(status, "read", world.now() + 2 * SECOND_MS);
    }
    const refused = refusedSchema.safeParse(answer);
    const { error, error_description } = refused.success ? refused.data : { error: `${status}` };
    return { outcome: "refused", status, error: error_description ?? error };
  } catch (error) {
    return transportFailure(error, "read");
  }
}

function pairOf(pair: z.infer<typeof pairSchema>, now: number): TokenPair {
  const refreshToken = pair.refresh_token ?? null;
  // A pair that does not say when it ends would never be renewed: the documented life is assumed.
  const lifeS = pair.expires_in ?? (refreshToken === null ? null : ACCESS_LIFE_S);
  const refreshMs = (pair.refresh_token_expires_in ?? REFRESH_LIFE_MS / SECOND_MS) * SECOND_MS;
  return {
    outcome: "granted",
    accessToken: pair.access_token,
    expiresAt: lifeS === null ? null : now + lifeS * SECOND_MS,
    refreshToken,
    refreshExpiresAt: refreshToken === null ? null : now + refreshMs,
  };
}

/** The secrets that `tokenSource` works with. */
export function tokenSecrets(pair: TokenPair): Record<string, string> {
  return {
    accessToken: pair.accessToken,
    ...(pair.expiresAt === null ? {} : { accessTokenExpiresAt: String(pair.expiresAt) }),
    ...(pair.refreshToken === null ? {} : { refreshToken: pair.refreshToken }),
    ...(pair.refreshExpiresAt === null
      ? {}
      : { refreshTokenExpiresAt: String(pair.refreshExpiresAt) }),
  };
}

/** A new pair for the refresh token. Every renewal rotates both. */
export function grantOf(shop: string, world: World): Grant {
  return async (secrets) => {
    const { refreshToken } = secrets;
    if (refreshToken === undefined) {
      const why = "Shopify refused the access token, and there is nothing to renew it with";
      return { outcome: "unauthorized", why, cause: "revoked" };
    }
    const question = { grant_type: "refresh_token", refresh_token: refreshToken };
    const asked = await askForTokens(world, shop, secrets, question);
    if (asked.outcome === "refused") {
      return { outcome: "unauthorized", ...refusal(asked.status, asked.error, secrets, world) };
    }
    if (asked.outcome !== "granted") return asked;
    return {
      outcome: "granted",
      accessToken: asked.accessToken,
      expiresAt: asked.expiresAt ?? world.now() + ACCESS_LIFE_S * SECOND_MS,
      refreshToken: asked.refreshToken ?? refreshToken,
      refreshExpiresAt: asked.refreshExpiresAt,
    };
  };
}

/**
 * Shopify says the same of a refresh token that is too old and of one that died with the app's
 * removal; the calendar tells them apart.
 */
function refusal(
  status: number,
  error: string,
  secrets: Readonly<Record<string, string>>,
  world: World,
): { why: string; cause: "expired" | "revoked" | "forbidden" } {
  if (/invalid_client|application/i.test(error)) {
    return { why: `Shopify does not know our app's keys: ${error}`, cause: "forbidden" };
  }
  return Number(secrets.refreshTokenExpiresAt ?? Number.POSITIVE_INFINITY) <= world.now()
    ? { why: "nothing was renewed for 90 days: connect again", cause: "expired" }
    : { why: `Shopify took the access back (${status}): ${error}`, cause: "revoked" };
}
