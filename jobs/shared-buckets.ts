import { Redis } from "ioredis";
import type { BucketAsk, BucketSeen, SharedBuckets } from "../connectors/pacer.ts";

export const PACE_PREFIX = "ballast:pace:";

/** A question without an answer for so long is not waited for: the call waits instead. */
const PATIENCE_MS = 500;

/**
 * The bucket of connectors/pacer.ts, for all processes: refills, is lowered to what a marketplace
 * said is left, and held until when it said; then takes, gives back (a cost below 0) or only looks
 * (0). Time is the asker's, and never steps back. Kept until it would be full again.
 * KEYS: the bucket. ARGV: now (ms), calls per second, burst, cost, held until (ms), told left or "".
 */
const ASK = `
local now, rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local cost, told = tonumber(ARGV[4]), tonumber(ARGV[6])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'held')
local at = tonumber(kept[2]) or now
local tokens = tonumber(kept[1]) or burst
tokens = math.min(burst, tokens + math.max(0, now - at) / 1000 * rate)
if told then tokens = math.min(tokens, math.max(0, told)) end
local held = math.max(tonumber(kept[3]) or 0, tonumber(ARGV[5]))
local wait = 0
if cost > 0 and held > now then
  wait = held - now
elseif cost - tokens > 1e-9 then
  wait = math.max(1, math.ceil((cost - tokens) / rate * 1000))
else
  tokens = math.min(burst, tokens - cost)
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.9f', tokens),
  'at', string.format('%d', math.max(at, now)), 'held', string.format('%d', held))
local full = math.ceil((burst - tokens) / rate * 1000)
redis.call('PEXPIRE', KEYS[1], math.max(1000, full, held - now))
return { wait, string.format('%.9f', tokens), string.format('%d', held) }`;

/** Buckets in Redis, which every process of a deployment takes from. */
export function createSharedBuckets(redisUrl: string): SharedBuckets & { close(): void } {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1, commandTimeout: PATIENCE_MS });
  redis.on("error", () => {}); // told by the calls that fail, which then wait
  redis.defineCommand("askBucket", { numberOfKeys: 1, lua: ASK });
  const askBucket = redis as unknown as {
    askBucket(key: string, ...args: (string | number)[]): Promise<[number, string, string]>;
  };
  return {
    async ask(key: string, ask: BucketAsk): Promise<BucketSeen | null> {
      const { now, rate, cost, heldUntil = 0, left = "" } = ask;
      const args = [Math.floor(now), rate.perSecond, rate.burst, cost, Math.ceil(heldUntil), left];
      try {
        const [waitMs, tokens, held] = await askBucket.askBucket(PACE_PREFIX + key, ...args);
        return { waitMs, tokens: Number(tokens), heldUntil: Number(held) };
      } catch {
        return null;
      }
    },
    close: () => redis.disconnect(),
  };
}
