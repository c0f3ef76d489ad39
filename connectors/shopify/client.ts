import "@shopify/shopify-api/adapters/node";
import { ApiVersion, Session, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { z } from "zod";
import type { Account, CallFailure, CallName, World } from "../connector.ts";
import {
  type Answered,
  type CallKind,
  call,
  parseAnswer,
  statusFailure,
  transportFailure,
  unreadable,
} from "../http.ts";
import { type Token, type TokenSource, tokenSource } from "../tokens.ts";
import { costOf, refillMs, tellRate } from "./cost.ts";
import { grantOf } from "./grants.ts";

/** Runs one GraphQL document against a shop. The only way this connector talks to Shopify. */
export interface ShopifyClient {
  query<T>(schema: z.ZodType<T>, document: string, variables: object): Promise<Answered<T>>;
  /** With `counted`, what the answer says of the limits is told as that kind of call's. */
  mutate<T>(
    schema: z.ZodType<T>,
    document: string,
    variables: object,
    counted?: CallName,
  ): Promise<Answered<T>>;
  /** A part of a file that Shopify made for us: its address is its key. */
  download(url: string, from: number, bytes: number): Promise<Answered<Buffer>>;
  now(): number;
  /** The token of the moment, and when the merchant has to agree again at the latest. */
  token(): Promise<Token>;
}

type Way = Pick<World, "baseUrl" | "timeoutMs">;

/**
 * The library's fetch is one hook for the whole process, so the way to a shop is looked up here.
 * Shops that no session was opened for (the embedded app's own calls) go to the real one.
 */
const ways = new Map<string, Way>();

const fetchOfShop: Parameters<typeof setAbstractFetchFunc>[0] = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : String(input));
  return call(ways.get(url.host) ?? {}, url.href, init).catch((error: unknown) => {
    // The library keeps nothing of an error but its message.
    const failure = transportFailure(error, "write");
    throw new Error(failure.outcome === "unavailable" ? NEVER_SENT : failure.why);
  });
};

const NEVER_SENT = "the request was never sent";

export function createClient(account: Account, world: World): ShopifyClient {
  const { shop = "" } = account.settings;
  const { baseUrl, timeoutMs } = world;
  ways.set(shop, { ...(baseUrl ? { baseUrl } : {}), ...(timeoutMs ? { timeoutMs } : {}) });
  const tokens = tokenSource(account, world, grantOf(shop, world));
  const attempt = attempts(account, world, tokens);
  const run = async <T>(
    kind: CallKind,
    schema: z.ZodType<T>,
    ask: Ask,
    counted?: CallName,
  ): Promise<Answered<T>> => {
    const first = await attempt(kind, ask, counted);
    // A token that ended early is worth exactly one more try with a fresh one.
    const last = first === "refused" ? await attempt(kind, ask, counted) : first;
    if (last === "refused") {
      const why = "Shopify refused a fresh token: the app was removed from the shop";
      return { outcome: "unauthorized", why, cause: "revoked" };
    }
    return last.outcome === "answered" ? parseAnswer(schema, last.data, kind) : last;
  };
  return {
    query: (schema, document, variables) => run("read", schema, { document, variables }),
    mutate: (schema, document, variables, counted) =>
      run("write", schema, { document, variables }, counted),
    download: (url, from, bytes) => download(world, url, from, bytes),
    now: () => world.now(),
    token: () => tokens.get(),
  };
}

interface Ask {
  document: string;
  variables: object;
}

/** One try, with the token of the moment; "refused" = Shopify does not know that token. */
function attempts(account: Account, world: World, tokens: TokenSource) {
  const graphql = graphqlClients(account);
  return async (
    kind: CallKind,
    { document, variables }: Ask,
    counted?: CallName,
  ): Promise<Answered<unknown> | "refused"> => {
    const token = await tokens.get();
    if (token.outcome !== "token") return token;
    try {
      const client = graphql(token.accessToken);
      // The library's own retries know neither THROTTLED nor the unit of Retry-After.
      const answer = await client.request(document, { variables: { ...variables }, retries: 0 });
      if (counted) tellRate(world, counted, answer.extensions?.cost);
      return { outcome: "answered", data: answer.data };
    } catch (error) {
      if (httpErrorSchema.safeParse(error).data?.response.code === 401) {
        tokens.spoil(token.accessToken);
        return "refused";
      }
      if (counted) tellRate(world, counted, costOf(error));
      return failureOf(error, kind, world.now());
    }
  };
}

/** The library insists on the app's keys, which a call with an access token does without. */
const NOT_USED = "not used for admin calls";

function graphqlClients(account: Account) {
  const { shop = "" } = account.settings;
  const api = shopifyApi({
    apiKey: account.secrets.clientId ?? NOT_USED,
    apiSecretKey: account.secrets.clientSecret ?? NOT_USED,
    apiVersion: ApiVersion.October26,
    hostName: "localhost",
    isEmbeddedApp: false,
    logger: { log: () => {} },
  });
  return (accessToken: string) => {
    const session = new Session({ id: account.connection, shop, state: "", isOnline: false });
    session.accessToken = accessToken;
    // A client keeps the fetch that is set when it is made. The pages' build loads the library's
    // adapter later than we do, and that sets its own.
    setAbstractFetchFunc(fetchOfShop);
    return new api.clients.Graphql({ session });
  };
}

async function download(
  world: World,
  url: string,
  from: number,
  bytes: number,
): Promise<Answered<Buffer>> {
  try {
    const headers = { range: `bytes=${from}-${from + bytes - 1}` };
    const response = await call(world, url, { headers });
    const body = Buffer.from(await response.arrayBuffer());
    if (response.status === 206) return { outcome: "answered", data: body };
    // A server may not care for ranges and send all of it.
    if (response.ok) return { outcome: "answered", data: body.subarray(from, from + bytes) };
    return { outcome: "unavailable", why: `the file was not handed out: HTTP ${response.status}` };
  } catch (error) {
    return transportFailure(error, "read");
  }
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
    // A success without data: half of an answer, or somebody else's.
    if (code < 400) return unreadable("an answer without data", kind);
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
