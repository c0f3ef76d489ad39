import { assert } from "../inventory/assert.ts";

/** Calls (or points) per second sustained, and at once. The shape of `ConnectorLimits.calls`. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** What is left of a rate at one moment. */
export interface Bucket {
  tokens: number;
  /** When `tokens` was true, in ms since the epoch. */
  at: number;
}

export type Take = { outcome: "taken"; bucket: Bucket } | { outcome: "wait"; waitMs: number };

export function fullBucket(rate: Rate, now: number): Bucket {
  return { tokens: rate.burst, at: now };
}

/** The bucket at `now`. A clock that steps back adds nothing and takes nothing. */
export function refill(bucket: Bucket, rate: Rate, now: number): Bucket {
  const elapsedMs = Math.max(0, now - bucket.at);
  const tokens = Math.min(rate.burst, bucket.tokens + (elapsedMs / 1_000) * rate.perSecond);
  return { tokens, at: Math.max(now, bucket.at) };
}

/**
 * Takes `cost` or says how long to wait for it, in whole ms. A cost above the burst can never be
 * had at once, so it asks for a full bucket and leaves it in debt.
 */
export function take(bucket: Bucket, rate: Rate, now: number, cost = 1): Take {
  assert(rate.perSecond > 0 && rate.burst > 0, "a rate lets something through");
  const filled = refill(bucket, rate, now);
  const missing = Math.min(cost, rate.burst) - filled.tokens;
  // Fractions of a token are lost in floating point; a billionth of one is not worth a wait.
  if (missing > 1e-9) {
    return { outcome: "wait", waitMs: Math.max(1, Math.ceil((missing / rate.perSecond) * 1_000)) };
  }
  return { outcome: "taken", bucket: { tokens: filled.tokens - cost, at: filled.at } };
}

export interface Pacer {
  /** Takes one call of `key`, or answers the ms until one may be made. 0 = taken: call now. */
  take(key: string, rate: Rate): number;
  /** The marketplace said "not before": nothing of `key` is let through until then (ms). */
  holdUntil(key: string, at: number): void;
}

/** Keeps calls inside a marketplace's limits. One key per connection and kind of call. */
export function createPacer(clock: { now(): number }): Pacer {
  const buckets = new Map<string, Bucket>();
  const held = new Map<string, number>();
  return {
    take(key, rate) {
      const now = clock.now();
      const until = held.get(key) ?? 0;
      if (until > now) return until - now;
      held.delete(key);
      const taken = take(buckets.get(key) ?? fullBucket(rate, now), rate, now);
      if (taken.outcome === "wait") return taken.waitMs;
      buckets.set(key, taken.bucket);
      return 0;
    },
    holdUntil(key, at) {
      held.set(key, Math.max(at, held.get(key) ?? 0));
    },
  };
}
