import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { CallFailure, World } from "../connector.ts";
import { call, statusFailure, transportFailure } from "../http.ts";
import type { Grant } from "../tokens.ts";
import { reasonsOf } from "./errors.ts";

const TOKEN_URL = "https://marketplace.walmartapis.com/v3/token";

export const SERVICE_NAME = "Walmart Marketplace";

const grantedSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().nullish(),
  expires_in: z.coerce.number(),
});

export type TokenAnswer =
  | { outcome: "granted"; accessToken: string; expiresAt: number; refreshToken: string | null }
  /** Walmart will not: not now, and not later. */
  | { outcome: "refused"; why: string }
  | CallFailure;

export interface TokenRequest {
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  sellerId: string;
  form: Record<string, string>;
}

/**
 * One call to the token API: access tokens live for 15 minutes.
 * https://developer.walmart.com/us-marketplace/docs/get-an-access-token
 */
export async function askForToken(
  { clientId = "", clientSecret = "", sellerId, form }: TokenRequest,
  world: World,
): Promise<TokenAnswer> {
  const keys = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const headers = {
    authorization: `Basic ${keys}`,
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
    "wm_svc.name": SERVICE_NAME,
    "wm_qos.correlation_id": randomUUID(),
    "wm_partner.id": sellerId,
  };
  const body = new URLSearchParams(form).toString();
  try {
    const response = await call(world, TOKEN_URL, { method: "POST", headers, body });
    const answer: unknown = await response.json().catch(() => null);
    const granted = grantedSchema.safeParse(answer);
    if (response.ok && granted.success) {
      const { access_token: accessToken, refresh_token: refreshToken, expires_in } = granted.data;
      const expiresAt = world.now() + expires_in * 1_000;
      return { outcome: "granted", accessToken, expiresAt, refreshToken: refreshToken ?? null };
    }
    if (response.status === 400 || response.status === 401) {
      return { outcome: "refused", why: refusalOf(answer) };
    }
    return statusFailure(response.status, "read", world.now() + 1_000);
  } catch (error) {
    return transportFailure(error, "read");
  }
}

/** OAuth's own shape, or that of every other API of theirs. */
function refusalOf(answer: unknown): string {
  const oauth = z.object({ error: z.string() }).safeParse(answer);
  return oauth.success ? oauth.data.error : reasonsOf(answer);
}

/**
 * The refresh token lives for a year and is never replaced: after its end the merchant agrees
 * anew. Refused before that, he took our access back.
 */
export function grantOf(world: World, sellerId: string): Grant {
  return async ({ refreshToken = "", refreshTokenExpiresAt, clientId, clientSecret }) => {
    const form = { grant_type: "refresh_token", refresh_token: refreshToken };
    const answer = await askForToken({ clientId, clientSecret, sellerId, form }, world);
    if (answer.outcome === "granted") {
      const { accessToken, expiresAt } = answer;
      return { outcome: "granted", accessToken, expiresAt };
    }
    if (answer.outcome !== "refused") return answer;
    const ended = Number(refreshTokenExpiresAt ?? Number.POSITIVE_INFINITY) <= world.now();
    return { outcome: "unauthorized", why: answer.why, cause: ended ? "expired" : "revoked" };
  };
}
