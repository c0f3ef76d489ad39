import { z } from "zod";
import type { World } from "../connector.ts";
import type { Consent, ConsentAnswer, Consented } from "../consent.ts";
import { call, statusFailure, transportFailure } from "../http.ts";

const SHOP = "[a-zA-Z0-9][a-zA-Z0-9-]*\\.myshopify\\.com";

/** The least that is enough: to match listings, to tell stock, to hear of orders and returns. */
export const SCOPES = [
  "read_products",
  "read_inventory",
  "write_inventory",
  "read_locations",
  "read_orders",
];

const grantedSchema = z.object({ access_token: z.string() });

/**
 * The authorization-code grant, for a shop that is not inside Shopify's admin; there, a session
 * token is exchanged instead.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
 */
export const shopifyConsent: Consent = {
  appKeys: ["clientId", "clientSecret"],
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
};

async function complete({ query, app, answers }: ConsentAnswer, world: World): Promise<Consented> {
  const shop = answers.shop ?? "";
  if (query.shop !== shop || !query.code)
    return { outcome: "declined", why: "Shopify sent no code" };
  const { code } = query;
  return trade(shop, { ...clientOf(app), code, expiring: "1" }, world);
}

const clientOf = (app: Readonly<Record<string, string>>) => ({
  client_id: app.clientId,
  client_secret: app.clientSecret,
});

/**
 * Inside Shopify's admin: the session token of a signed-in merchant is exchanged for an expiring
 * offline token of his shop, without another page.
 */
export function exchangeSessionToken(
  asked: { shop: string; sessionToken: string; app: Readonly<Record<string, string>> },
  world: World,
): Promise<Consented> {
  const body = {
    ...clientOf(asked.app),
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: asked.sessionToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
    expiring: "1",
  };
  return trade(asked.shop, body, world);
}

async function trade(shop: string, asked: object, world: World): Promise<Consented> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(asked);
  try {
    const url = `https://${shop}/admin/oauth/access_token`;
    const response = await call(world, url, { method: "POST", headers, body });
    const granted = grantedSchema.safeParse(await response.json().catch(() => null));
    if (!response.ok || !granted.success) {
      if (response.status < 500) return { outcome: "declined", why: "Shopify refused the code" };
      return statusFailure(response.status, "read", world.now() + 1_000);
    }
    const secrets = { accessToken: granted.data.access_token };
    const account = { account: shop, name: shop, settings: { shop }, secrets, reconnectBy: null };
    return { outcome: "connected", accounts: [account] };
  } catch (error) {
    return transportFailure(error, "read");
  }
}
