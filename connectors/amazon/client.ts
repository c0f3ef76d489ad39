import { SellingPartner } from "amazon-sp-api";
import { z } from "zod";
import type { Account, World } from "../connector.ts";
import {
  type Answered,
  agentFor,
  type CallKind,
  parseAnswer,
  statusFailure,
  transportFailure,
} from "../http.ts";
import type { Rate } from "../pacer.ts";
import { type TokenSource, tokenSource } from "../tokens.ts";
import { AMAZON_LIMITS } from "./limits.ts";
import { grantOf } from "./tokens.ts";

/** One call of an SP-API operation, as the library wants it. */
export interface Operation {
  operation:
    | "listingsItems.patchListingsItem"
    | "listingsItems.getListingsItem"
    | "listingsItems.searchListingsItems"
    | "orders.searchOrders";
  kind: CallKind;
  /** Amazon's 429 does not say when to come again: the operation's own rate does. */
  rate: Rate;
  path?: Record<string, string>;
  query: Record<string, string | number | string[]>;
  body?: unknown;
}

export interface AmazonClient {
  /** Null data = 404: there is no such thing. */
  run<T>(schema: z.ZodType<T>, operation: Operation): Promise<Answered<T | null>>;
  now(): number;
}

export const RATES = AMAZON_LIMITS.calls;

const rawSchema = z.object({ statusCode: z.number(), body: z.string() });

const errorsSchema = z.object({
  errors: z
    .array(z.object({ code: z.string(), message: z.string(), details: z.string().nullish() }))
    .min(1),
});

export function createClient(account: Account, world: World): AmazonClient {
  const tokens = tokenSource(account, world, grantOf(world));
  return {
    now: () => world.now(),
    async run(schema, operation) {
      const first = await attempt(account, world, tokens, operation);
      // A token that expired early is worth exactly one more try with a fresh one.
      const last = first === "expired" ? await attempt(account, world, tokens, operation) : first;
      if (last === "expired") {
        const why = "a fresh token was refused";
        return { outcome: "unauthorized", why, cause: "revoked" };
      }
      if (last.outcome !== "answered") return last;
      return parseAnswer(schema.nullable(), last.data, operation.kind);
    },
  };
}

async function attempt(
  account: Account,
  world: World,
  tokens: TokenSource,
  operation: Operation,
): Promise<Answered<unknown> | "expired"> {
  const token = await tokens.get();
  if (token.outcome !== "token") return token;
  const { kind, rate, ...call } = operation;
  try {
    // The library writes into what it is given: path, method and query must be fresh every time.
    const raw = await partner(account, world, token.accessToken).callAPI({
      ...structuredClone(call),
      options: { raw_result: true },
    });
    const { statusCode, body } = rawSchema.parse(raw);
    if (statusCode === 403 && /access token.*expired/i.test(body)) {
      tokens.spoil(token.accessToken);
      return "expired";
    }
    return answerOf(statusCode, body, kind, world.now() + Math.ceil(1_000 / rate.perSecond));
  } catch (error) {
    return transportFailure(error, kind);
  }
}

/** What one answer may take: the first byte, and all of it. */
const TIMEOUTS = { response: 10_000, deadline: 15_000 };

function partner(account: Account, world: World, accessToken: string): SellingPartner {
  const { clientId = "", clientSecret = "", refreshToken = "" } = account.secrets;
  return new SellingPartner({
    region: regionOf(account),
    refresh_token: refreshToken,
    access_token: accessToken,
    credentials: {
      SELLING_PARTNER_APP_CLIENT_ID: clientId,
      SELLING_PARTNER_APP_CLIENT_SECRET: clientSecret,
    },
    // Left to itself the library calls the oldest version it knows, and falls back to older ones.
    endpoints_versions: { listingsItems: "2021-08-01", orders: "2026-01-01" },
    options: {
      version_fallback: false,
      // It would refresh in parallel, sleep inside the worker, and retry a cut line for ever.
      auto_request_tokens: false,
      auto_request_throttled: false,
      retry_remote_timeout: false,
      timeouts: TIMEOUTS,
      https_proxy_agent: agentFor(world),
    },
  });
}

function regionOf(account: Account): "na" | "eu" | "fe" {
  return z.enum(["na", "eu", "fe"]).parse(account.settings.region);
}

function answerOf(
  status: number,
  body: string,
  kind: CallKind,
  retryAt: number,
): Answered<unknown> {
  if (status >= 200 && status < 300) return { outcome: "answered", data: JSON.parse(body) };
  if (status === 404) return { outcome: "answered", data: null };
  const failure = statusFailure(status, kind, retryAt);
  const why = `HTTP ${status}: ${messageOf(body)}`;
  // Every other 4xx says that the call itself is wrong: it will be wrong again.
  const refused = status >= 400 && status < 500 && failure.outcome === "unavailable";
  return refused ? { outcome: "not-supported", why } : { ...failure, why };
}

function messageOf(body: string): string {
  try {
    const { errors } = errorsSchema.parse(JSON.parse(body));
    return errors
      .map((error) => `${error.code} ${error.message} ${error.details ?? ""}`)
      .join("; ");
  } catch {
    return "no reason given";
  }
}
