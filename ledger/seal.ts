import { createHash } from "node:crypto";

/**
 * Takes or renews the right to recover the partition KEYS[1]: 1 when it is ours, 0 when somebody
 * else has it, 2 when there is nothing left to recover.
 */
export const LOCK = `
local key = KEYS[1] .. ':lock'
local owner = redis.call('GET', key)
if owner and owner ~= ARGV[1] then return 0 end
-- Somebody else may have verified it between our look and our lock: there is nothing to do, and a
-- second fence would shut out the movements that have happened since.
if redis.call('HGET', KEYS[1] .. ':meta', 'epoch') == ARGV[3] then return 2 end
redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
return 1`;

/** What the seal answers. */
export const SEAL = { sealed: 1, lost: 0 } as const;

const BODY = `
local lock, meta, events = KEYS[1] .. ':lock', KEYS[1] .. ':meta', KEYS[1] .. ':events'
if redis.call('GET', lock) ~= ARGV[1] then return 0 end
redis.call('DEL', lock)
if redis.call('HGET', meta, 'epoch') == EPOCH then return 1 end
local from, to = ARGV[2], ARGV[3]
if from ~= to then redis.call('XADD', events, to .. '-0', 'jump', from) end
redis.call('HSET', meta, 'epoch', EPOCH, 'seq', to)
return 1`;

/**
 * Ends a recovery, in one step and only while its lock is ours: marks in the stream that numbers
 * were skipped, so that nobody takes them for a gap, and lets the partition serve on this epoch.
 */
export function sealScript(epoch: string): { text: string; sha: string } {
  const text = `local EPOCH = ${JSON.stringify(epoch)}${BODY}`;
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
