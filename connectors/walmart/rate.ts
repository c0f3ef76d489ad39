import type { ToldRate } from "../connector.ts";

/** Spelt in both ways, depending on the API. */
const MORE_AT = ["x-next-replenishment-time", "x-next-replenish-time"];

/**
 * What an answer says of the limit it counted against, or null when it says nothing.
 * https://developer.walmart.com/us-marketplace/docs/throttling
 */
export function toldRate(headers: Headers): ToldRate | null {
  const left = headers.get("x-current-token-count");
  const moreAt = MORE_AT.map((name) => headers.get(name)).find((value) => value !== null);
  const told: ToldRate = {};
  if (left !== null && /^\d+$/.test(left)) told.left = Number(left);
  const at = moreAt === undefined ? null : momentIn(moreAt ?? "");
  if (at !== null) told.moreAt = at;
  return Object.keys(told).length === 0 ? null : told;
}

/** When to come again after a 429: what the answer says, or else a moment later. */
export function retryAtOf(headers: Headers, now: number, usualMs: number): number {
  const after = headers.get("retry-after");
  if (after !== null && /^\d+$/.test(after)) return now + Number(after) * 1_000;
  const at = (after === null ? null : momentIn(after)) ?? toldRate(headers)?.moreAt ?? 0;
  return at > now ? at : now + usualMs;
}

/** The documentation does not say how the time is written: seconds, ms and text are understood. */
function momentIn(text: string): number | null {
  if (/^\d+$/.test(text)) return text.length > 11 ? Number(text) : Number(text) * 1_000;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? null : parsed;
}
