import { z } from "zod";
import { jsonOf } from "./json.ts";
import type { CheckCall } from "./registry.ts";

/** One call as its marketplace documents it, where there is no machine-readable model. */
export interface Documented {
  method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** Of the path as it is sent, still encoded. */
  path: RegExp;
  /** Strict: a parameter that is not documented is a trouble. */
  query?: z.ZodType;
  headers?: z.ZodType;
  body?: z.ZodType;
  /** The body of a success. */
  answer?: z.ZodType;
}

/** Holds calls against what is documented of them; a call that is not is a trouble of its own. */
export function documentedCheck(
  host: string,
  calls: readonly Documented[],
  failure: z.ZodType,
): CheckCall {
  return async (request, response) => {
    const url = new URL(request.url);
    if (url.host !== host) return [];
    const known = calls.find(
      ({ method, path }) => method === request.method && path.test(url.pathname),
    );
    if (!known) return ["is not documented"];
    const query = Object.fromEntries(url.searchParams);
    const repeated = [...url.searchParams].length > Object.keys(query).length;
    const headers = Object.fromEntries(request.headers);
    const multipart = headers["content-type"]?.startsWith("multipart/");
    const body = multipart ? await partsOf(request) : await jsonOf(request);
    const answer = response.ok ? (known.answer ?? z.unknown()) : failure;
    return [
      ...(repeated ? ["query repeats a parameter"] : []),
      ...said("query", known.query ?? z.strictObject({}), query),
      ...said("headers", known.headers ?? z.unknown(), headers),
      ...said("request", known.body ?? z.literal(""), body),
      ...said(`response ${response.status}`, answer, await jsonOf(response)),
    ];
  };
}

/** A form's files, read as JSON. */
async function partsOf(request: Request): Promise<unknown> {
  const parts: Record<string, unknown> = {};
  for (const [name, value] of await request.formData()) {
    parts[name] = typeof value === "string" ? value : JSON.parse(await value.text());
  }
  return parts;
}

function said(what: string, schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : [`${what} ${z.prettifyError(parsed.error)}`];
}
