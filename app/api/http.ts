import type { NextFunction, Request, RequestHandler, Response } from "express";
import type { z } from "zod";
import { invalid, Problem, type ProblemLine } from "./problem.ts";

/** An async handler whose rejections reach the error handler, which express 4 leaves to us. */
export function handler(
  handle: (request: Request, response: Response, next: NextFunction) => Promise<void>,
): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    handle(request, response, next).catch(next);
  };
}

/** The body as the schema reads it. Throws a problem with every mistake and its pointer. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalid(issues(parsed.error).map(({ path, detail }) => ({ pointer: path, detail })));
}

/** The query as the schema reads it, with the parameter's name in each mistake. */
export function parseQuery<T extends z.ZodType>(schema: T, query: unknown): z.infer<T> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map((issue) => ({
      parameter: issue.path.join("."),
      detail: issue.message,
    })),
  );
}

function issues(error: z.ZodError): { path: string; detail: string }[] {
  return error.issues.map((issue) => ({ path: pointer(issue.path), detail: issue.message }));
}

/** RFC 6901, as a fragment. */
export function pointer(path: readonly PropertyKey[]): string {
  const escaped = path.map((part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1"));
  return ["#", ...escaped].join("/");
}

/** Characters a key may have: what any header may carry without quoting. */
const KEY = /^[\x21-\x7e]{1,200}$/;

/** The request's Idempotency-Key: one key, one effect, one answer. */
export function idempotencyKey(request: Request): string {
  const key = request.get("Idempotency-Key")?.trim();
  const header = "Idempotency-Key";
  if (!key) {
    const detail = "Send a key of your own choosing, such as a UUID, and the same one on a retry.";
    throw new Problem("idempotency-key-missing", detail, { errors: [{ header, detail }] });
  }
  if (!KEY.test(key)) {
    throw invalid([{ header, detail: "must be 1 to 200 visible ASCII characters" }]);
  }
  return key;
}

export type { ProblemLine };
