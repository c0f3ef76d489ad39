import type { RequestHandler } from "express";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * A browser sends a stand-alone app its cookies whoever asks it to, and the demo takes whatever
 * reaches its port for the merchant. So a page of another site must not be able to make the
 * merchant's browser do anything here. A browser says where a form or script comes from; and a name
 * that was pointed at this machine (DNS rebinding) shows in the Host header.
 * @param publicUrl where the app is meant to be reached, maybe through a proxy on this machine.
 */
export function sameOrigin(publicUrl: string): RequestHandler {
  return (request, response, next) => {
    const host = request.get("Host") ?? "";
    const origin = request.get("Origin");
    const meant = LOOPBACK.test(host) || host === originHost(publicUrl);
    const rebound = isLoopback(request.socket.localAddress) && !meant;
    const foreign = origin !== undefined && originHost(origin) !== host;
    const changes = request.method !== "GET" && request.method !== "HEAD";
    if (rebound || (changes && foreign)) {
      response
        .status(403)
        .type("text/plain")
        .send("This page does not take requests from there.\n");
      return;
    }
    next();
  };
}

function isLoopback(address: string | undefined): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address ?? "");
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
