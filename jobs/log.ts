import { pino } from "pino";

/** What the handlers log with: pino's, without its making. */
export type Log = pino.Logger;

/** Names under which a secret or a person may hide, at the top of a line or one level down. */
const HIDDEN = [
  "authorization",
  "cookie",
  "set-cookie",
  "hmac",
  "x-shopify-hmac-sha256",
  "x-shopify-access-token",
  "x-amz-access-token",
  "secret",
  "secrets",
  "token",
  "accessToken",
  "access_token",
  "refreshToken",
  "refresh_token",
  "clientSecret",
  "client_secret",
  "password",
  "apiKey",
  "email",
  "phone",
  "address",
  "customer",
  "buyer",
  "body",
  "payload",
];

const paths = HIDDEN.flatMap((name) => {
  const key = `["${name}"]`;
  return [key, `*${key}`, `*.headers${key}`, `*.*${key}`];
});

/**
 * One JSON object per line on standard output, in UTC, without secrets and without people: a
 * message's body is never worth the risk, its id is enough to find it in the record.
 */
export function createLog(level: string, name: string, to?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    name,
    base: { pid: process.pid },
    redact: { paths, censor: "[hidden]" },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return to ? pino(options, to) : pino(options);
}
