import { eBayApi, MarketplaceId, SiteId } from "ebay-api";
import { z } from "zod";
import type { Account, CallFailure, World } from "../connector.ts";
import {
  type Answered,
  type CallKind,
  parseAnswer,
  statusFailure,
  transportFailure,
} from "../http.ts";
import { type TokenSource, tokenSource } from "../tokens.ts";
import { appGrantOf, grantOf } from "./tokens.ts";
import { type TradingAnswer, tradingAnswer } from "./trading.ts";
import { Refused, transport } from "./transport.ts";

/** How a REST call is to be understood. */
export interface Reading<T> {
  kind: CallKind;
  schema: z.ZodType<T>;
  /** Errors that mean as much as an answer without content. */
  tolerate?: readonly number[];
  /** Whose token it takes. */
  as?: "merchant" | "app";
}

/** The only way this connector talks to eBay. */
export interface EbayClient {
  /** Null data = 404 (there is no such thing), nothing in it, or a tolerated error. */
  rest<T>(
    reading: Reading<T>,
    use: (api: eBayApi) => Promise<unknown>,
  ): Promise<Answered<T | null>>;
  /** A Trading call: 200 whatever became of it. */
  trading(
    kind: CallKind,
    call: TradingCall,
    fields: TradingFields,
  ): Promise<Answered<TradingAnswer>>;
  now(): number;
}

type TradingFields = NonNullable<Parameters<eBayApi["trading"][TradingCall]>[0]>;

export type TradingCall =
  | "GetItem"
  | "GetSellerList"
  | "GetUserPreferences"
  | "ReviseInventoryStatus"
  | "SetUserPreferences";

/** Left to itself the library makes numbers of texts: SKU 1e5 would come back as 100000. */
const AS_TEXT = { parseOptions: { parseTagValue: false, parseAttributeValue: false } };

type Attempted = Answered<unknown> | "expired";

export function createClient(account: Account, world: World): EbayClient {
  const merchant = tokenSource(account, world, grantOf(world));
  const app = appTokens(account, world);
  /** A token that was refused early is worth exactly one more try with a fresh one. */
  const twice = async (
    tokens: TokenSource,
    attempt: (api: eBayApi) => Promise<Attempted>,
  ): Promise<Answered<unknown>> => {
    for (let tries = 1; ; tries += 1) {
      const token = await tokens.get();
      if (token.outcome !== "token") return token;
      const answer = await attempt(library(account, world, token.accessToken));
      if (answer !== "expired") return answer;
      tokens.spoil(token.accessToken);
      if (tries === 2) return REFUSED_TWICE;
    }
  };
  return {
    now: () => world.now(),
    async rest({ kind, schema, tolerate = [], as = "merchant" }, use) {
      const answer = await twice(as === "app" ? app : merchant, (api) =>
        use(api).then(answered, (error) => namedRefusal(error, kind, tolerate, world)),
      );
      if (answer.outcome !== "answered" || answer.data === null) return answer as Answered<null>;
      return parseAnswer(schema.nullable(), answer.data, kind);
    },
    async trading(kind, call, fields) {
      const answer = await twice(merchant, (api) =>
        tradingAnswer(() => api.trading[call](fields, AS_TEXT), kind, world.now()).catch((error) =>
          namedRefusal(error, kind, [], world),
        ),
      );
      return answer as Answered<TradingAnswer>;
    },
  };
}

const REFUSED_TWICE: CallFailure = {
  outcome: "unauthorized",
  why: "a fresh token was refused",
  cause: "revoked",
};

const answered = (data: unknown): Answered<unknown> => ({
  outcome: "answered",
  data: data ?? null,
});

/** The app's token is no merchant's: it is not kept with a connection, only with its session. */
export function appTokens(account: Account, world: World): TokenSource {
  const { clientId = "", clientSecret = "" } = account.secrets;
  const { renewing: _, ...alone } = world;
  return tokenSource({ ...account, secrets: { clientId, clientSecret } }, alone, appGrantOf(alone));
}

function library(account: Account, world: World, accessToken: string): eBayApi {
  const marketplace = marketplaceOf(account);
  const api = new eBayApi(
    {
      appId: account.secrets.clientId ?? "",
      // Only its own renewals would need the secret, and Trading calls would send it along.
      certId: "",
      sandbox: false,
      // It would renew with the wrong scopes, beside the owner of the tokens.
      autoRefreshToken: false,
      marketplaceId: MarketplaceId[marketplace],
      siteId: SiteId[marketplace],
    },
    transport(world),
  );
  api.OAuth2.setCredentials(accessToken);
  return api;
}

/** Site and marketplace of the account; the American one where the library knows no such site. */
function marketplaceOf({ settings }: Account): keyof typeof SiteId & keyof typeof MarketplaceId {
  const { marketplaceId = "EBAY_US" } = settings;
  const known = marketplaceId in SiteId && marketplaceId in MarketplaceId;
  return known ? (marketplaceId as keyof typeof SiteId & keyof typeof MarketplaceId) : "EBAY_US";
}

const errorsSchema = z.object({
  errors: z.array(z.object({ errorId: z.number(), message: z.string().optional() })).min(1),
});

/** A 429 of eBay's is a day's quota as often as a moment's: it does not say which. */
const THROTTLED_MS = 30_000;

/** A bulk call whose rows were all refused answers 400, with the rows in it all the same. */
const rowsSchema = z.object({ responses: z.array(z.unknown()).min(1) });

function namedRefusal(
  error: unknown,
  kind: CallKind,
  tolerate: readonly number[],
  world: World,
): Attempted {
  if (!(error instanceof Refused)) return transportFailure(error, kind);
  const { status, body, retryAfterS } = error;
  if (status === 401) return "expired";
  const { errors = [] } = errorsSchema.safeParse(body).data ?? {};
  if (status === 404 || errors.some(({ errorId }) => tolerate.includes(errorId))) {
    return answered(null);
  }
  if (status === 400 && rowsSchema.safeParse(body).success) return answered(body);
  const retryMs = retryAfterS === null ? THROTTLED_MS : retryAfterS * 1_000;
  const failure = statusFailure(status, kind, world.now() + retryMs);
  const said = errors.map((one) => `${one.errorId} ${one.message ?? ""}`).join("; ");
  const why = `HTTP ${status}: ${said || "no reason given"}`;
  // Every other 4xx says that the call itself is wrong: it will be wrong again.
  const wrong = status >= 400 && status < 500 && failure.outcome === "unavailable";
  return wrong ? { outcome: "not-supported", why } : { ...failure, why };
}
