import { z } from "zod";
import type { World } from "../connector.ts";
import { call, statusFailure, transportFailure } from "../http.ts";
import type { Grant, Granted } from "../tokens.ts";

const TOKEN_URL = "https://api.amazon.com/auth/o2/token";

const grantedSchema = z.object({ access_token: z.string(), expires_in: z.number() });
const refusedSchema = z.object({ error: z.string() });

/** Access tokens by Login with Amazon: an hour each, bought with the seller's refresh token. */
export function grantOf(world: World): Grant {
  return async ({ refreshToken, clientId, clientSecret }): Promise<Granted> => {
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
        const { access_token: accessToken, expires_in: seconds } = granted.data;
        return { outcome: "granted", accessToken, expiresAt: world.now() + seconds * 1_000 };
      }
      // Refused for good (the seller must authorize again) is a 400 here, unlike everywhere else.
      const refused = refusedSchema.safeParse(answer);
      const final = response.status === 400 || response.status === 401;
      if (final && refused.success) {
        return { outcome: "unauthorized", why: refused.data.error, cause: "revoked" };
      }
      return statusFailure(response.status, "read", world.now() + 1_000);
    } catch (error) {
      return transportFailure(error, "read");
    }
  };
}
