import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";

/** Which partitions of a group this process may read. */
export interface Leases {
  /** Renews what we have, takes what is free, and tells what is ours for the next `leaseMs`. */
  renew(): Promise<number[]>;
  giveBack(): Promise<void>;
}

/** Ours already, or nobody's: taken for another term, in one step. */
const TAKE = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const GIVE_BACK = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

export function openLeases(
  redis: Redis,
  keys: Keys,
  { group, owner, leaseMs }: { group: string; owner: string; leaseMs: number },
): Leases {
  let renewedAt = Number.NEGATIVE_INFINITY;
  let mine: number[] = [];
  const key = (partition: number) => keys.lease(partition, group);
  return {
    renew: async () => {
      // Elapsed time, not the time of day: only this process' own waiting counts.
      if (performance.now() - renewedAt < leaseMs / 3) return mine;
      const before = performance.now();
      const take = (partition: number) => redis.eval(TAKE, 1, key(partition), owner, leaseMs);
      const taken = await Promise.all(keys.all().map(take));
      mine = keys.all().filter((partition) => taken[partition] === 1);
      renewedAt = before;
      return mine;
    },
    giveBack: async () => {
      const held = mine;
      mine = [];
      await Promise.all(held.map((partition) => redis.eval(GIVE_BACK, 1, key(partition), owner)));
    },
  };
}
