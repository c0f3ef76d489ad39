import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { uuid } from "../../sandbox/random.ts";
import { AMAZON_SANDBOX } from "./account.ts";
import type { AmazonMoment } from "./state.ts";

const TOKEN_LIFE_S = 3_600;

const grantSchema = z.object({
  grant_type: z.string(),
  refresh_token: z.string().optional(),
  client_id: z.string(),
  client_secret: z.string(),
});

/** Login with Amazon: a refresh token buys an access token for an hour. */
export function tokenHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.post("https://api.amazon.com/auth/o2/token", async ({ request }) => {
      const { state, now } = moment();
      if (state.market.faults.outage) return HttpResponse.text("", { status: 503 });
      const grant = grantSchema.safeParse(await request.json().catch(() => null));
      const { secrets } = AMAZON_SANDBOX;
      if (!grant.success) return oauthError(400, "invalid_request");
      if (grant.data.client_secret !== secrets.clientSecret)
        return oauthError(401, "invalid_client");
      if (grant.data.refresh_token !== secrets.refreshToken || state.market.faults.revoked) {
        return oauthError(400, "invalid_grant");
      }
      const access_token = `Atza|${uuid(state.market)}`;
      const live = Object.entries(state.tokens).filter(([, expiry]) => expiry > now);
      state.tokens = { ...Object.fromEntries(live), [access_token]: now + TOKEN_LIFE_S * 1_000 };
      const { refresh_token } = grant.data;
      const expires_in = TOKEN_LIFE_S;
      return HttpResponse.json({ access_token, token_type: "bearer", expires_in, refresh_token });
    }),
  ];
}

function oauthError(status: number, error: string) {
  const error_description = "The request could not be authorized.";
  return HttpResponse.json({ error, error_description }, { status });
}
