import type { Request } from "express";
import type { z } from "zod";
import type { Scope } from "../../inventory/scope.ts";
import type { TokenOwner } from "../../prisma/tokens.ts";
import type { ProblemName } from "./problem.ts";

/** How a request is answered that goes well. */
export interface Answer<S extends z.ZodType = z.ZodType> {
  status: 200 | 201 | 202 | 204;
  description: string;
  schema: S;
  /** Where parts of the answer lead: parameters of other routes by id, as names of its members. */
  links?: Record<string, Record<string, string>>;
}

/** A request that works as it stands, and what it is answered. The documentation shows it. */
export interface Example {
  /** What it shows, in a few words. */
  summary: string;
  /** Values of path parameters; those a link can fill are left out. */
  params?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: unknown;
  /** A body that is text and not JSON. */
  text?: string;
  answer?: unknown;
  /** It is refused, and this is what a refusal says. */
  refused?: { problem: ProblemName; detail: string };
}

/** What a handler is given: everything of the request, read by the route's own schemas. */
export interface Input<P, Q, B> {
  caller: TokenOwner;
  params: P;
  query: Q;
  body: B;
  /** The Idempotency-Key of a POST; "" for other methods. */
  key: string;
  /** For what no schema describes. */
  request: Request;
}

export type Method = "get" | "post" | "patch" | "put" | "delete";

/** What there is to know of a route besides its schemas and its handler. */
export interface RouteFacts {
  /** Names the operation in documents and generated clients. */
  id: string;
  method: Method;
  /** In the form of OpenAPI: "/holds/{id}". */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  scope: Scope;
  /** What it may refuse, besides what every route may. */
  problems: readonly ProblemName[];
  examples: readonly Example[];
  /**
   * Every route is refused while PostgreSQL is away, but one that gives stock back, which is right
   * at any time, and one that looks for itself because it counts its refusals.
   */
  record?: "not-needed" | "looks-itself";
  /** A text that is taken as well as JSON. The handler gets it as a string. */
  textType?: string;
  /** Of the body; the router has a default. */
  limit?: string;
}

export interface RouteSpec<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
> extends RouteFacts {
  params?: P;
  query?: Q;
  body?: B;
  answer: Answer<A>;
  handle(input: Input<z.output<P>, z.output<Q>, z.output<B>>): Promise<z.input<A>>;
}

/** A route as the router and the document read it. */
export interface Route extends RouteFacts {
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  answer: Answer;
  handle(input: Input<unknown, unknown, unknown>): Promise<unknown>;
}

/**
 * Declares a route once: what checks a request, what types its handler, what the answer must look
 * like and what the OpenAPI document says are the same schemas.
 */
export function route<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
>(spec: RouteSpec<P, Q, B, A>): Route {
  // The router hands in what these very schemas have read.
  return spec as unknown as Route;
}
