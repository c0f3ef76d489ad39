import { z } from "zod";
import type { World } from "../connector.ts";
import type { Consent, ConsentAnswer, Consented } from "../consent.ts";
import { call, statusFailure, transportFailure } from "../http.ts";

const TOKEN_URL = "https://api.amazon.com/auth/o2/token";

/** Sellers agree anew every year. */
const YEAR_MS = 365 * 24 * 60 * 60_000;

/** Seller Central, the region of its API, and the marketplace, by country. */
const COUNTRIES: Record<string, { host: string; region: string; marketplaceId: string }> = {
  US: { host: "sellercentral.amazon.com", region: "na", marketplaceId: "ATVPDKIKX0DER" },
  CA: { host: "sellercentral.amazon.ca", region: "na", marketplaceId: "A2EUQ1WTGCTBG2" },
  UK: { host: "sellercentral.amazon.co.uk", region: "eu", marketplaceId: "A1F83G8C2ARO7P" },
  DE: { host: "sellercentral.amazon.de", region: "eu", marketplaceId: "A1PA6795UKMFR9" },
  FR: { host: "sellercentral.amazon.fr", region: "eu", marketplaceId: "A13V1IB3VIYZZH" },
  JP: { host: "sellercentral.amazon.co.jp", region: "fe", marketplaceId: "A1VC38T7YXB528" },
};

const backSchema = z.object({ selling_partner_id: z.string(), spapi_oauth_code: z.string() });
const grantedSchema = z.object({ refresh_token: z.string() });
const refusedSchema = z.object({ error: z.string() });

/**
 * Website authorization: the seller agrees in Seller Central, and comes back with a code that lives
 * for minutes. https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
 */
export const amazonConsent: Consent = {
  appKeys: ["applicationId", "clientId", "clientSecret", "awsAccessKeyId", "awsSecretAccessKey"],
  asks: [
    {
      name: "country",
      label: "Where you sell",
      help: "The country of your Seller Central account.",
      pattern: Object.keys(COUNTRIES).join("|"),
      example: "US",
      choices: Object.keys(COUNTRIES).map((code) => ({ value: code, label: code })),
    },
  ],
  page({ app, answers, state, returnUrl }) {
    const { host } = countryOf(answers);
    const url = new URL(`https://${host}/apps/authorize/consent`);
    url.searchParams.set("application_id", app.applicationId ?? "");
    url.searchParams.set("state", state);
    url.searchParams.set("redirect_uri", returnUrl);
    return url.href;
  },
  complete,
};

function countryOf(answers: Readonly<Record<string, string>>) {
  const country = COUNTRIES[answers.country ?? ""];
  if (!country) throw new Error(`no such country: ${answers.country}`);
  return country;
}

async function complete({ query, app, answers }: ConsentAnswer, world: World): Promise<Consented> {
  const back = backSchema.safeParse(query);
  if (!back.success) return { outcome: "declined", why: "Amazon sent no code" };
  const { selling_partner_id: sellerId, spapi_oauth_code: code } = back.data;
  const body = JSON.stringify({
    grant_type: "authorization_code",
    code,
    client_id: app.clientId,
    client_secret: app.clientSecret,
  });
  const headers = { "content-type": "application/json" };
  try {
    const response = await call(world, TOKEN_URL, { method: "POST", headers, body });
    const answer: unknown = await response.json().catch(() => null);
    const granted = grantedSchema.safeParse(answer);
    if (!response.ok || !granted.success) {
      const refused = refusedSchema.safeParse(answer);
      if (refused.success && response.status < 500) {
        return { outcome: "declined", why: `Amazon refused the code: ${refused.data.error}` };
      }
      return statusFailure(response.status, "read", world.now() + 1_000);
    }
    const { region, marketplaceId } = countryOf(answers);
    const account = {
      account: sellerId,
      name: `Amazon ${answers.country}`,
      settings: { sellerId, region, marketplaceIds: marketplaceId },
      secrets: { refreshToken: granted.data.refresh_token },
      reconnectBy: world.now() + YEAR_MS,
    };
    return { outcome: "connected", accounts: [account] };
  } catch (error) {
    return transportFailure(error, "read");
  }
}
