import { HttpResponse } from "msw";

interface Told {
  code: string;
  description: string;
  field?: string;
}

/** The shape of the newer services: a list. */
export function apiError(
  status: number,
  { code, description, field = "" }: Told,
  headers: HeadersInit = {},
) {
  const error = { code, field, description, severity: "ERROR", category: "DATA" };
  return HttpResponse.json({ errors: [error] }, { status, headers });
}

/** The shape of the older ones (orders, returns): a list inside an object. */
export function wrappedError(status: number, { code, description, field = "" }: Told) {
  const info = "Request content is invalid.";
  const error = {
    ...{ code, field, description, info },
    ...{ severity: "ERROR", category: "DATA", causes: [] },
  };
  return HttpResponse.json({ errors: { error: [error] } }, { status });
}

export const invalid = (field: string, description: string) =>
  apiError(400, { code: "INVALID_REQUEST_PARAM", field, description });

export const notFound = (description: string) =>
  apiError(404, { code: "CONTENT_NOT_FOUND", description });
