import { randomUUID } from "node:crypto";
import type { z } from "zod";
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
import { type TokenSource, tokenSource } from "../tokens.ts";
import { reasonsOf } from "./errors.ts";
import { WALMART_LIMITS } from "./limits.ts";
import { retryAtOf, toldRate } from "./rate.ts";
import { grantOf, SERVICE_NAME } from "./tokens.ts";

const HOST = "https://marketplace.walmartapis.com";

/** One call of the Marketplace API. */
export interface Ask {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** From "/v3/" on, with its query, encoded. */
  path: string;
  kind: CallKind;
  /** Which of our limits it counts against; null = one that nobody paces. */
  name: CallName | null;
  /** Sent as JSON. */
  json?: unknown;
  form?: FormData;
}

/** The call itself is wrong, or asks for what is not there: it would be refused again. */
export interface Refused {
  outcome: "refused";
  status: number;
  why: string;
}

export interface WalmartClient {
  run<T>(schema: z.ZodType<T>, ask: Ask): Promise<Answered<T> | Refused>;
  now(): number;
}

export function createClient(account: Account, world: World): WalmartClient {
  const sellerId = account.settings.sellerId ?? "";
  const tokens = tokenSource(account, world, grantOf(world, sellerId));
  return {
    now: () => world.now(),
    async run(schema, ask) {
      const first = await attempt(account, world, tokens, ask);
      // A token may end before its 15 minutes: worth exactly one more try with a fresh one.
      const last = first === "expired" ? await attempt(account, world, tokens, ask) : first;
      if (last === "expired") {
        const why = "a fresh token was refused";
        return { outcome: "unauthorized", why, cause: "revoked" };
      }
      return last.outcome === "answered" ? parseAnswer(schema, last.data, ask.kind) : last;
    },
  };
}

/** For a call that nothing but a defect of ours can get refused. */
export function asFailure(refused: Refused): CallFailure {
  return { outcome: "not-supported", why: refused.why };
}

async function attempt(
  account: Account,
  world: World,
  tokens: TokenSource,
  ask: Ask,
): Promise<Answered<unknown> | Refused | "expired"> {
  const token = await tokens.get();
  if (token.outcome !== "token") return token;
  try {
    const response = await call(world, HOST + ask.path, requestOf(account, token.accessToken, ask));
    const told = toldRate(response.headers);
    if (told && ask.name) world.onRate?.(ask.name, told);
    const data: unknown = parsed(await response.text());
    if (response.status === 401) {
      tokens.spoil(token.accessToken);
      return "expired";
    }
    if (response.ok && data === undefined) return unreadable("an answer that is no JSON", ask.kind);
    if (response.ok) return { outcome: "answered", data };
    return refusalOf(response, data, ask, world.now());
  } catch (error) {
    return transportFailure(error, ask.kind);
  }
}

/** The correlation id is for tracing; it does not make a repeated call count once. */
function requestOf(account: Account, accessToken: string, ask: Ask): RequestInit {
  const { channelType } = account.secrets;
  return {
    method: ask.method,
    headers: {
      "wm_sec.access_token": accessToken,
      "wm_qos.correlation_id": randomUUID(),
      "wm_svc.name": SERVICE_NAME,
      accept: "application/json",
      ...(channelType ? { "wm_consumer.channel.type": channelType } : {}),
      ...(ask.json === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(ask.json === undefined ? {} : { body: JSON.stringify(ask.json) }),
    ...(ask.form ? { body: ask.form } : {}),
  };
}

/** An empty answer is one too: deletions have none. Undefined = it is no JSON. */
function parsed(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RESOURCE_IS_LOCKED: somebody else writes to it at this moment. */
const LOCKED = 423;

function refusalOf(
  response: Response,
  data: unknown,
  ask: Ask,
  now: number,
): CallFailure | Refused {
  const { status, headers } = response;
  const why = `HTTP ${status}: ${reasonsOf(data)}`;
  const usualMs = Math.ceil(1_000 / (rateOf(ask.name) ?? 1));
  const failure = statusFailure(status, ask.kind, retryAtOf(headers, now, usualMs));
  const final = status >= 400 && status < 500 && failure.outcome === "unavailable";
  return final && status !== LOCKED ? { outcome: "refused", status, why } : { ...failure, why };
}

const rateOf = (name: CallName | null) =>
  name === null ? null : (WALMART_LIMITS.calls[name]?.perSecond ?? null);
