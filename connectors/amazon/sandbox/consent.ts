import { HttpResponse, http, type RequestHandler } from "msw";
import { consentPage, withQuery } from "../../sandbox/consent-page.ts";
import { uuid } from "../../sandbox/random.ts";
import { SELLER_CENTRAL } from "../countries.ts";
import { AMAZON_SANDBOX } from "./account.ts";
import type { AmazonMoment } from "./state.ts";

/** A code lives for minutes: nobody has written how many. */
const CODE_LIFE_MS = 5 * 60_000;

/**
 * Seller Central: the page on which the seller agrees, reached from us (website authorization) or,
 * with Amazon's own state, after Amazon's Appstore had sent him to us.
 */
export function consentHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [...SELLER_CENTRAL].flatMap((host) => [
    http.get(`https://${host}/apps/authorize/consent`, ({ request }) => {
      const query = new URL(request.url).searchParams;
      const known = query.get("application_id") === AMAZON_SANDBOX.app.applicationId;
      return known ? page(moment(), query) : refusal("MD1000: this application is not known.");
    }),
    http.get(`https://${host}/apps/authorize/confirm/:application`, ({ request, params }) => {
      const query = new URL(request.url).searchParams;
      const known = params.application === AMAZON_SANDBOX.app.applicationId;
      const begun = known && query.get("amazon_state");
      return begun ? page(moment(), query) : refusal("MD1000: nothing was begun here.");
    }),
  ]);
}

function page({ state, now }: AmazonMoment, query: URLSearchParams): Response {
  const back = query.get("redirect_uri") ?? "";
  const ours = query.get("state");
  if (!ours || !URL.canParse(back)) return refusal("MD5101: state and redirect_uri are needed.");
  const code = uuid(state.market).replaceAll("-", "");
  const live = Object.entries(state.codes).filter(([, expiry]) => expiry > now);
  state.codes = { ...Object.fromEntries(live), [code]: now + CODE_LIFE_MS };
  return consentPage({
    title: "Amazon",
    account: AMAZON_SANDBOX.account,
    scopes: ["Product Listing", "Inventory and Order Tracking", "Amazon Fulfillment"],
    allow: withQuery(back, {
      state: ours,
      selling_partner_id: AMAZON_SANDBOX.account,
      spapi_oauth_code: code,
    }),
    deny: withQuery(back, { state: ours, error: "access_denied" }),
  });
}

const refusal = (why: string) => HttpResponse.text(why, { status: 400 });
