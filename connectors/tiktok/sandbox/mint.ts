import { createHmac } from "node:crypto";
import { uuid } from "../../sandbox/random.ts";
import { FIRST_PAIR, TIKTOK_APP } from "./account.ts";
import type { TikTokState } from "./state.ts";

const DAY_MS = 24 * 3_600_000;
export const ACCESS_LIFE_MS = 7 * DAY_MS;
export const REFRESH_LIFE_MS = 365 * DAY_MS;

/**
 * A token says when it ends and is signed, so that one that was handed out still opens the sandbox
 * after its memory was wiped.
 */
function mint(state: TikTokState, kind: "access" | "refresh", endsAt: number): string {
  const nonce = uuid(state.market);
  return `ROW_${kind}.${endsAt}.${nonce}.${seal(kind, String(endsAt), nonce)}`;
}

function seal(...parts: string[]): string {
  return createHmac("sha256", TIKTOK_APP.appSecret).update(parts.join()).digest("hex").slice(0, 32);
}

/** When a token of this sandbox ends, in ms; null for any other. */
function endOf(kind: "access" | "refresh", token: string): number | null {
  const [name, endsAt = "", nonce = "", mark = ""] = token.split(".");
  if (name !== `ROW_${kind}` || mark !== seal(kind, endsAt, nonce)) return null;
  return Number(endsAt);
}

/** The envelope's data: both tokens, with their ends as moments in seconds. */
export function newPair(state: TikTokState, now: number) {
  const [access, refresh] = [now + ACCESS_LIFE_MS, now + REFRESH_LIFE_MS];
  return {
    access_token: mint(state, "access", access),
    access_token_expire_in: Math.floor(access / 1_000),
    refresh_token: mint(state, "refresh", refresh),
    refresh_token_expire_in: Math.floor(refresh / 1_000),
  };
}

export type Use = "yes" | "expired" | "no";

export function mayUse(state: TikTokState, token: string, now: number): Use {
  if (state.ended[token]) return "expired";
  const end = token === FIRST_PAIR.accessToken ? FIRST_PAIR.endsAt : endOf("access", token);
  if (end === null) return "no";
  return end > now ? "yes" : "expired";
}

export function mayRefresh(state: TikTokState, token: string, now: number): Use {
  if (state.spent[token]) return "no";
  const end = token === FIRST_PAIR.refreshToken ? FIRST_PAIR.endsAt : endOf("refresh", token);
  if (end === null) return "no";
  return end > now ? "yes" : "expired";
}
