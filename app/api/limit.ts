import type { RequestHandler, Response } from "express";
import type { Quota } from "../../jobs/rate-limits.ts";
import type { Services } from "../services.ts";
import { callerOf } from "./authorize.ts";
import { Problem } from "./problem.ts";

/**
 * Lets a token make so many requests a minute, and says with every answer how many are left:
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function limitRequests({ rateLimits }: Services): RequestHandler {
  const policy = `"token";q=${rateLimits.limit};w=${Math.ceil(rateLimits.windowMs / 1_000)}`;
  return (_request, response, next) => {
    const decide = ({ allowed, remaining, resetMs }: Quota) => {
      const seconds = Math.max(1, Math.ceil(resetMs / 1_000));
      response.setHeader("RateLimit-Policy", policy);
      response.setHeader("RateLimit", `"token";r=${remaining};t=${seconds}`);
      if (allowed) return next();
      response.setHeader("Retry-After", String(seconds));
      const detail = `This token may make ${rateLimits.limit} requests a minute. Wait ${seconds} s.`;
      next(new Problem("quota-exceeded", detail, { "violated-policies": ["token"] }));
    };
    const quota = rateLimits.take(callerOf(response as Response).token);
    if (quota instanceof Promise) quota.then(decide, next);
    else decide(quota);
  };
}
