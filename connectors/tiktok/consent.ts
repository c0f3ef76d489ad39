import type { World } from "../connector.ts";
import type { Consent, ConsentAnswer, Consented, ConsentedAccount } from "../consent.ts";
import { createClient } from "./client.ts";
import { type AuthorizedShop, authorizedShops } from "./shops.ts";
import { askForTokens, type TokenPair } from "./tokens.ts";

const HOSTS: Record<string, { label: string; host: string }> = {
  row: { label: "Anywhere but the United States", host: "services.tiktokshop.com" },
  us: { label: "United States", host: "services.us.tiktokshop.com" },
};

/** https://partner.tiktokshop.com/docv2/page/authorization-overview-202407 */
export const tiktokConsent: Consent = {
  appKeys: ["serviceId", "appKey", "appSecret"],
  asks: [
    {
      name: "market",
      label: "Where you sell",
      help: "Sellers in the United States have a door of their own.",
      pattern: Object.keys(HOSTS).join("|"),
      example: "row",
      choices: Object.entries(HOSTS).map(([value, { label }]) => ({ value, label })),
    },
  ],
  page({ app, answers, state, returnUrl }) {
    const { host } = HOSTS[answers.market ?? ""] ?? {};
    if (!host) throw new Error(`no such market: ${answers.market}`);
    const url = new URL(`https://${host}/open/authorize`);
    url.searchParams.set("service_id", app.serviceId ?? "");
    url.searchParams.set("state", state);
    // TikTok sends him to the address that the Partner Center has of our app, which is this one;
    // the sandbox has no Partner Center.
    url.searchParams.set("redirect_uri", returnUrl);
    return url.href;
  },
  complete,
};

async function complete({ query, app }: ConsentAnswer, world: World): Promise<Consented> {
  if (!query.code) return { outcome: "declined", why: "TikTok Shop sent no code" };
  const { appKey = "", appSecret = "" } = app;
  const answer = await askForTokens(world, "get", {
    app_key: appKey,
    app_secret: appSecret,
    auth_code: query.code,
    grant_type: "authorized_code",
  });
  if (answer.outcome === "refused") {
    return { outcome: "declined", why: `TikTok Shop refused the code: ${answer.code}` };
  }
  if (answer.outcome !== "granted") return answer;
  const { pair } = answer;
  if (pair.user_type) return { outcome: "declined", why: "this is no seller's account" };
  const secrets = secretsOf(pair);
  const client = createClient(
    { connection: "", settings: {}, secrets: { ...secrets, appKey, appSecret } },
    world,
  );
  const shops = await authorizedShops(client);
  return shops.outcome === "shops" ? connected(shops.shops, pair, secrets) : shops;
}

/** One consent may cover several shops: each is an account, and all live on the same tokens. */
function connected(
  shops: AuthorizedShop[],
  pair: TokenPair,
  secrets: Record<string, string>,
): Consented {
  if (shops.length === 0) return { outcome: "declined", why: "the consent covers no shop" };
  const accounts = shops.map(
    ({ id, cipher, name, region }): ConsentedAccount => ({
      account: id,
      name: `${name} (${region})`,
      settings: { shopId: id, cipher, region, grant: pair.open_id ?? "" },
      secrets,
      reconnectBy: pair.refresh_token_expire_in * 1_000,
    }),
  );
  return { outcome: "connected", accounts };
}

function secretsOf(pair: TokenPair): Record<string, string> {
  return {
    accessToken: pair.access_token,
    accessTokenExpiresAt: String(pair.access_token_expire_in * 1_000),
    refreshToken: pair.refresh_token,
    refreshTokenExpiresAt: String(pair.refresh_token_expire_in * 1_000),
  };
}
