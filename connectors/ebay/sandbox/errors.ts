import { HttpResponse } from "msw";

/** A REST error: the shape that every API of eBay's shares. */
export function apiError(
  status: number,
  errorId: number,
  domain: string,
  message: string,
  headers: HeadersInit = {},
) {
  return HttpResponse.json({ errors: [errorOf(errorId, domain, message)] }, { status, headers });
}

export function errorOf(errorId: number, domain: string, message: string) {
  const category = errorId === 25001 ? "APPLICATION" : "REQUEST";
  return { errorId, domain, category, message, longMessage: message, parameters: [] };
}

export const invalidToken = () => apiError(401, 1001, "OAuth", "Invalid access token");

export const accessDenied = () =>
  apiError(403, 1100, "ACCESS", "Access denied: insufficient permissions to fulfill the request.");

export const throttled = (headers: HeadersInit = {}) =>
  apiError(429, 2001, "ACCESS", "Too many requests.", headers);
