import { isUtf8 } from "node:buffer";
import express, { type Request, type RequestHandler, type Response, type Router } from "express";
import { z } from "zod";
import type { Services } from "../services.ts";
import { callerOf } from "./authorize.ts";
import { handler, idempotencyKey, parseBody, parseQuery } from "./http.ts";
import { Problem } from "./problem.ts";
import { recordAway, whileAlive } from "./refusals.ts";
import type { Route } from "./route.ts";

/** A basket of a hundred lines is a tenth of this. */
const BODY_LIMIT = "256kb";

/** Puts declared routes on a router: scope, body, schemas, handler, and a look at the answer. */
export function serveRoutes(router: Router, services: Services, routes: readonly Route[]): void {
  for (const route of routes) {
    const path = expressPath(route.path);
    const body = route.body || route.textType ? bodyReaders(route) : [];
    router[route.method](path, inScope(route), ...body, run(route, services));
  }
  for (const [path, own] of Map.groupBy(routes, (route) => route.path)) {
    router.all(expressPath(path), otherMethods(own));
  }
}

/** "/holds/{id}" as express has it. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** What a path does not do, and what it does. */
function otherMethods(routes: readonly Route[]): RequestHandler {
  const methods = routes.map(({ method }) => method.toUpperCase());
  const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
  return (request, response, next) => {
    response.setHeader("Allow", allowed.join(", "));
    if (request.method === "OPTIONS") return void response.status(204).end();
    next(new Problem("method-not-allowed", `Here there is ${allowed.join(", ")}.`));
  };
}

/** Lets a token through that may do this. */
function inScope({ scope }: Route): RequestHandler {
  return (_request, response, next) => {
    if (callerOf(response as Response).scopes.has(scope)) return next();
    const header = `Bearer realm="ballast", error="insufficient_scope", scope="${scope}"`;
    response.setHeader("WWW-Authenticate", header);
    next(new Problem("insufficient-scope", `This needs a token with ${scope}.`, { scope }));
  };
}

function bodyReaders({ textType, limit = BODY_LIMIT }: Route): RequestHandler[] {
  const types = ["json", ...(textType ? [textType] : [])];
  const known: RequestHandler = (request, _response, next) => {
    // A body of another type would be ignored, and a request without its body misunderstood.
    if (!hasBody(request as Request) || request.is(types)) return next();
    const also = textType ? ` or ${textType}` : "";
    next(new Problem("not-json", `Send Content-Type: application/json${also}.`));
  };
  const verify = refuseOtherCharacters;
  const readers: RequestHandler[] = [known, express.json({ limit, verify })];
  if (textType) readers.push(express.text({ limit, verify, type: textType }));
  return readers;
}

/** What is not UTF-8 would be read as something else than was meant, and kept as that. */
function refuseOtherCharacters(_request: unknown, _response: unknown, bytes: Buffer): void {
  if (isUtf8(bytes)) return;
  throw Object.assign(new Error("the body is not UTF-8"), { type: "charset.unsupported" });
}

function hasBody(request: Request): boolean {
  const length = Number(request.get("Content-Length") ?? 0);
  return request.get("Transfer-Encoding") !== undefined || length > 0;
}

function run(route: Route, services: Services): RequestHandler {
  const { params, query, body, method, record } = route;
  const { heartbeat } = services;
  return handler(async (request, response) => {
    const key = method === "post" ? idempotencyKey(request) : "";
    const input = {
      caller: callerOf(response),
      params: params ? parseQuery(params, request.params) : undefined,
      query: query ? parseQuery(query, request.query) : undefined,
      body: body && bodyOf(body, request.body),
      key,
      request,
    };
    // What it becomes could not be recorded: row D5 says refuse.
    if (record === undefined && !heartbeat.alive()) throw recordAway();
    const handled = route.handle(input);
    const told = await (record === undefined ? whileAlive(heartbeat, handled) : handled);
    checkAnswer(route, told, services);
    response.status(route.answer.status);
    if (told === undefined) response.end();
    else response.json(told);
  });
}

/** JSON as its schema reads it; a text is the handler's to read. */
function bodyOf(schema: z.ZodType, body: unknown): unknown {
  return parseBody(typeof body === "string" ? z.string() : schema, body);
}

/** What was done is done, so it is told in any case; that it is not what we promise is a defect. */
function checkAnswer({ id, answer }: Route, told: unknown, { log }: Services): void {
  const checked = answer.schema.safeParse(told);
  if (!checked.success) log.error({ route: id, why: checked.error.message }, "undocumented answer");
}
