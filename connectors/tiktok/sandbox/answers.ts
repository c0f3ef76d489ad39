import { HttpResponse } from "msw";

const REQUEST_ID = "20261124120000SANDBOX";

/** Everything TikTok answers comes in an envelope. */
export const success = (data: unknown) =>
  HttpResponse.json({ code: 0, message: "Success", request_id: REQUEST_ID, data });

/** A failure is a code other than 0; the HTTP status is 200 more often than not. */
export const failure = (code: number, message: string, init: ResponseInit = {}) =>
  HttpResponse.json({ code, message, request_id: REQUEST_ID, data: null }, init);

export const invalid = (message: string) => failure(36_009_004, message);
