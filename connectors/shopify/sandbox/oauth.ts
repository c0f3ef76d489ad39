import { createHmac } from "node:crypto";
import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { consentPage, withQuery } from "../../sandbox/consent-page.ts";
import { isShutOut } from "../../sandbox/faults.ts";
import { SHOPIFY_SANDBOX } from "./account.ts";
import type { ShopifyMoment } from "./state.ts";
import { endlessToken, isSessionToken, newCode, newPair, refreshed, spendCode } from "./tokens.ts";

const ADMIN = `https://${SHOPIFY_SANDBOX.account}/admin/oauth`;
const { clientId = "", clientSecret = "" } = SHOPIFY_SANDBOX.app;

/** The page on which the merchant agrees, and the endpoint that hands out tokens. */
export function oauthHandlers(moment: () => ShopifyMoment): RequestHandler[] {
  return [
    http.get(`${ADMIN}/authorize`, ({ request }) => authorize(moment(), new URL(request.url))),
    http.post(`${ADMIN}/access_token`, async ({ request }) => {
      const body: unknown = await request.json().catch(() => null);
      return handOut(moment(), body);
    }),
  ];
}

const askedSchema = z.object({
  client_id: z.literal(clientId),
  scope: z.string(),
  redirect_uri: z.url(),
  state: z.string().min(1),
});

function authorize(moment: ShopifyMoment, url: URL): Response {
  const asked = askedSchema.safeParse(Object.fromEntries(url.searchParams));
  if (!asked.success) {
    return HttpResponse.text("Oauth error invalid_request", { status: 400 });
  }
  const { scope, redirect_uri, state } = asked.data;
  const answer = {
    code: newCode(moment),
    host: Buffer.from(`admin.shopify.com/store/${SHOPIFY_SANDBOX.account}`).toString("base64"),
    shop: SHOPIFY_SANDBOX.account,
    state,
    timestamp: String(Math.floor(moment.now / 1_000)),
  };
  return consentPage({
    title: "Shopify",
    account: SHOPIFY_SANDBOX.account,
    scopes: scope.split(","),
    allow: withQuery(redirect_uri, { ...answer, hmac: hmacOf(answer) }),
    deny: withQuery(redirect_uri, { error: "access_denied", state }),
  });
}

/** Over the sorted query without the signature itself, in hex. */
function hmacOf(query: Record<string, string>): string {
  const sorted = new URLSearchParams(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = sorted.toString().replaceAll("+", "%20");
  return createHmac("sha256", clientSecret).update(text).digest("hex");
}

const OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

const app = { client_id: z.string(), client_secret: z.string() };
const questionSchema = z.union([
  z.object({ ...app, grant_type: z.literal("refresh_token"), refresh_token: z.string() }),
  z.object({
    ...app,
    grant_type: z.literal(EXCHANGE),
    subject_token: z.string(),
    subject_token_type: z.literal("urn:ietf:params:oauth:token-type:id_token"),
    requested_token_type: z.literal(OFFLINE),
    expiring: z.string().optional(),
  }),
  z.object({ ...app, code: z.string(), expiring: z.string().optional() }),
]);

function handOut(moment: ShopifyMoment, body: unknown): Response {
  const { faults } = moment.state.market;
  if (faults.outage) return HttpResponse.text("Service Unavailable", { status: 503 });
  const question = questionSchema.safeParse(body);
  if (!question.success) return refusal(400, "invalid_request");
  const asked = question.data;
  if (asked.client_id !== clientId || asked.client_secret !== clientSecret) {
    return refusal(400, "application_cannot_be_found");
  }
  if ("refresh_token" in asked) {
    const pair = isShutOut(faults) ? null : refreshed(moment, asked.refresh_token);
    return pair ? HttpResponse.json(pair) : refusal(401, NOT_ACTIVE);
  }
  if ("code" in asked) {
    if (!spendCode(moment, asked.code)) return refusal(400, "invalid_request");
  } else if (!isSessionToken(moment, asked.subject_token)) {
    return refusal(400, "invalid_subject_token");
  }
  return HttpResponse.json(asked.expiring === "1" ? newPair(moment) : endlessToken(moment));
}

const NOT_ACTIVE = "This request requires an active refresh_token";

const refusal = (status: number, error: string) => HttpResponse.json({ error }, { status });
