import { request as plain, type RequestOptions } from "node:http";
import { request as secure } from "node:https";
import type { LookupFunction } from "node:net";
import { type AddressPolicy, publicAddress } from "./public-address.ts";

export type Posted =
  | { outcome: "answered"; status: number; body: string; ms: number }
  /** Nothing is ever sent there. */
  | { outcome: "refused"; why: string }
  /** No answer, or none in time. */
  | { outcome: "failed"; why: string; ms: number };

export interface PostOptions extends AddressPolicy {
  headers: Record<string, string>;
  body: string;
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/** An answer is read so far; what is beyond is nobody's business. */
const ANSWER_MAX = 2_000;

/**
 * Posts to an address that a merchant chose: a public one, resolved once and connected to as
 * resolved. Redirects are not followed, because they would lead past that check.
 */
export async function postPublic(text: string, options: PostOptions): Promise<Posted> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  const target = await publicAddress(text, options);
  if (target.outcome === "refused") return target;
  if (target.outcome === "unknown-host") return { outcome: "failed", why: target.why, ms: ms() };
  const { url, address, family } = target;
  const pinned: LookupFunction = (_host, { all }, done) =>
    all ? done(null, [{ address, family }]) : done(null, address, family);
  try {
    const { timeoutMs = TIMEOUT_MS } = options;
    const signal = AbortSignal.timeout(timeoutMs);
    const answered = await post(url, { lookup: pinned, signal, ...options });
    return { outcome: "answered", ...answered, ms: ms() };
  } catch (error) {
    return { outcome: "failed", why: reason(error), ms: ms() };
  }
}

function post(
  url: URL,
  { lookup, signal, headers, body }: PostOptions & Pick<RequestOptions, "lookup" | "signal">,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? secure : plain;
    const length = String(Buffer.byteLength(body));
    const settings = {
      ...{ method: "POST", agent: false, lookup, signal },
      headers: { ...headers, "content-length": length },
    };
    const request = send(url, settings, (response) => {
      let read = "";
      const done = () => resolve({ status: response.statusCode ?? 0, body: read });
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        read = (read + chunk).slice(0, ANSWER_MAX);
        if (read.length === ANSWER_MAX) response.destroy();
      });
      response.once("end", done).once("close", done).once("error", done);
    });
    request.once("error", reject);
    request.end(body);
  });
}

/** What a person is told: the code of the failure, without our own addresses. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "AbortError" || error.name === "TimeoutError") return "no answer in time";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
