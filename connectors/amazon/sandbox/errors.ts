import { HttpResponse } from "msw";

/** An SP-API error: the shape every operation shares. */
export function apiError(status: number, code: string, message: string, details = "") {
  return HttpResponse.json({ errors: [{ code, message, details }] }, { status });
}

/** Modelled 429s carry no hint of when to come again: no Retry-After, no rate header. */
export const throttled = () =>
  apiError(429, "QuotaExceeded", "You exceeded your quota for the requested resource.");

export const invalid = (message: string) => apiError(400, "InvalidInput", message);
