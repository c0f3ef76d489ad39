import express, { type Request, type RequestHandler, type Response, type Router } from "express";
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
    const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    const body = route.body || route.textType ? bodyReaders(route) : [];
    router[route.method](path, inScope(route), ...body, run(route, services));
  }
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
  const readers: RequestHandler[] = [known, express.json({ limit })];
  if (textType) readers.push(express.text({ limit, type: textType }));
  return readers;
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
      body: typeof request.body === "string" ? request.body : body && parseBody(body, request.body),
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

/** What was done is done, so it is told in any case; that it is not what we promise is a defect. */
function checkAnswer({ id, answer }: Route, told: unknown, { log }: Services): void {
  const checked = answer.schema.safeParse(told);
  if (!checked.success) log.error({ route: id, why: checked.error.message }, "undocumented answer");
}
