import type { CallFailure } from "../connector.ts";
import type { CallKind } from "../http.ts";

/** What was asked for makes no sense to the shop: this product, this number. Asking again will not help. */
export interface Refused {
  outcome: "rejected";
  why: string;
}

/** An access token that came to its end: one renewal, one repetition. */
export const TOKEN_EXPIRED = 105_002;

const THROTTLED = new Set([36_009_002, 429]);
/** An internal error and a timeout of theirs: a write may have counted. */
const BROKEN = new Set([36_009_003, 36_009_007]);
/** A scope that was not granted; a signature by another secret; an address that is not on the list. */
const FORBIDDEN = new Set([105_005, 106_001, 36_009_033]);
/** The token is of another shop than the one that was asked about. */
const OTHER_SHOP = 101_000;

/** Names a code other than 0, which comes with whatever HTTP status. */
export function nameCode(
  code: number,
  message: string,
  kind: CallKind,
  retryAt: number,
): CallFailure | Refused {
  const why = `${code}: ${message}`;
  if (THROTTLED.has(code)) return { outcome: "throttled", retryAt, why };
  if (BROKEN.has(code)) return { outcome: kind === "write" ? "unknown" : "unavailable", why };
  if (FORBIDDEN.has(code)) return { outcome: "unauthorized", why, cause: "forbidden" };
  // Every other 105xxx is about a token that opens nothing (105001 and its like).
  if (code === OTHER_SHOP || Math.trunc(code / 1_000) === 105) {
    return { outcome: "unauthorized", why, cause: "revoked" };
  }
  // 12xxxxxx are the product's own rules; everything else says that the call itself is wrong.
  return Math.trunc(code / 1_000_000) === 12
    ? { outcome: "rejected", why }
    : { outcome: "not-supported", why };
}
