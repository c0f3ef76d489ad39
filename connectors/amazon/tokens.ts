import { z } from "zod";
import type { Account, CallFailure, World } from "../connector.ts";
import { call, statusFailure, transportFailure } from "../http.ts";

const TOKEN_URL = "https://api.amazon.com/auth/o2/token";

/** A token that is about to expire would expire on the way. */
const SAFETY_MS = 60_000;

const grantedSchema = z.object({ access_token: z.string(), expires_in: z.number() });
const refusedSchema = z.object({ error: z.string() });

export type Token = { outcome: "token"; accessToken: string } | CallFailure;

export interface TokenSource {
  /** A token that works for now; calls at the same time share one refresh. */
  get(): Promise<Token>;
  /** Amazon refused this token: the next `get` asks for another. */
  spoil(accessToken: string): void;
}

/** Access tokens by Login with Amazon: an hour each, bought with the seller's refresh token. */
export function tokenSource(account: Account, world: World): TokenSource {
  const { accessToken, accessTokenExpiresAt } = account.secrets;
  let kept = accessToken ? { accessToken, expiresAt: Number(accessTokenExpiresAt ?? 0) } : null;
  let refreshing: Promise<Token> | null = null;

  async function refresh(): Promise<Token> {
    const granted = await grant(account, world);
    if (granted.outcome !== "granted") return granted;
    const expiresAt = world.now() + granted.expiresInS * 1_000;
    kept = { accessToken: granted.accessToken, expiresAt };
    await world.onToken?.(kept);
    return { outcome: "token", accessToken: kept.accessToken };
  }

  return {
    async get() {
      if (kept && kept.expiresAt - SAFETY_MS > world.now()) {
        return { outcome: "token", accessToken: kept.accessToken };
      }
      refreshing ??= refresh().finally(() => {
        refreshing = null;
      });
      return refreshing;
    },
    spoil(refused) {
      if (kept?.accessToken === refused) kept = null;
    },
  };
}

type Granted = { outcome: "granted"; accessToken: string; expiresInS: number } | CallFailure;

async function grant(account: Account, world: World): Promise<Granted> {
  const { refreshToken, clientId, clientSecret } = account.secrets;
  const body = JSON.stringify({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: clientId,
    client_secret: clientSecret,
  });
  const headers = { "content-type": "application/json" };
  try {
    const response = await call(world, TOKEN_URL, { method: "POST", headers, body });
    const answer: unknown = await response.json().catch(() => null);
    const granted = grantedSchema.safeParse(answer);
    if (response.ok && granted.success) {
      const { access_token: accessToken, expires_in: expiresInS } = granted.data;
      return { outcome: "granted", accessToken, expiresInS };
    }
    // Refused for good (the seller must authorize again) is a 400 here, unlike everywhere else.
    const refused = refusedSchema.safeParse(answer);
    const final = response.status === 400 || response.status === 401;
    if (final && refused.success) return { outcome: "unauthorized", why: refused.data.error };
    return statusFailure(response.status, "read", world.now() + 1_000);
  } catch (error) {
    return transportFailure(error, "read");
  }
}
