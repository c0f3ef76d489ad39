import { Redis } from "ioredis";

/** Whether a request may pass, and what its maker should know of the limit. */
export interface Quota {
  allowed: boolean;
  /** Requests that may still be made in this window, at least. */
  remaining: number;
  /** Until the window ends, in ms. */
  resetMs: number;
}

export interface RateLimits {
  /** Requests each subject may make in a window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Takes one request of the subject. Answers at once but for one request in a hundred or so. */
  take(subject: string): Quota | Promise<Quota>;
  close(): void;
}

export interface RateLimitOptions {
  limit: number;
  windowMs?: number;
  now(): number;
}

const DEFAULT_WINDOW_MS = 60_000;

/** While Redis does not answer nobody is refused for the limit's sake; it is asked again after. */
const BLIND_MS = 1_000;

/** A question without an answer for so long is not waited for: holds have to be answered. */
const PATIENCE_MS = 40;

/** Subjects whose windows are over are forgotten when there are this many. */
const SUBJECTS_MAX = 10_000;

/** KEYS: the subject. ARGV: wanted, limit, window in ms. Answers what it grants, leaves, and until. */
const GRANT = `
local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
local left = redis.call('PTTL', KEYS[1])
if left <= 0 then taken, left = 0, tonumber(ARGV[3]) end
local grant = math.max(0, math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - taken))
if grant > 0 then redis.call('SET', KEYS[1], taken + grant, 'PX', left) end
return { grant, tonumber(ARGV[2]) - taken - grant, left }`;

interface Share {
  /** Granted to this process and not used. */
  units: number;
  /** Left in Redis for everyone, when it was last asked. */
  left: number;
  until: number;
  waiting: number;
  asked: Promise<void> | undefined;
}

/**
 * Limits that several processes share. Each takes a hundredth of a subject's limit from Redis at a
 * time and spends it by itself, so that a request usually costs no round trip; what a process took
 * and did not spend is lost when the window ends.
 */
export function createRateLimits(redisUrl: string, options: RateLimitOptions): RateLimits {
  const { limit, windowMs = DEFAULT_WINDOW_MS, now } = options;
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: PATIENCE_MS,
  });
  redis.on("error", () => {}); // told by the calls that fail, which let everyone pass
  const chunk = Math.max(1, Math.floor(limit / 100));
  const shares = new Map<string, Share>();

  function shareOf(subject: string): Share {
    const known = shares.get(subject);
    if (known && known.until > now()) return known;
    if (shares.size >= SUBJECTS_MAX) forgetOver(shares, now());
    const fresh = { units: 0, left: limit, until: Number.POSITIVE_INFINITY, waiting: 0 };
    const share: Share = { ...fresh, asked: undefined };
    shares.set(subject, share);
    return share;
  }

  function quota(share: Share, allowed: boolean): Quota {
    const resetMs = Number.isFinite(share.until) ? Math.max(0, share.until - now()) : windowMs;
    return { allowed, remaining: share.units + share.left, resetMs };
  }

  async function ask(subject: string, share: Share): Promise<void> {
    const wanted = Math.max(chunk, share.waiting);
    try {
      const args = [`rate:${subject}`, wanted, limit, windowMs] as const;
      const [granted, left, ms] = (await redis.eval(GRANT, 1, ...args)) as number[];
      Object.assign(share, { units: granted, left, until: now() + (ms ?? windowMs) });
    } catch {
      Object.assign(share, { units: wanted, left: limit, until: now() + BLIND_MS });
    } finally {
      share.asked = undefined;
    }
  }

  async function wait(subject: string, share: Share): Promise<Quota> {
    share.waiting += 1;
    share.asked ??= ask(subject, share);
    await share.asked;
    share.waiting -= 1;
    return take(subject);
  }

  function take(subject: string): Quota | Promise<Quota> {
    const share = shareOf(subject);
    if (share.units > 0) {
      share.units -= 1;
      return quota(share, true);
    }
    return share.left > 0 ? wait(subject, share) : quota(share, false);
  }

  return { limit, windowMs, take, close: () => redis.disconnect() };
}

function forgetOver(shares: Map<string, Share>, now: number): void {
  for (const [subject, { until }] of shares) if (until <= now) shares.delete(subject);
}
