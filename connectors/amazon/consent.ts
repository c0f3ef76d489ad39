import { z } from "zod";
import type { World } from "../connector.ts";
import type { Consent, ConsentAnswer, Consented, ConsentRequest } from "../consent.ts";
import { createClient } from "./client.ts";
import { COUNTRIES, type Country, isShopOf, SELLER_CENTRAL } from "./countries.ts";
import { participations } from "./health.ts";
import { buyToken } from "./tokens.ts";

/** Sellers agree anew every year. */
const YEAR_MS = 365 * 24 * 60 * 60_000;

const backSchema = z.object({ selling_partner_id: z.string(), spapi_oauth_code: z.string() });

/**
 * Website authorization: the seller agrees in Seller Central, and comes back with a code that lives
 * for minutes. https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
 */
export const amazonConsent: Consent = {
  appKeys: [
    "applicationId",
    "clientId",
    "clientSecret",
    "awsAccessKeyId",
    "awsSecretAccessKey",
    "queueUrl",
  ],
  /** A day, 2026-05-31: Amazon ends the client secret 180 days after it was made, and all calls. */
  optionalKeys: ["clientSecretEnds"],
  careOf({ clientSecretEnds }) {
    if (clientSecretEnds === undefined) return {};
    const at = Date.parse(clientSecretEnds);
    return Number.isNaN(at) ? { wanted: "clientSecretEnds" } : { secretEnds: at };
  },
  asks: [
    {
      name: "country",
      label: "Where you sell",
      help: "The country of your Seller Central account. Its neighbours come with it.",
      pattern: [...COUNTRIES.keys()].join("|"),
      example: "US",
      choices: [...COUNTRIES].map(([value, { name }]) => ({ value, label: name })),
    },
  ],
  page(request) {
    const { app, answers, state, returnUrl } = request;
    const url = callbackOf(answers) ?? consentUrl(answers, app.applicationId ?? "");
    url.searchParams.set("state", state);
    url.searchParams.set("redirect_uri", returnUrl);
    return url.href;
  },
  complete,
};

function consentUrl(answers: ConsentRequest["answers"], applicationId: string): URL {
  const url = new URL(`https://${countryOf(answers).host}/apps/authorize/consent`);
  url.searchParams.set("application_id", applicationId);
  return url;
}

/**
 * A seller who started in Amazon's Appstore is sent to us with the address that goes on with it:
 * https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow.
 * Only Seller Central itself is believed to be such an address.
 */
function callbackOf({ amazon_callback_uri, amazon_state }: ConsentRequest["answers"]): URL | null {
  if (!amazon_callback_uri || !amazon_state || !URL.canParse(amazon_callback_uri)) return null;
  const url = new URL(amazon_callback_uri);
  if (url.protocol !== "https:" || !SELLER_CENTRAL.has(url.host)) return null;
  url.searchParams.set("amazon_state", amazon_state);
  return url;
}

function countryOf(answers: ConsentRequest["answers"]): Country {
  const country = COUNTRIES.get(answers.country ?? "");
  if (!country) throw new Error(`no such country: ${answers.country}`);
  return country;
}

async function complete({ query, app, answers }: ConsentAnswer, world: World): Promise<Consented> {
  const back = backSchema.safeParse(query);
  if (!back.success) {
    const said = query.error_description ?? query.error;
    return { outcome: "declined", why: said ? `Amazon says: ${said}` : "Amazon sent no code" };
  }
  const { selling_partner_id: sellerId, spapi_oauth_code: code } = back.data;
  const bought = await buyToken(world, app, { grant_type: "authorization_code", code });
  if (bought.outcome === "refused") return refused(bought.error);
  if (bought.outcome !== "bought") return bought;
  if (!bought.refreshToken) return { outcome: "declined", why: "Amazon granted no lasting access" };
  const { region, marketplaceId, name } = countryOf(answers);
  const authorizedUntil = world.now() + YEAR_MS;
  const settings = { sellerId, region, marketplaceIds: marketplaceId };
  const secrets = {
    refreshToken: bought.refreshToken,
    accessToken: bought.accessToken,
    accessTokenExpiresAt: String(bought.expiresAt),
  };
  const shops = await shopsOf({ settings, secrets: { ...app, ...secrets } }, world);
  const account = {
    account: sellerId,
    name: `Amazon ${name}`,
    settings: { ...settings, marketplaceIds: shops, authorizedUntil: String(authorizedUntil) },
    secrets,
    reconnectBy: authorizedUntil,
  };
  return { outcome: "connected", accounts: [account] };
}

/** A code is spent, or too old, or not ours; anything else is about our own app. */
function refused(error: string): Consented {
  if (error === "invalid_grant") {
    return { outcome: "declined", why: "Amazon's code was used before or is too old: start again" };
  }
  const why = `Amazon does not accept this app: ${error}`;
  return { outcome: "unauthorized", why, cause: "forbidden" };
}

/**
 * Every shop of the region that the seller takes part in, the one he named first: a SKU has one
 * quantity in all of them, so that an order in any of them takes from it. Where Amazon does not
 * say, the one he named.
 */
async function shopsOf(
  account: { settings: Record<string, string>; secrets: Record<string, string> },
  world: World,
): Promise<string> {
  const home = account.settings.marketplaceIds ?? "";
  const region = z.enum(["na", "eu", "fe"]).parse(account.settings.region);
  // There is no connection yet whose tokens could be kept.
  const client = createClient({ connection: "", ...account }, { ...world, renewing: undefined });
  const answer = await participations(client);
  if (answer.outcome !== "answered") return home;
  const others = answer.data
    .filter(({ participation }) => participation.isParticipating)
    .map(({ marketplace }) => marketplace.id)
    .filter((id) => id !== home && isShopOf(region, id));
  return [home, ...others].join(",");
}
