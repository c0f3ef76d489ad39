import { z } from "zod";
import type { CallFailure, World } from "../connector.ts";
import { type Answered, call, statusFailure, transportFailure } from "../http.ts";
import type { Grant, Granted } from "../tokens.ts";
import { APP_SCOPE, SCOPES } from "./scopes.ts";

const TOKEN_URL = "https://api.ebay.com/identity/v1/oauth2/token";

const grantedSchema = z.object({
  access_token: z.string(),
  expires_in: z.number(),
  refresh_token: z.string().optional(),
  refresh_token_expires_in: z.number().optional(),
});

const refusedSchema = z.object({ error: z.string(), error_description: z.string().optional() });

export type EbayToken = z.infer<typeof grantedSchema>;

export type Keys = Readonly<Record<string, string | undefined>>;

/** eBay said no to what was asked for, and will again; null = it said yes, or nothing. */
export type AskedToken = Answered<EbayToken> | { outcome: "refused"; error: string };

/** The one endpoint of all grants: a form, signed in with the app's own id and secret. */
export async function askToken(
  world: World,
  { clientId = "", clientSecret = "" }: Keys,
  form: Record<string, string>,
): Promise<AskedToken> {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const headers = {
    authorization: `Basic ${basic}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  try {
    const body = new URLSearchParams(form).toString();
    const response = await call(world, TOKEN_URL, { method: "POST", headers, body });
    const answer: unknown = await response.json().catch(() => null);
    const granted = grantedSchema.safeParse(answer);
    if (response.ok && granted.success) return { outcome: "answered", data: granted.data };
    const refused = refusedSchema.safeParse(answer);
    const final = response.status === 400 || response.status === 401;
    if (final && refused.success) return { outcome: "refused", error: refused.data.error };
    return statusFailure(response.status, "read", world.now() + 1_000);
  } catch (error) {
    return transportFailure(error, "read");
  }
}

/**
 * A user's access token: two hours, bought with the refresh token of about 18 months, which stays
 * the same. Expired and revoked are one error at eBay; our own note of its end tells them apart.
 */
export function grantOf(world: World): Grant {
  return async (secrets): Promise<Granted> => {
    const asked = await askToken(world, secrets, {
      grant_type: "refresh_token",
      refresh_token: secrets.refreshToken ?? "",
      scope: SCOPES.join(" "),
    });
    if (asked.outcome === "answered") return grantedOf(asked.data, world);
    return asked.outcome === "refused" ? lost(asked.error, secrets, world) : asked;
  };
}

function lost(error: string, secrets: Keys, world: World): CallFailure {
  const end = Number(secrets.refreshTokenExpiresAt ?? Number.POSITIVE_INFINITY);
  const cause = end <= world.now() ? "expired" : "revoked";
  return { outcome: "unauthorized", why: error, cause };
}

const grantedOf = (token: EbayToken, world: World): Granted => ({
  outcome: "granted",
  accessToken: token.access_token,
  expiresAt: world.now() + token.expires_in * 1_000,
});

/** The app's own token: no merchant's, so it is asked for by the app's keys alone. */
export function appGrantOf(world: World): Grant {
  return async (secrets): Promise<Granted> => {
    const form = { grant_type: "client_credentials", scope: APP_SCOPE };
    const asked = await askToken(world, secrets, form);
    if (asked.outcome === "answered") return grantedOf(asked.data, world);
    if (asked.outcome !== "refused") return asked;
    return { outcome: "unauthorized", why: asked.error, cause: "forbidden" };
  };
}
