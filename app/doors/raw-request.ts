import type { Request } from "express";
import type { RawRequest } from "../../connectors/connector.ts";

/** A request of which the very bytes were kept, as a connector verifies it. */
export function rawRequest(request: Request): RawRequest {
  const headers = Object.entries(request.headers).map(([name, value]): [string, string?] => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { headers: Object.fromEntries(headers), body };
}

/** What its address asks, each name once. */
export function queryOf({ query }: Request): Record<string, string | undefined> {
  const entries = Object.entries(query).map(([name, value]): [string, string?] => [
    name,
    typeof value === "string" ? value : undefined,
  ]);
  return Object.fromEntries(entries);
}
