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
import { type Token, tokenSource } from "../tokens.ts";
import { nameCode, type Refused, TOKEN_EXPIRED } from "./codes.ts";
import { readJson } from "./read-json.ts";
import { signRequest } from "./sign.ts";
import { grantOf } from "./tokens.ts";

export interface TikTokCall {
  /** What it counts as, for its pace. */
  name: CallName;
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  query?: Record<string, string>;
  body?: unknown;
}

export interface TikTokClient {
  read<T>(schema: z.ZodType<T>, call: TikTokCall): Promise<Answered<T>>;
  write<T>(schema: z.ZodType<T>, call: TikTokCall): Promise<Answered<T> | Refused>;
  /** A token that works, and until when it can be renewed. */
  token(): Promise<Token>;
  now(): number;
}

const HOST = "https://open-api.tiktokglobalshop.com";

/** These are about the whole authorization: a shop's cipher with them is an error. */
const SHOPLESS = /^\/(authorization|seller)\//;

const envelopeSchema = z.object({
  code: z.number(),
  message: z.string().nullish(),
  data: z.unknown(),
});

/** Our own thin client of the Open API: no published one signs, names and renews soundly. */
export function createClient(account: Account, world: World): TikTokClient {
  const tokens = tokenSource(account, world, grantOf(world));

  async function attempt(kind: CallKind, wanted: TikTokCall) {
    const token = await tokens.get();
    if (token.outcome !== "token") return token;
    const answer = await send(account, world, token.accessToken, kind, wanted);
    if (answer === "expired") tokens.spoil(token.accessToken);
    return answer;
  }

  async function run<T>(
    schema: z.ZodType<T>,
    kind: CallKind,
    wanted: TikTokCall,
  ): Promise<Answered<T> | Refused> {
    const first = await attempt(kind, wanted);
    // A token that expired early is worth exactly one more try with a fresh one.
    const last = first === "expired" ? await attempt(kind, wanted) : first;
    if (last === "expired") {
      const why = `${TOKEN_EXPIRED}: a fresh token was refused`;
      return { outcome: "unauthorized", why, cause: "revoked" };
    }
    return last.outcome === "answered" ? parseAnswer(schema, last.data, kind) : last;
  }

  return {
    now: () => world.now(),
    token: () => tokens.get(),
    write: (schema, wanted) => run(schema, "write", wanted),
    async read(schema, wanted) {
      const answer = await run(schema, "read", wanted);
      return answer.outcome === "rejected" ? { ...answer, outcome: "not-supported" } : answer;
    },
  };
}

async function send(
  account: Account,
  world: World,
  accessToken: string,
  kind: CallKind,
  { name, method, path, query = {}, body }: TikTokCall,
): Promise<Answered<unknown> | Refused | "expired"> {
  const { appKey = "", appSecret = "" } = account.secrets;
  // What is signed is what is sent, to the byte.
  const bytes = body === undefined ? "" : JSON.stringify(body);
  const { cipher = "" } = account.settings;
  const signed = {
    ...query,
    app_key: appKey,
    timestamp: String(Math.floor(world.now() / 1_000)),
    ...(SHOPLESS.test(path) ? {} : { shop_cipher: cipher }),
  };
  const sign = signRequest(appSecret, path, signed, bytes);
  try {
    const response = await call(
      world,
      `${HOST}${path}?${new URLSearchParams({ ...signed, sign })}`,
      {
        method,
        headers: { "content-type": "application/json", "x-tts-access-token": accessToken },
        ...(bytes ? { body: bytes } : {}),
      },
    );
    const named = await nameAnswer(response, kind, world.now());
    if (named !== "expired" && named.outcome === "throttled") {
      world.onRate?.(name, { left: 0, moreAt: named.retryAt });
    }
    return named;
  } catch (error) {
    return transportFailure(error, kind);
  }
}

/** What a whole answer means: its code says it, and only without one its HTTP status. */
async function nameAnswer(
  response: Response,
  kind: CallKind,
  now: number,
): Promise<Answered<unknown> | Refused | "expired"> {
  const retryAt = retryTime(response, now);
  const envelope = envelopeSchema.safeParse(parsed(await response.text()));
  if (!envelope.success) return withoutEnvelope(response, kind, retryAt);
  const { code, message, data } = envelope.data;
  if (code === TOKEN_EXPIRED) return "expired";
  if (code !== 0) return nameCode(code, (message ?? "").slice(0, 200), kind, retryAt);
  return response.ok
    ? { outcome: "answered", data }
    : statusFailure(response.status, kind, retryAt);
}

function withoutEnvelope(response: Response, kind: CallKind, retryAt: number): CallFailure {
  if (!response.ok) return statusFailure(response.status, kind, retryAt);
  return unreadable("an answer of another shape", kind);
}

/** Retry-After in seconds; without one a second, and whoever is refused again waits longer. */
function retryTime(response: Response, now: number): number {
  const seconds = Number(response.headers.get("retry-after"));
  return now + (seconds > 0 ? seconds * 1_000 : 1_000);
}

function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return null;
  }
}
