import type { eBayApi } from "ebay-api";
import type { World } from "../connector.ts";
import { call } from "../http.ts";

/** eBay answered with a status that is not a success. The library lets it pass as it is. */
export class Refused extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterS: number | null;

  constructor(status: number, body: unknown, retryAfter: string | null) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.retryAfterS = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  }
}

/** What the library hands to whatever makes its calls. */
interface LibraryCall {
  headers?: Record<string, unknown>;
  params?: Record<string, unknown>;
}

type LibraryRequest = NonNullable<ConstructorParameters<typeof eBayApi>[1]>;

/**
 * The library's way out, on the product's one fetch: it has no base URL of its own and would
 * bring axios, which answers to nobody's time-outs here.
 */
export function transport(world: World): LibraryRequest {
  const send = async (method: string, url: string, body: unknown, config: LibraryCall = {}) => {
    const response = await call(world, withParams(url, config.params), {
      method,
      headers: headersOf(config.headers ?? {}),
      ...(body === undefined || body === null
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const data = dataOf(await response.text());
    if (!response.ok) throw new Refused(response.status, data, response.headers.get("retry-after"));
    return { status: response.status, data, headers: response.headers };
  };
  const made = {
    instance: null,
    get: (url: string, config?: LibraryCall) => send("GET", url, undefined, config),
    delete: (url: string, config?: LibraryCall) => send("DELETE", url, undefined, config),
    post: (url: string, body?: unknown, config?: LibraryCall) => send("POST", url, body, config),
    put: (url: string, body?: unknown, config?: LibraryCall) => send("PUT", url, body, config),
    patch: (url: string, body?: unknown, config?: LibraryCall) => send("PATCH", url, body, config),
    postForm: (url: string, form?: Record<string, string>, config?: LibraryCall) =>
      send("POST", url, new URLSearchParams(form).toString(), config),
  };
  // Its types say axios; all that it uses of it is what is above.
  return made as unknown as LibraryRequest;
}

/** Brackets and braces of eBay's filters have to be percent-encoded; so are all others. */
function withParams(url: string, params: Record<string, unknown> = {}): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null) target.searchParams.set(name, String(value));
  }
  return target.href;
}

/** fetch agrees on compression by itself; an empty header is one that nobody meant to send. */
function headersOf(headers: Record<string, unknown>): Record<string, string> {
  const meant = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && value !== "" && name !== "Accept-Encoding",
  );
  return Object.fromEntries(meant.map(([name, value]) => [name, String(value)]));
}

/** JSON as what it says, XML and everything else as it is. */
function dataOf(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
