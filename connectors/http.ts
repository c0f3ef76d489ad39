import { Agent } from "node:https";
import { connect } from "node:net";
import { z } from "zod";
import type { CallFailure, World } from "./connector.ts";

/** A call that takes longer is given up; whether it counted is then unknown. */
export const CALL_TIMEOUT_MS = 15_000;

/** Tells a sandbox which marketplace's host was meant. */
export const MEANT_HOST = "x-forwarded-host";

/** A read may simply be asked again; a write that got no answer may have counted. */
export type CallKind = "read" | "write";

export type Answered<T> = { outcome: "answered"; data: T } | CallFailure;

/**
 * The product's one fetch. With a base URL the call goes there, with the meant host in a header;
 * without, to the real marketplace. Throws what fetch throws; see `transportFailure`.
 */
export async function call(
  world: Pick<World, "baseUrl" | "timeoutMs">,
  url: string,
  init: RequestInit & { timeoutMs?: number } = {},
): Promise<Response> {
  const { timeoutMs = world.timeoutMs ?? CALL_TIMEOUT_MS, ...rest } = init;
  const meant = new URL(url);
  const headers = new Headers(rest.headers);
  if (world.baseUrl) headers.set(MEANT_HOST, meant.host);
  const target = world.baseUrl ? new URL(meant.pathname + meant.search, world.baseUrl) : meant;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = rest.signal ? AbortSignal.any([rest.signal, timeout]) : timeout;
  return globalThis.fetch(target, { ...rest, headers, signal });
}

const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Names a call that got no answer. Only what surely was not sent is "unavailable" for a write. */
export function transportFailure(error: unknown, kind: CallKind): CallFailure {
  const code = codeOf(error);
  const why = `no answer: ${code ?? (error instanceof Error ? error.message : String(error))}`;
  const sent = code === null || !NEVER_SENT.has(code);
  return kind === "write" && sent ? { outcome: "unknown", why } : { outcome: "unavailable", why };
}

function codeOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ("code" in at && typeof at.code === "string") return at.code;
    if (at.name === "TimeoutError") return "TIMEOUT";
  }
  return null;
}

/**
 * Names an answer that is not a success, by its status alone. 503 is a refusal before the work;
 * any other 5xx may have come after it, so a write is then unknown.
 */
export function statusFailure(status: number, kind: CallKind, retryAt: number): CallFailure {
  const why = `HTTP ${status}`;
  if (status === 429) return { outcome: "throttled", retryAt, why };
  if (status === 401) return { outcome: "unauthorized", why, cause: "revoked" };
  if (status === 403) return { outcome: "unauthorized", why, cause: "forbidden" };
  if (status >= 500 && status !== 503 && kind === "write") return { outcome: "unknown", why };
  return { outcome: "unavailable", why };
}

/** An answer that cannot be read says nothing: not even whether a write counted. */
export function unreadable(why: string, kind: CallKind): CallFailure {
  return { outcome: kind === "write" ? "unknown" : "unavailable", why };
}

/** What was answered, if it has the shape that was agreed on. */
export function parseAnswer<T>(schema: z.ZodType<T>, data: unknown, kind: CallKind): Answered<T> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return { outcome: "answered", data: parsed.data };
  return unreadable(`an answer of another shape: ${z.prettifyError(parsed.error)}`, kind);
}

/**
 * For an answer in which each part may be missing: one of these names has to be there, or it is an
 * answer to something else. Without that, any object at all would say "there is nothing".
 */
export function saying<T extends z.ZodType>(schema: T, ...names: string[]) {
  const says = (data: unknown) =>
    typeof data === "object" && data !== null && names.some((name) => name in data);
  return z
    .unknown()
    .refine(says, `says none of ${names.join(", ")}`)
    .pipe(schema as z.ZodType<z.output<T>, unknown>);
}

const REAL = new Agent({ keepAlive: true, maxSockets: 20 });
const sandboxAgents = new Map<string, Agent>();

/**
 * For libraries that insist on https.request: an agent that dials the base URL's plain port
 * instead of the host it is asked for. The Host header stays, so the sandbox knows who is meant.
 */
export function agentFor(world: Pick<World, "baseUrl">): Agent {
  if (!world.baseUrl) return REAL;
  const known = sandboxAgents.get(world.baseUrl);
  if (known) return known;
  const { hostname, port } = new URL(world.baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  agent.createConnection = () => connect({ host: hostname, port: Number(port) });
  sandboxAgents.set(world.baseUrl, agent);
  return agent;
}
