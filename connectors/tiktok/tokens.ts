import { z } from "zod";
import type { CallFailure, World } from "../connector.ts";
import { call, statusFailure, transportFailure } from "../http.ts";
import type { Grant } from "../tokens.ts";
import { nameCode } from "./codes.ts";
import { readJson, tiktokId } from "./read-json.ts";

const TOKEN_URL = "https://auth.tiktok-shops.com/api/v2/token";

/** What both calls answer. `..._expire_in` are moments in Unix seconds, whatever their name says. */
const grantedSchema = z.object({
  access_token: z.string().min(1),
  access_token_expire_in: z.number(),
  refresh_token: z.string().min(1),
  refresh_token_expire_in: z.number(),
  open_id: tiktokId.nullish(),
  /** 0 = a seller; creators and partners have no stock. */
  user_type: z.number().nullish(),
});

const envelopeSchema = z.object({ code: z.number(), data: z.unknown() });

export type TokenPair = z.infer<typeof grantedSchema>;

/** The refresh token came to its end, or the seller took it back. */
const REFRESH_EXPIRED = 36_004_001;

export type TokenAnswer =
  | { outcome: "granted"; pair: TokenPair }
  | { outcome: "refused"; code: number }
  | CallFailure;

/**
 * Asks for tokens. Our app's secret travels in the address, so that no reason may quote it: not an
 * address, not even the message of an answer.
 */
export async function askForTokens(
  world: World,
  what: "get" | "refresh",
  query: Record<string, string>,
): Promise<TokenAnswer> {
  try {
    const response = await call(world, `${TOKEN_URL}/${what}?${new URLSearchParams(query)}`);
    const retryAt = world.now() + 1_000;
    const envelope = envelopeSchema.safeParse(readAnswer(await response.text()));
    if (!envelope.success) {
      if (!response.ok) return statusFailure(response.status, "read", retryAt);
      return { outcome: "unavailable", why: "tokens: an answer of another shape" };
    }
    const { code, data } = envelope.data;
    if (code !== 0) {
      const named = nameCode(code, "no tokens", "read", retryAt);
      const passes = named.outcome === "throttled" || named.outcome === "unavailable";
      return passes ? named : { outcome: "refused", code };
    }
    const granted = grantedSchema.safeParse(data);
    if (granted.success) return { outcome: "granted", pair: granted.data };
    return { outcome: "unavailable", why: "tokens: an answer of another shape" };
  } catch (error) {
    return transportFailure(error, "read");
  }
}

function readAnswer(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return null;
  }
}

/** Renews: each refresh token works once, and comes back with the next one. */
export function grantOf(world: World): Grant {
  return async ({ appKey = "", appSecret = "", refreshToken = "" }) => {
    const answer = await askForTokens(world, "refresh", {
      app_key: appKey,
      app_secret: appSecret,
      refresh_token: refreshToken,
      grant_type: "refresh_token",
    });
    if (answer.outcome === "refused") {
      const why = `${answer.code}: the refresh token is no longer good`;
      const cause = answer.code === REFRESH_EXPIRED ? "expired" : "revoked";
      return { outcome: "unauthorized", why, cause };
    }
    if (answer.outcome !== "granted") return answer;
    const { access_token, access_token_expire_in, refresh_token, refresh_token_expire_in } =
      answer.pair;
    return {
      outcome: "granted",
      accessToken: access_token,
      expiresAt: access_token_expire_in * 1_000,
      refreshToken: refresh_token,
      refreshExpiresAt: refresh_token_expire_in * 1_000,
    };
  };
}
