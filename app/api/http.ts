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
  return parse(schema, body, (path) => ({ pointer: pointer(path) }));
}

/** The query as the schema reads it, with the parameter's name in each mistake. */
export function parseQuery<T extends z.ZodType>(schema: T, query: unknown): z.infer<T> {
  return parse(schema, query, (path) => ({ parameter: path.join(".") }));
}

type Path = readonly PropertyKey[];

function parse<T extends z.ZodType>(
  schema: T,
  input: unknown,
  where: (path: Path) => Omit<ProblemLine, "detail">,
): z.infer<T> {
  const parsed = schema.safeParse(input);
  const unkept = unkeptTexts(input);
  if (parsed.success && unkept.length === 0) return parsed.data;
  const issues = (parsed.error?.issues ?? []).map(({ path, message: detail }) => ({
    path,
    detail,
  }));
  const detail = "must not contain the character U+0000 or half of a character";
  const all = [...unkept.map((path) => ({ path, detail })), ...issues];
  throw invalid(all.map((one) => ({ ...where(one.path), detail: one.detail })));
}

/** Where texts are that are legal JSON and that PostgreSQL cannot keep. */
export function unkeptTexts(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return isKept(value) ? [] : [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const at = [...path, Array.isArray(value) ? Number(name) : name];
    return isKept(name) ? unkeptTexts(part, at) : [at];
  });
}

function isKept(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
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
