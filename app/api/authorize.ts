import type { Request, RequestHandler, Response } from "express";
import { markTokenUsed, type TokenOwner, tokenOwner } from "../../prisma/tokens.ts";
import { Remembered } from "../remembered.ts";
import type { Services } from "../services.ts";
import { handler } from "./http.ts";
import { Problem } from "./problem.ts";
import { whileAlive } from "./refusals.ts";

/** A revoked token still opens the door for this long. */
const REMEMBER_MS = 5_000;
/** How exact "last used" is. Writing it at each request would cost more than the request. */
const MARK_EVERY_MS = 60_000;
const TOKENS_REMEMBERED = 1_000;

const BEARER = /^Bearer +([\w.~+/-]{1,200}=*)$/i;

/** Lets requests with a valid bearer token through; `callerOf` then says whose it is. */
export function authorize(services: Services): RequestHandler {
  const { db, heartbeat, now } = services;
  const owners = new Remembered<TokenOwner>({
    limit: TOKENS_REMEMBERED,
    forMs: REMEMBER_MS,
    now,
  });
  const marked = new Map<string, number>();
  const ownerOf = (token: string) => whileAlive(heartbeat, tokenOwner(db, token));
  const admit = (owner: TokenOwner | null, response: Response) => {
    if (!owner || (owner.expiresAt !== null && owner.expiresAt <= now())) {
      throw new Problem("unauthorized", "Send Authorization: Bearer and a token of the shop.");
    }
    response.locals.caller = owner;
    if (now() - (marked.get(owner.token) ?? 0) <= MARK_EVERY_MS) return;
    marked.set(owner.token, now());
    markTokenUsed(db, owner, new Date(now())).catch((error: unknown) =>
      services.log.warn({ error }, "could not note that a token is in use"),
    );
  };
  const lookUp = handler(async (request, response, next) => {
    const token = tokenOf(request);
    admit(token ? await owners.get(token, () => ownerOf(token)) : null, response);
    next();
  });
  return (request, response, next) => {
    const known = owners.known(tokenOf(request as Request) ?? "");
    if (!known) return lookUp(request, response, next);
    admit(known, response as Response);
    next();
  };
}

function tokenOf(request: Request): string | undefined {
  return BEARER.exec(request.get("Authorization") ?? "")?.[1];
}

/** Whose request this is: the shop's id, and the token's name for the history. */
export function callerOf(response: Response): TokenOwner {
  const caller: TokenOwner | undefined = response.locals.caller;
  if (!caller) throw new Error("a route of the API is not behind authorize()");
  return caller;
}
