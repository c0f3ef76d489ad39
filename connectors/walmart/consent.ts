import { createHash } from "node:crypto";
import { z } from "zod";
import type { World } from "../connector.ts";
import type { Consent, ConsentAnswer, Consented } from "../consent.ts";
import { askForToken } from "./tokens.ts";

const AUTHORIZE_URL = "https://login.account.wal-mart.com/authorize";

/** Sellers agree anew every year: refresh tokens live 365 days and are never replaced. */
const YEAR_MS = 365 * 24 * 60 * 60_000;

const backSchema = z.object({ code: z.string().min(1), sellerId: z.string().min(1) });

/**
 * OAuth 2.0 in Walmart's spelling; what the app may do is declared with Walmart, not asked for here.
 * https://developer.walmart.com/us-marketplace/docs/oauth-20-authorization
 */
export const walmartConsent: Consent = {
  appKeys: ["clientId", "clientSecret", "channelType"],
  optionalKeys: ["previousClientSecret"],
  asks: [
    {
      name: "shipNode",
      label: "Fulfillment center",
      help: "Its id in Seller Center, where you ship from more than one. Otherwise leave it empty.",
      pattern: "[A-Za-z0-9_-]{0,40}",
      example: "721407632",
    },
  ],
  page({ app, state, returnUrl }) {
    const url = new URL(AUTHORIZE_URL);
    url.searchParams.set("responseType", "code");
    url.searchParams.set("clientId", app.clientId ?? "");
    url.searchParams.set("redirectUri", returnUrl);
    url.searchParams.set("clientType", "seller");
    // A nonce is as fresh as the state it is made from, and tells nobody what that is.
    url.searchParams.set("nonce", createHash("sha256").update(state).digest("hex").slice(0, 16));
    url.searchParams.set("state", state);
    return url.href;
  },
  complete,
};

async function complete(answer: ConsentAnswer, world: World): Promise<Consented> {
  const { query, app, answers, returnUrl } = answer;
  const back = backSchema.safeParse(query);
  if (!back.success) return { outcome: "declined", why: "Walmart sent no code" };
  if (query.clientId !== undefined && query.clientId !== app.clientId) {
    return { outcome: "declined", why: "the code is for another app" };
  }
  const { code, sellerId } = back.data;
  const form = { grant_type: "authorization_code", code, redirect_uri: returnUrl };
  const { clientId, clientSecret } = app;
  const granted = await askForToken({ clientId, clientSecret, sellerId, form }, world);
  if (granted.outcome === "refused") {
    return { outcome: "declined", why: `Walmart refused the code: ${granted.why}` };
  }
  if (granted.outcome !== "granted") return granted;
  const { accessToken, expiresAt, refreshToken } = granted;
  if (refreshToken === null) {
    return { outcome: "declined", why: "Walmart gave access for 15 minutes only" };
  }
  const reconnectBy = world.now() + YEAR_MS;
  const account = {
    account: sellerId,
    name: `Walmart ${sellerId}`,
    settings: { sellerId, ...(answers.shipNode ? { shipNode: answers.shipNode } : {}) },
    secrets: {
      refreshToken,
      refreshTokenExpiresAt: String(reconnectBy),
      accessToken,
      accessTokenExpiresAt: String(expiresAt),
    },
    reconnectBy,
  };
  return { outcome: "connected", accounts: [account] };
}
