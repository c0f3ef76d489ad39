import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { isShutOut } from "../../sandbox/faults.ts";
import { uuid } from "../../sandbox/random.ts";
import { AMAZON_SANDBOX } from "./account.ts";
import type { AmazonMoment, AmazonState } from "./state.ts";

const TOKEN_LIFE_S = 3_600;

const clientSchema = z.object({
  grant_type: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
});

const paymentSchema = z.discriminatedUnion("grant_type", [
  z.object({ grant_type: z.literal("refresh_token"), refresh_token: z.string() }),
  z.object({ grant_type: z.literal("authorization_code"), code: z.string() }),
  z.object({
    grant_type: z.literal("client_credentials"),
    scope: z.literal("sellingpartnerapi::notifications"),
  }),
]);

type Payment = z.infer<typeof paymentSchema>;

/** Login with Amazon: a code buys a refresh token, and that an access token for an hour. */
export function tokenHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.post("https://api.amazon.com/auth/o2/token", async ({ request }) => {
      const body: unknown = await request.json().catch(() => null);
      const { state, now } = moment();
      if (state.market.faults.outage) return HttpResponse.text("", { status: 503 });
      const client = clientSchema.safeParse(body);
      if (!client.success) return oauthError(400, "invalid_request");
      const { clientId, clientSecret } = AMAZON_SANDBOX.app;
      const { client_id, client_secret } = client.data;
      if (client_id !== clientId || client_secret !== clientSecret) {
        return oauthError(401, "invalid_client");
      }
      const payment = paymentSchema.safeParse(body);
      if (!payment.success) return oauthError(400, "unsupported_grant_type");
      return grant(state, payment.data, now);
    }),
  ];
}

function grant(state: AmazonState, payment: Payment, now: number): Response {
  const access_token = `Atza|${uuid(state.market)}`;
  const token = { access_token, token_type: "bearer", expires_in: TOKEN_LIFE_S };
  if (payment.grant_type === "client_credentials") {
    state.appTokens = withToken(state.appTokens, access_token, now);
    return HttpResponse.json(token);
  }
  const refresh_token = refreshToken(state, payment, now);
  if (refresh_token === null) return oauthError(400, "invalid_grant");
  state.tokens = withToken(state.tokens, access_token, now);
  return HttpResponse.json({ ...token, refresh_token });
}

function withToken(tokens: Record<string, number>, token: string, now: number) {
  const live = Object.entries(tokens).filter(([, expiry]) => expiry > now);
  return { ...Object.fromEntries(live), [token]: now + TOKEN_LIFE_S * 1_000 };
}

/** The refresh token that was sent, or a new one for a code; null = it is not good for anything. */
function refreshToken(
  state: AmazonState,
  payment: Exclude<Payment, { grant_type: "client_credentials" }>,
  now: number,
): string | null {
  if (isShutOut(state.market.faults)) return null;
  if (payment.grant_type === "refresh_token") {
    return state.refreshTokens.includes(payment.refresh_token) ? payment.refresh_token : null;
  }
  const expiry = state.codes[payment.code] ?? 0;
  // Whatever becomes of it, a code is good for one try.
  delete state.codes[payment.code];
  if (expiry <= now) return null;
  const minted = `Atzr|${uuid(state.market)}`;
  state.refreshTokens.push(minted);
  return minted;
}

function oauthError(status: number, error: string) {
  const error_description = "The request could not be authorized.";
  return HttpResponse.json({ error, error_description }, { status });
}
