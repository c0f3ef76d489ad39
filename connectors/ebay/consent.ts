import { z } from "zod";
import type { World } from "../connector.ts";
import type { Consent, ConsentAnswer, Consented, ConsentedAccount } from "../consent.ts";
import { type Answered, call, parseAnswer, statusFailure, transportFailure } from "../http.ts";
import { SCOPES } from "./scopes.ts";
import { askToken, type EbayToken } from "./tokens.ts";

const USER_URL = "https://apiz.ebay.com/commerce/identity/v1/user/";

/** What is known of refresh tokens whose end eBay did not say: about 18 months. */
const REFRESH_LIFE_S = 47_304_000;

const userSchema = z.object({
  userId: z.string(),
  username: z.string(),
  registrationMarketplaceId: z.string().optional(),
});

/**
 * The authorization-code grant. eBay's redirect_uri is no address but an "RuName": the name under
 * which the app's return address is kept in its developer portal. The address of the request has
 * to be registered there. https://developer.ebay.com/api-docs/static/oauth-authorization-code-grant.html
 */
export const ebayConsent: Consent = {
  appKeys: ["clientId", "clientSecret", "ruName", "verificationToken"],
  /** The mailbox that eBay complains to. Without one it sends no notifications at all. */
  optionalKeys: ["alertEmail"],
  careOf: ({ alertEmail }) => (alertEmail === undefined ? { wanted: "alertEmail" } : {}),
  asks: [],
  page({ app, state }) {
    const url = new URL("https://auth.ebay.com/oauth2/authorize");
    url.searchParams.set("client_id", app.clientId ?? "");
    url.searchParams.set("redirect_uri", app.ruName ?? "");
    url.searchParams.set("response_type", "code");
    url.searchParams.set("scope", SCOPES.join(" "));
    url.searchParams.set("state", state);
    return url.href;
  },
  complete,
};

async function complete({ query, app }: ConsentAnswer, world: World): Promise<Consented> {
  if (!query.code) return { outcome: "declined", why: query.error ?? "eBay sent no code" };
  const token = await askToken(world, app, {
    grant_type: "authorization_code",
    code: query.code,
    redirect_uri: app.ruName ?? "",
  });
  if (token.outcome === "refused") {
    return { outcome: "declined", why: `eBay refused the code: ${token.error}` };
  }
  if (token.outcome !== "answered") return token;
  if (!token.data.refresh_token) return { outcome: "declined", why: "eBay gave no lasting access" };
  const user = await readUser(world, token.data.access_token);
  if (user.outcome !== "answered") return user;
  return { outcome: "connected", accounts: [accountOf(user.data, token.data, world.now())] };
}

function accountOf(
  user: z.infer<typeof userSchema>,
  token: EbayToken,
  now: number,
): ConsentedAccount {
  const reconnectBy = now + (token.refresh_token_expires_in ?? REFRESH_LIFE_S) * 1_000;
  return {
    // The user id stays when the merchant renames himself.
    account: user.userId,
    name: user.username,
    settings: {
      userId: user.userId,
      username: user.username,
      marketplaceId: user.registrationMarketplaceId ?? "EBAY_US",
    },
    secrets: {
      refreshToken: token.refresh_token ?? "",
      refreshTokenExpiresAt: String(reconnectBy),
      accessToken: token.access_token,
      accessTokenExpiresAt: String(now + token.expires_in * 1_000),
    },
    reconnectBy,
  };
}

async function readUser(
  world: World,
  accessToken: string,
): Promise<Answered<z.infer<typeof userSchema>>> {
  const headers = { authorization: `Bearer ${accessToken}` };
  try {
    const response = await call(world, USER_URL, { headers });
    if (!response.ok) return statusFailure(response.status, "read", world.now() + 1_000);
    return parseAnswer(userSchema, await response.json().catch(() => null), "read");
  } catch (error) {
    return transportFailure(error, "read");
  }
}
