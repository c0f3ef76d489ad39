import type { SellingPartner } from "amazon-sp-api";
import { z } from "zod";
import type { Account, CallName, World } from "../connector.ts";
import {
  type Answered,
  type CallKind,
  parseAnswer,
  statusFailure,
  transportFailure,
} from "../http.ts";
import { createPacer } from "../pacer.ts";
import { type Token, type TokenSource, tokenSource } from "../tokens.ts";
import { PLANS, type Plan } from "./limits.ts";
import { partner } from "./partner.ts";
import { grantlessToken, grantOf } from "./tokens.ts";

/** One call of an SP-API operation, as the library wants it. */
export interface Operation {
  /** The library's name of it. */
  operation?: `${string}.${Plan}`;
  /** Or, where the library would insist on keeping the token, what it would make of that name. */
  route?: { method: "GET" | "POST" | "DELETE"; path: string };
  plan: Plan;
  /** What it counts as where calls are paced outside. Absent: it is paced here. */
  as?: CallName;
  kind: CallKind;
  /** Statuses that say no more than that there is no such thing. */
  absent?: readonly number[];
  path?: Record<string, string>;
  query: Record<string, string | number | string[]>;
  body?: unknown;
}

export interface AmazonClient {
  /** Null data: there is no such thing (`Operation.absent`, by itself 404). */
  run<T>(schema: z.ZodType<T>, operation: Operation): Promise<Answered<T | null>>;
  now(): number;
}

/** Everything one call needs of its session. */
interface Line {
  account: Account;
  world: World;
  tokens: TokenSource;
  /** Paces the calls that nobody paces outside. */
  pace: NonNullable<World["pace"]>;
  /** When Amazon last said that a plan is used up. */
  throttledAt: Map<Plan, number>;
}

const rawSchema = z.object({
  statusCode: z.number(),
  body: z.string(),
  headers: z.record(z.string(), z.unknown()).optional(),
});

const errorsSchema = z.object({
  errors: z
    .array(z.object({ code: z.string(), message: z.string(), details: z.string().nullish() }))
    .min(1),
});

export function createClient(account: Account, world: World): AmazonClient {
  const tokens = tokenSource(account, world, grantOf(account, world));
  const pace = world.pace ?? createPacer(world).take;
  const line: Line = { account, world, tokens, pace, throttledAt: new Map() };
  return {
    now: () => world.now(),
    async run(schema, operation) {
      const { plan } = operation;
      const waitMs = operation.as ? 0 : await line.pace(plan, PLANS[plan]);
      if (waitMs > 0) {
        const why = `${plan} is used up`;
        return { outcome: "throttled", retryAt: world.now() + waitMs, why };
      }
      const first = await attempt(line, operation);
      // A token that ended early is worth exactly one more try with a fresh one.
      const last = first === "refused" ? await attempt(line, operation) : first;
      if (last === "refused") {
        const why = "a fresh token was refused";
        return { outcome: "unauthorized", why, cause: "revoked" };
      }
      if (last.outcome !== "answered") return last;
      return parseAnswer(schema.nullable(), last.data, operation.kind);
    },
  };
}

/** What Amazon says of a token, and of nothing else, when it refuses one. */
const TOKEN_TROUBLE = /access token.*(expired|revoked|malformed|invalid)/i;

async function attempt(line: Line, operation: Operation): Promise<Answered<unknown> | "refused"> {
  const { account, world, tokens } = line;
  const grantless = operation.route !== undefined;
  const token = grantless ? await appToken(account, world) : await tokens.get();
  if (token.outcome !== "token") return token;
  try {
    const raw = await partner(account, world, token.accessToken).callAPI(libraryCall(operation));
    const { statusCode, body, headers } = rawSchema.parse(raw);
    if (statusCode === 403 && TOKEN_TROUBLE.test(body)) {
      if (!grantless) tokens.spoil(token.accessToken);
      return "refused";
    }
    tellRate(world, operation, headers);
    if (statusCode === 429) line.throttledAt.set(operation.plan, world.now());
    if (statusCode === 403 && isOverdriven(line, operation, body)) {
      const why = `HTTP 403: ${messageOf(body)}`;
      return { outcome: "throttled", retryAt: world.now() + OVERDRIVEN_MS, why };
    }
    return answerOf({ statusCode, body, headers }, operation, world.now());
  } catch (error) {
    return transportFailure(error, operation.kind);
  }
}

/** Whoever goes on asking after 429s is answered 403, with these words and not those of a right. */
const OVERDRIVEN = /access to requested resource is forbidden/i;
const OVERDRIVEN_MS = 60_000;
const AFTER_A_429_MS = 10 * 60_000;

/** https://github.com/jrl84/amazon-sp-api/issues/46 */
function isOverdriven({ world, throttledAt }: Line, { plan }: Operation, body: string): boolean {
  const at = throttledAt.get(plan);
  return at !== undefined && world.now() - at < AFTER_A_429_MS && OVERDRIVEN.test(body);
}

async function appToken(account: Account, world: World): Promise<Token> {
  const bought = await grantlessToken(account, world);
  if (bought.outcome === "bought") {
    return { outcome: "token", accessToken: bought.accessToken, reconnectBy: null };
  }
  if (bought.outcome !== "refused") return bought;
  return { outcome: "unauthorized", why: bought.error, cause: "forbidden" };
}

/** The library writes into what it is given: path, method and query must be fresh every time. */
function libraryCall({ operation, route, path, query, body }: Operation) {
  const named = route ? { api_path: route.path, method: route.method } : { operation };
  const fresh = structuredClone({
    ...named,
    ...(path ? { path } : {}),
    query,
    ...(body === undefined ? {} : { body }),
  });
  const options = { raw_result: true };
  return { ...fresh, options } as Parameters<SellingPartner["callAPI"]>[0];
}

/** Calls per second that this seller and app may make of it: on successes only, never on a 429. */
function tellRate(world: World, { as }: Operation, headers: Record<string, unknown> = {}): void {
  const perSecond = Number(headers["x-amzn-ratelimit-limit"]);
  if (as && perSecond > 0) world.onRate?.(as, { perSecond });
}

function answerOf(
  { statusCode: status, body, headers = {} }: z.infer<typeof rawSchema>,
  { kind, plan, absent = [404] }: Operation,
  now: number,
): Answered<unknown> {
  if (status >= 200 && status < 300) return { outcome: "answered", data: JSON.parse(body || "{}") };
  if (absent.includes(status)) return { outcome: "answered", data: null };
  // Amazon's 429 does not say when to come again, only what may stand before it: the operation's
  // own rate does.
  const told = Number(headers["retry-after"]) * 1_000;
  const retryMs = told > 0 ? told : Math.ceil(1_000 / PLANS[plan].perSecond);
  const failure = statusFailure(status, kind, now + retryMs);
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
