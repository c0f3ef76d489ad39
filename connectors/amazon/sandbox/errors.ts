import { HttpResponse } from "msw";

/** An SP-API error: the shape every operation shares. */
export function apiError(
  status: number,
  code: string,
  message: string,
  details = "",
  headers: HeadersInit = {},
) {
  return HttpResponse.json({ errors: [{ code, message, details }] }, { status, headers });
}

/** Modelled 429s carry no hint of when to come again: no Retry-After, no rate header. */
export const throttled = (headers: HeadersInit = {}) =>
  apiError(
    429,
    "QuotaExceeded",
    "You exceeded your quota for the requested resource.",
    "",
    headers,
  );

export const invalid = (message: string) => apiError(400, "InvalidInput", message);
