import type { RequestHandler } from "express";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * A stand-alone app has no login: whatever reaches its port is taken for the merchant. So a page
 * of another site must not be able to make the merchant's browser reach it. A browser says where a
 * form or script comes from; and a name that was pointed at this machine (DNS rebinding) shows in
 * the Host header.
 */
export const sameOrigin: RequestHandler = (request, response, next) => {
  const host = request.get("Host") ?? "";
  const origin = request.get("Origin");
  const rebound = isLoopback(request.socket.localAddress) && !LOOPBACK.test(host);
  const foreign = origin !== undefined && originHost(origin) !== host;
  const changes = request.method !== "GET" && request.method !== "HEAD";
  if (rebound || (changes && foreign)) {
    response.status(403).type("text/plain").send("This page does not take requests from there.\n");
    return;
  }
  next();
};

function isLoopback(address: string | undefined): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address ?? "");
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
