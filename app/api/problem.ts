import type { Response } from "express";

/**
 * Everything the API may refuse, by name. An answer is RFC 9457 problem details; `type` is
 * relative to the API's address and can be opened there (see app/api/problems-page.ts).
 */
export const PROBLEMS = {
  "invalid-request": { status: 422, title: "The request is not valid" },
  "malformed-request": { status: 400, title: "The request cannot be read" },
  "malformed-json": { status: 400, title: "The body is not JSON" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "not-json": { status: 415, title: "The body must be application/json" },
  unauthorized: { status: 401, title: "A valid bearer token is needed" },
  "insufficient-scope": { status: 403, title: "The token may not do this" },
  overloaded: { status: 429, title: "Too many requests at once" },
  "quota-exceeded": { status: 429, title: "Too many requests for this token" },
  "idempotency-key-missing": { status: 400, title: "Every POST needs an Idempotency-Key" },
  "idempotency-key-reused": {
    status: 422,
    title: "The Idempotency-Key was used for another request",
  },
  "unknown-sku": { status: 404, title: "There is no such SKU" },
  "sku-taken": { status: 409, title: "Another item has this SKU" },
  "unknown-snapshot": { status: 404, title: "There is no such snapshot" },
  "unknown-webhook": { status: 404, title: "There is no such webhook endpoint" },
  "unknown-delivery": { status: 404, title: "There is no such delivery" },
  "address-refused": { status: 422, title: "Nothing can be sent to this address" },
  "unknown-route": { status: 404, title: "There is nothing at this address" },
  "method-not-allowed": { status: 405, title: "This address does something else" },
  "insufficient-stock": { status: 409, title: "There is not enough stock" },
  "version-conflict": { status: 409, title: "The stock has changed since it was read" },
  "unknown-hold": { status: 404, title: "There is no such hold" },
  "hold-over": { status: 410, title: "The hold is over" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
  "internal-error": { status: 500, title: "Something went wrong on our side" },
} as const;

export type ProblemName = keyof typeof PROBLEMS;

/** One thing that is wrong, and where: a JSON pointer into the body, or a header's name. */
export interface ProblemLine {
  pointer?: string;
  header?: string;
  parameter?: string;
  detail: string;
}

/** What a handler throws to end a request with a refusal. Not an error of the program. */
export class Problem extends Error {
  override name = "Problem";
  readonly problem: ProblemName;
  readonly members: Record<string, unknown>;

  constructor(problem: ProblemName, detail: string, members: Record<string, unknown> = {}) {
    super(detail);
    this.problem = problem;
    this.members = members;
  }
}

/** A request with several things wrong says all of them at once. */
export function invalid(errors: readonly ProblemLine[]): Problem {
  const count = errors.length === 1 ? "One thing is" : `${errors.length} things are`;
  return new Problem("invalid-request", `${count} wrong with this request.`, { errors });
}

/** How long a caller should wait before it tries again, in seconds. */
const RETRY_AFTER_SECONDS = 1;

export function sendProblem(response: Response, problem: Problem): void {
  const { status, title } = PROBLEMS[problem.problem];
  if (status === 503 || problem.problem === "overloaded")
    response.setHeader("Retry-After", String(RETRY_AFTER_SECONDS));
  if (status === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="ballast"');
  const type = `/problems/${problem.problem}`;
  response
    .status(status)
    .type("application/problem+json")
    .send(JSON.stringify({ type, title, status, detail: problem.message, ...problem.members }));
}
