import { execute, GraphQLError, parse, validate } from "graphql";
import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { refill } from "../../pacer.ts";
import { deliver } from "../../sandbox/deliver.ts";
import { callFault, isShutOut, throttledBy } from "../../sandbox/faults.ts";
import { spendRate } from "../../sandbox/market.ts";
import { SHOPIFY_SANDBOX } from "./account.ts";
import { bulkFileHandlers, makeFiles } from "./bulk-file.ts";
import { MAX_COST, POINTS, requestedCost } from "./cost.ts";
import { oauthHandlers } from "./oauth.ts";
import { rootOf } from "./resolvers.ts";
import { ADMIN_SCHEMA } from "./schema.ts";
import type { ShopifyMoment } from "./state.ts";
import { storefrontHandlers } from "./storefront.ts";
import { endToken, isOpen } from "./tokens.ts";

const bodySchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/** Shopify's Admin API over `moment`: the state and the time of each call. */
export function shopifyHandlers(moment: () => ShopifyMoment): RequestHandler[] {
  return [
    ...oauthHandlers(moment),
    ...bulkFileHandlers(moment),
    ...storefrontHandlers(moment),
    http.post(
      `https://${SHOPIFY_SANDBOX.account}/admin/api/:version/graphql.json`,
      async ({ request, params }) => {
        const now = moment();
        const refused = refusal(now, request, String(params.version));
        if (refused) return refused;
        const { query, variables } = bodySchema.parse(await request.json());
        return deliver(now, await answerDocument(now, query, variables ?? {}));
      },
    ),
  ];
}

function refusal(moment: ShopifyMoment, request: Request, version: string): Response | null {
  const { market } = moment.state;
  const fault = callFault(market.faults);
  if (fault === "outage") return HttpResponse.text("Service Unavailable", { status: 503 });
  if (fault === "fail") return HttpResponse.text("Internal Server Error", { status: 500 });
  const token = request.headers.get("x-shopify-access-token") ?? "";
  if (fault === "expire") endToken(moment, token);
  if (!isOpen(moment, token) || isShutOut(market.faults)) {
    const errors = "[API] Invalid API key or access token (unrecognized login or wrong password)";
    return HttpResponse.json({ errors }, { status: 401 });
  }
  if (version !== "2026-10") return HttpResponse.json({ errors: "Not Found" }, { status: 404 });
  const busy = throttledBy(fault);
  if (busy) return HttpResponse.json({ errors: "Too many requests" }, busy);
  if (fault === "throttle") market.buckets.points = { tokens: 0, at: moment.now };
  return null;
}

async function answerDocument(
  moment: ShopifyMoment,
  query: string,
  variables: Record<string, unknown>,
) {
  const document = parse(query);
  const invalid = validate(ADMIN_SCHEMA, document);
  if (invalid.length > 0) return HttpResponse.json({ errors: invalid.map((one) => one.toJSON()) });
  const cost = requestedCost(document, variables);
  if (cost > MAX_COST) {
    const message = `Query cost is ${cost}, which exceeds the single query max cost limit.`;
    return failed(message, "MAX_COST_EXCEEDED", moment, cost);
  }
  if (spendRate(moment.state.market, "points", POINTS, moment.now, cost) !== null) {
    return failed("Throttled", "THROTTLED", moment, cost);
  }
  await makeFiles(moment);
  const rootValue = rootOf(moment);
  const { data, errors } = await execute({
    schema: ADMIN_SCHEMA,
    document,
    rootValue,
    variableValues: variables,
  });
  return HttpResponse.json({
    ...(data === undefined ? {} : { data }),
    ...(errors ? { errors: errors.map((one) => one.toJSON()) } : {}),
    extensions: { cost: costOf(moment, cost, cost) },
  });
}

function failed(message: string, code: string, moment: ShopifyMoment, cost: number) {
  const error = new GraphQLError(message, { extensions: { code } });
  return HttpResponse.json({
    errors: [error.toJSON()],
    extensions: { cost: costOf(moment, cost, null) },
  });
}

function costOf(moment: ShopifyMoment, requested: number, actual: number | null) {
  const bucket = moment.state.market.buckets.points ?? { tokens: POINTS.burst, at: moment.now };
  return {
    requestedQueryCost: requested,
    actualQueryCost: actual,
    throttleStatus: {
      maximumAvailable: POINTS.burst,
      currentlyAvailable: Math.floor(refill(bucket, POINTS, moment.now).tokens),
      restoreRate: POINTS.perSecond,
    },
  };
}
