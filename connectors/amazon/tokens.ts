import { z } from "zod";
import type { Account, CallFailure, World } from "../connector.ts";
import { call, statusFailure, transportFailure } from "../http.ts";
import type { Grant } from "../tokens.ts";

const TOKEN_URL = "https://api.amazon.com/auth/o2/token";

const grantedSchema = z.object({
  access_token: z.string(),
  expires_in: z.number(),
  /** A client's own token, for what no seller has to grant, comes without one. */
  refresh_token: z.string().optional(),
});
const refusedSchema = z.object({ error: z.string() });

/** What Login with Amazon answers, whatever the token is bought with. */
export type Bought =
  | { outcome: "bought"; accessToken: string; expiresAt: number; refreshToken?: string }
  | { outcome: "refused"; error: string }
  | CallFailure;

/** What a token is paid with: a code, a refresh token, or nothing but our own name. */
export type Payment =
  | { grant_type: "authorization_code"; code: string }
  | { grant_type: "refresh_token"; refresh_token: string }
  | { grant_type: "client_credentials"; scope: string };

/** Our own app, as Login with Amazon knows it. */
export type AppKeys = Readonly<Record<string, string | undefined>>;

/** Buys an access token. A refusal is a 400 or 401 here, in a shape of its own. */
export async function buyToken(world: World, app: AppKeys, payment: Payment): Promise<Bought> {
  const { clientId, clientSecret } = app;
  const body = JSON.stringify({ ...payment, client_id: clientId, client_secret: clientSecret });
  const headers = { "content-type": "application/json" };
  try {
    const response = await call(world, TOKEN_URL, { method: "POST", headers, body });
    const answer: unknown = await response.json().catch(() => null);
    const granted = grantedSchema.safeParse(answer);
    if (response.ok && granted.success) {
      const { access_token: accessToken, expires_in: seconds, refresh_token } = granted.data;
      const expiresAt = world.now() + seconds * 1_000;
      const refreshToken = refresh_token === undefined ? {} : { refreshToken: refresh_token };
      return { outcome: "bought", accessToken, expiresAt, ...refreshToken };
    }
    const refused = refusedSchema.safeParse(answer);
    const final = response.status === 400 || response.status === 401;
    if (final && refused.success) return { outcome: "refused", error: refused.data.error };
    return statusFailure(response.status, "read", world.now() + 1_000);
  } catch (error) {
    return transportFailure(error, "read");
  }
}

/** Access tokens by Login with Amazon: an hour each, bought with the seller's refresh token. */
export function grantOf(account: Account, world: World): Grant {
  return async (secrets) => {
    const bought = await buyToken(world, secrets, {
      grant_type: "refresh_token",
      refresh_token: secrets.refreshToken ?? "",
    });
    if (bought.outcome === "refused") return refusalOf(bought.error, account, world);
    if (bought.outcome !== "bought") return bought;
    // The refresh token stays the same: it lives until the seller's consent ends.
    return {
      outcome: "granted",
      accessToken: bought.accessToken,
      expiresAt: bought.expiresAt,
    };
  };
}

/** When the seller's consent ends, in ms; null when nobody noted it. */
export function consentEnds(account: Account): number | null {
  return Number(account.settings.authorizedUntil ?? 0) || null;
}

/**
 * Why no token is to be had. Only `invalid_grant` is about the seller: he took his consent back,
 * or its year is over. Everything else is about our own app, e.g. a secret that was not rotated
 * within its 180 days, and connecting again would not help.
 */
function refusalOf(error: string, account: Account, world: World): CallFailure {
  const why = error;
  if (error !== "invalid_grant") return { outcome: "unauthorized", why, cause: "forbidden" };
  const ends = consentEnds(account);
  const over = ends !== null && world.now() >= ends;
  return { outcome: "unauthorized", why, cause: over ? "expired" : "revoked" };
}

/** For operations that no seller has to grant: https://developer-docs.amazon.com/sp-api/docs/grantless-operations */
const GRANTLESS_SCOPE = "sellingpartnerapi::notifications";

/** A token of the app itself, not of a seller. It is used so rarely that it is not kept. */
export async function grantlessToken(account: Account, world: World): Promise<Bought> {
  return buyToken(world, account.secrets, {
    grant_type: "client_credentials",
    scope: GRANTLESS_SCOPE,
  });
}
