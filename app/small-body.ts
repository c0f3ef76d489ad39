import type { RequestHandler } from "express";

/** More than any form of the pages sends: the longest is a count file of 1 MB. */
export const FORM_BYTES_MAX = 2 * 1024 * 1024;

/**
 * Lets a form in only when it says how long it is, and is short: Remix holds a body whole, and some
 * forms need no login. Node takes no more bytes than were announced; a body without a length, which
 * no browser sends, is asked for one. What is meant to be large has a door of its own.
 */
export const smallBody: RequestHandler = (request, response, next) => {
  const length = request.get("Content-Length");
  const endless = length === undefined && request.get("Transfer-Encoding") !== undefined;
  if (!endless && Number(length ?? 0) <= FORM_BYTES_MAX) return next();
  // Nobody reads what still comes.
  response
    .set("Connection", "close")
    .status(endless ? 411 : 413)
    .type("text/plain")
    .send(endless ? "The form does not say how long it is.\n" : "The form is too large.\n");
};
