import { createHmac, timingSafeEqual } from "node:crypto";
import type { World } from "../connector.ts";
import type { Consent, ConsentAnswer, Consented, SessionExchange } from "../consent.ts";
import { createClient } from "./client.ts";
import { type Asked, askForTokens, exchangeOf, type TokenPair, tokenSecrets } from "./grants.ts";
import { readShop } from "./locations.ts";

const SHOP = "[a-zA-Z0-9][a-zA-Z0-9-]*\\.myshopify\\.com";
const WHOLE_SHOP = new RegExp(`^${SHOP}$`);

/**
 * The least that is enough: to match listings, to tell stock, to hear of orders and returns. In
 * shopify.app.toml too.
 */
export const SCOPES = [
  "read_products",
  "read_inventory",
  "write_inventory",
  "read_locations",
  "read_orders",
  "read_returns",
];

/**
 * The authorization-code grant, for a shop that is not inside Shopify's admin; there, a session
 * token is exchanged instead (`exchangeSessionToken`).
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
 */
export const shopifyConsent: Consent = {
  appKeys: ["clientId", "clientSecret"],
  optionalKeys: ["previousClientSecret"],
  asks: [
    {
      name: "shop",
      label: "Your shop's domain",
      help: "The address that ends in myshopify.com.",
      pattern: SHOP,
      example: "your-shop.myshopify.com",
    },
  ],
  page({ app, answers, state, returnUrl }) {
    const url = new URL(`https://${answers.shop}/admin/oauth/authorize`);
    url.searchParams.set("client_id", app.clientId ?? "");
    url.searchParams.set("scope", SCOPES.join(","));
    url.searchParams.set("redirect_uri", returnUrl);
    url.searchParams.set("state", state);
    return url.href;
  },
  complete,
  exchange: exchangeSessionToken,
};

async function complete({ query, app, answers }: ConsentAnswer, world: World): Promise<Consented> {
  const { shop = "", code } = query;
  if (query.error) return declined("The access was not allowed");
  if (!isShop(shop) || shop.toLowerCase() !== answers.shop?.toLowerCase()) {
    return declined("Shopify answered for another shop");
  }
  if (!signedBy(app.clientSecret ?? "", query)) return declined("Shopify did not sign the answer");
  if (!code) return declined("Shopify sent no code");
  const asked = await askForTokens(world, shop, app, { code, expiring: "1" });
  const refused = (error: string) => `Shopify refused the code: ${error}`;
  return connected(shop, app, asked, world, refused);
}

/** Inside Shopify's admin nobody is sent anywhere: the session token is traded for an account. */
export async function exchangeSessionToken(
  { shop, sessionToken, app }: SessionExchange,
  world: World,
): Promise<Consented> {
  if (!isShop(shop)) return declined("that is not a shop's domain");
  const asked = await askForTokens(world, shop, app, {
    ...exchangeOf(sessionToken, "offline"),
    expiring: "1",
  });
  return connected(shop, app, asked, world, (error) =>
    error.includes("invalid_subject_token")
      ? "the session token is too old: ask App Bridge for another and try again"
      : `Shopify refused the session token: ${error}`,
  );
}

async function connected(
  shop: string,
  app: Readonly<Record<string, string>>,
  asked: Asked,
  world: World,
  whyRefused: (error: string) => string,
): Promise<Consented> {
  if (asked.outcome === "refused") return declined(whyRefused(asked.error));
  if (asked.outcome !== "granted") return asked;
  const facts = await factsOf(shop, app, asked, world);
  if (facts.outcome !== "answered") return facts;
  if (facts.data === null) {
    return declined("The shop has no active location that ships online orders: add one first");
  }
  const secrets = tokenSecrets(asked);
  const account = { account: shop, name: shop, ...facts.data, secrets };
  return {
    outcome: "connected",
    accounts: [{ ...account, reconnectBy: asked.refreshExpiresAt }],
  };
}

async function factsOf(
  shop: string,
  app: Readonly<Record<string, string>>,
  pair: TokenPair,
  world: World,
) {
  const secrets = { ...app, ...tokenSecrets(pair) };
  // Not yet anybody's connection: it keeps its tokens to itself.
  const alone = { now: () => world.now(), ...(world.baseUrl ? { baseUrl: world.baseUrl } : {}) };
  const client = createClient({ connection: shop, settings: { shop }, secrets }, alone);
  const read = await readShop(client);
  if (read.outcome !== "answered" || read.data === null) return read;
  const { settings, regional } = read.data;
  return { ...read, data: { settings: { shop, ...settings }, regional } };
}

const isShop = (shop: string) => WHOLE_SHOP.test(shop);

const declined = (why: string): Consented => ({ outcome: "declined", why });

/** Hex HMAC-SHA256 of everything but `hmac`, sorted, and written as a query without a "+". */
function signedBy(secret: string, query: Readonly<Record<string, string>>): boolean {
  const { hmac = "", ...signed } = query;
  const sorted = Object.entries(signed).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = new URLSearchParams(sorted).toString().replaceAll("+", "%20");
  const right = createHmac("sha256", secret).update(text).digest();
  const given = Buffer.from(hmac, "hex");
  return secret !== "" && given.length === right.length && timingSafeEqual(given, right);
}
