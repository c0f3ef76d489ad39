import "@shopify/shopify-api/adapters/node";
import { ApiVersion, Session, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { z } from "zod";
import type { Account, CallFailure, World } from "../connector.ts";
import {
  type Answered,
  type CallKind,
  call,
  parseAnswer,
  statusFailure,
  transportFailure,
} from "../http.ts";

/** Runs one GraphQL document against a shop. The only way this connector talks to Shopify. */
export interface ShopifyClient {
  query<T>(schema: z.ZodType<T>, document: string, variables: object): Promise<Answered<T>>;
  mutate<T>(schema: z.ZodType<T>, document: string, variables: object): Promise<Answered<T>>;
  now(): number;
}

/**
 * The library's fetch is one hook for the whole process, so a shop's base URL is looked up here.
 * Shops that no session was opened for (the embedded app's own calls) go to the real one.
 */
const baseUrls = new Map<string, string>();

setAbstractFetchFunc((input, init) => {
  const url = new URL(input instanceof Request ? input.url : String(input));
  const baseUrl = baseUrls.get(url.host);
  return call(baseUrl ? { baseUrl } : {}, url.href, init).catch((error: unknown) => {
    // The library keeps nothing of an error but its message.
    const failure = transportFailure(error, "write");
    throw new Error(failure.outcome === "unavailable" ? NEVER_SENT : failure.why);
  });
});

const NEVER_SENT = "the request was never sent";

export function createClient(account: Account, world: World): ShopifyClient {
  const { shop = "" } = account.settings;
  if (world.baseUrl) baseUrls.set(shop, world.baseUrl);
  else baseUrls.delete(shop);
  const client = graphqlClient(account, shop);
  const run = async <T>(
    kind: CallKind,
    schema: z.ZodType<T>,
    document: string,
    variables: object,
  ): Promise<Answered<T>> => {
    try {
      // The library's own retries know neither THROTTLED nor the unit of Retry-After.
      const answer = await client.request(document, { variables: { ...variables }, retries: 0 });
      return parseAnswer(schema, answer.data, kind);
    } catch (error) {
      return failureOf(error, kind, world.now());
    }
  };
  return {
    query: (schema, document, variables) => run("read", schema, document, variables),
    mutate: (schema, document, variables) => run("write", schema, document, variables),
    now: () => world.now(),
  };
}

function graphqlClient(account: Account, shop: string) {
  const { accessToken = "", clientSecret = "" } = account.secrets;
  const api = shopifyApi({
    apiKey: account.settings.clientId ?? "not-used-for-admin-calls",
    apiSecretKey: clientSecret,
    apiVersion: ApiVersion.October26,
    hostName: "localhost",
    isEmbeddedApp: false,
    logger: { log: () => {} },
  });
  const session = new Session({ id: account.connection, shop, state: "", isOnline: false });
  session.accessToken = accessToken;
  return new api.clients.Graphql({ session });
}

const graphqlErrorSchema = z.object({
  body: z.object({
    errors: z.object({
      graphQLErrors: z
        .array(
          z.object({
            message: z.string(),
            extensions: z.object({ code: z.string().optional() }).optional(),
          }),
        )
        .min(1),
    }),
    extensions: z.object({ cost: z.unknown() }).optional(),
  }),
});

const httpErrorSchema = z.object({
  response: z.object({ code: z.number(), retryAfter: z.number().optional() }),
});

const costSchema = z.object({
  requestedQueryCost: z.number(),
  throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number() }),
});

/** Names what the library threw: GraphQL errors come with 200, the rest by status or not at all. */
function failureOf(error: unknown, kind: CallKind, now: number): CallFailure {
  const graphql = graphqlErrorSchema.safeParse(error);
  if (graphql.success) {
    const { errors, extensions } = graphql.data.body;
    const [first] = errors.graphQLErrors;
    const why = first?.message ?? "";
    if (first?.extensions?.code === "THROTTLED") {
      return { outcome: "throttled", retryAt: now + refillMs(extensions?.cost), why };
    }
    return graphqlFailure(first?.extensions?.code, why, kind);
  }
  const http = httpErrorSchema.safeParse(error);
  if (http.success) {
    const { code, retryAfter } = http.data.response;
    return statusFailure(code, kind, now + (retryAfter ?? 2) * 1_000);
  }
  const why = error instanceof Error ? error.message : String(error);
  const neverSent = why.includes(NEVER_SENT);
  return kind === "read" || neverSent
    ? { outcome: "unavailable", why }
    : { outcome: "unknown", why };
}

/** https://shopify.dev/docs/api/admin-graphql/latest#status-and-error-codes */
function graphqlFailure(code: string | undefined, why: string, kind: CallKind): CallFailure {
  switch (code) {
    case "ACCESS_DENIED":
    case "SHOP_INACTIVE":
      return {
        outcome: "unauthorized",
        why,
        cause: code === "ACCESS_DENIED" ? "forbidden" : "revoked",
      };
    case undefined:
    case "INTERNAL_SERVER_ERROR":
    case "TIMEOUT":
      return { outcome: kind === "write" ? "unknown" : "unavailable", why };
    default:
      // The document or its variables are wrong, and will be wrong again.
      return { outcome: "not-supported", why };
  }
}

/** The time until the bucket holds what the call costs. */
function refillMs(cost: unknown): number {
  const known = costSchema.safeParse(cost);
  if (!known.success) return 1_000;
  const { requestedQueryCost, throttleStatus } = known.data;
  const missing = Math.max(1, requestedQueryCost - throttleStatus.currentlyAvailable);
  return Math.ceil((missing / throttleStatus.restoreRate) * 1_000);
}
