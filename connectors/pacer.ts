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
  /**
   * Takes one call of `key`, or answers the ms until one may be made. 0 = taken: call now. What is
   * scarce is asked for outside, where all processes count together; the rest is known at once.
   */
  take(key: string, rate: Rate): number | Promise<number>;
  /** Calls of `key` that may be made at this moment, without taking any. */
  left(key: string, rate: Rate): number | Promise<number>;
  /** Gives back a call that was taken and not made. */
  giveBack(key: string): void;
  /** The marketplace said "not before": nothing of `key` is let through until then (ms). */
  holdUntil(key: string, at: number): void;
  /** The marketplace said how often calls of `key` may be made, or what is left of them. */
  correct(key: string, told: Told): void;
  /** What is known of every key that was touched since the last time this was asked. */
  touched(): SeenPace[];
}

/** What is asked of a shared bucket. */
export interface BucketAsk {
  now: number;
  rate: Rate;
  /** 1 takes a call, -1 gives one back, 0 only looks. */
  cost: 1 | 0 | -1;
  /** Nothing is let through before, in ms since the epoch. */
  heldUntil?: number;
  /** What the marketplace said is left. */
  left?: number;
}

export interface BucketSeen {
  /** 0 = done. */
  waitMs: number;
  tokens: number;
  heldUntil: number;
}

/** Buckets that all processes of a deployment take from: see jobs/shared-buckets.ts. */
export interface SharedBuckets {
  /** Null: they cannot be asked now. */
  ask(key: string, ask: BucketAsk): Promise<BucketSeen | null>;
}

/**
 * Fewer calls a second than this are scarce: a second process that began with a full bucket of its
 * own would use up minutes or hours of them. See docs/decisions/0016-shared-limits.md.
 */
export const SCARCE_PER_SECOND = 0.5;

/** Shared buckets that cannot be asked let nothing through, and are asked again after this. */
const AWAY_MS = 1_000;

/** A rate as it is kept now, corrected by what was told, and what was left of it `at` that time. */
export interface SeenPace {
  key: string;
  rate: Rate;
  tokens: number;
  at: number;
  /** Nothing is let through before; null = it is not held. */
  heldUntil: number | null;
}

/** What a marketplace tells of a limit. The shape of `ToldRate` in the connectors' contract. */
export interface Told {
  perSecond?: number;
  left?: number;
  /** When there are more, in ms since the epoch. */
  moreAt?: number;
}

/**
 * A told rate is believed within these factors of the published one: a header that was misread must
 * neither stop a connection for hours nor let it run into a ban.
 */
const BELIEVED = { least: 0.1, most: 10 };

/** No header holds a connection longer than this: after it, one call finds out. */
const LONGEST_HOLD_MS = 60 * 60_000;

/** What is known of one key. */
interface Paced {
  bucket?: Bucket;
  /** As it was last asked with, corrected by what was told. */
  rate?: Rate;
  told?: number;
  heldUntil?: number;
}

/**
 * Keeps calls inside a marketplace's limits. One key per connection and kind of call. Without
 * `shared` everything is counted in this process alone.
 */
export function createPacer(clock: { now(): number }, shared?: SharedBuckets): Pacer {
  const known = new Map<string, Paced>();
  const news = new Set<string>();
  const of = (key: string): Paced => {
    news.add(key);
    const paced = known.get(key) ?? {};
    known.set(key, paced);
    return paced;
  };
  const ask = async (key: string, more: Pick<BucketAsk, "cost" | "left" | "heldUntil">) => {
    const [paced, now] = [of(key), clock.now()];
    assert(paced.rate !== undefined, "only what has a rate is shared");
    const seen = await shared?.ask(key, { now, rate: paced.rate, ...more });
    if (!seen) return null;
    paced.bucket = { tokens: seen.tokens, at: now };
    paced.heldUntil = Math.max(seen.heldUntil, paced.heldUntil ?? 0);
    return seen;
  };
  const isShared = ({ rate }: Paced) => shared && rate && rate.perSecond < SCARCE_PER_SECOND;
  return {
    take(key, seed) {
      const now = clock.now();
      const paced = of(key);
      if ((paced.heldUntil ?? 0) > now) return (paced.heldUntil ?? now) - now;
      const rate = believed(paced, seed);
      if (isShared(paced)) return ask(key, { cost: 1 }).then((seen) => seen?.waitMs ?? AWAY_MS);
      const taken = take(paced.bucket ?? fullBucket(rate, now), rate, now);
      if (taken.outcome === "wait") return taken.waitMs;
      paced.bucket = taken.bucket;
      return 0;
    },
    left(key, seed) {
      const now = clock.now();
      const paced = of(key);
      if ((paced.heldUntil ?? 0) > now) return 0;
      const rate = believed(paced, seed);
      if (isShared(paced)) return ask(key, { cost: 0 }).then((seen) => seen?.tokens ?? 0);
      return Math.max(0, refill(paced.bucket ?? fullBucket(rate, now), rate, now).tokens);
    },
    giveBack(key) {
      const paced = of(key);
      if (isShared(paced)) return void ask(key, { cost: -1 });
      if (paced.bucket) paced.bucket = { ...paced.bucket, tokens: paced.bucket.tokens + 1 };
    },
    holdUntil(key, at) {
      const paced = of(key);
      paced.heldUntil = Math.max(at, paced.heldUntil ?? 0);
      if (isShared(paced)) void ask(key, { cost: 0, heldUntil: at });
    },
    correct(key, told) {
      const paced = of(key);
      correct(paced, told, clock.now());
      if (told.left === undefined || !isShared(paced)) return;
      void ask(key, { cost: 0, left: told.left, heldUntil: paced.heldUntil ?? 0 });
    },
    touched() {
      const seen = [...news].flatMap((key) => seenPace(key, known.get(key) ?? {}, clock.now()));
      news.clear();
      return seen;
    },
  };
}

/** What was never asked for has no rate yet. */
function seenPace(key: string, { bucket, rate, heldUntil = 0 }: Paced, now: number): SeenPace[] {
  if (!rate) return [];
  const { tokens, at } = bucket ? refill(bucket, rate, now) : fullBucket(rate, now);
  return [{ key, rate, tokens, at, heldUntil: heldUntil > now ? heldUntil : null }];
}

/** The published rate, or the told one as far as it is believed. */
function believed(paced: Paced, seed: Rate): Rate {
  const told = paced.told ?? seed.perSecond;
  const least = seed.perSecond * BELIEVED.least;
  const perSecond = Math.min(seed.perSecond * BELIEVED.most, Math.max(least, told));
  paced.rate = { perSecond, burst: seed.burst };
  return paced.rate;
}

/**
 * A marketplace counts better than we do, and it counts others who call for the same merchant: what
 * it says is left only ever lowers what we think is.
 */
function correct(paced: Paced, { perSecond, left, moreAt }: Told, now: number): void {
  if (perSecond !== undefined && perSecond > 0) paced.told = perSecond;
  if (left === undefined) return;
  const { bucket, rate } = paced;
  const before = bucket && rate ? refill(bucket, rate, now) : { tokens: left, at: now };
  paced.bucket = { tokens: Math.min(before.tokens, Math.max(0, left)), at: before.at };
  if (left < 1 && moreAt !== undefined) {
    const until = Math.min(moreAt, now + LONGEST_HOLD_MS);
    paced.heldUntil = Math.max(until, paced.heldUntil ?? 0);
  }
}
