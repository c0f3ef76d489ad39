import { randomUUID } from "node:crypto";
import { assert } from "../inventory/assert.ts";
import type { LedgerClient } from "./client.ts";
import type { Peer } from "./connection.ts";
import type { LedgerRecord } from "./record.ts";
import { reloadItems } from "./reload.ts";
import { LOCK, SEAL, sealScript } from "./seal.ts";

export interface RecoveryOptions {
  /** Told as items are reloaded. */
  onProgress?: (progress: { partition: number; items: number }) => void;
}

/** What became of one partition. */
export interface Verified {
  partition: number;
  outcome:
    | "already"
    /** Neither Redis nor the record knew it: a first start. */
    | "initialised"
    /** Redis was as far as the record, or further. */
    | "kept"
    /** Redis was behind: items were reloaded. */
    | "reloaded"
    /** Another process is verifying it. */
    | "busy";
  /** Items reloaded from the record. */
  items: number;
}

export type Verification = { outcome: "verified" | "busy"; partitions: Verified[] } | Lost;

/** Redis went away meanwhile: ask again. */
type Lost = { outcome: "unavailable" };

/**
 * More movements than a partition can make between its last recorded one and a crash. Numbers are
 * skipped by so much, so that none is ever given twice, however many Redis forgot.
 */
export const JUMP = 1_000_000;

/** The lock outlives any single step of recovery; every page renews it. */
const LOCK_MS = 30_000;

/**
 * Verifies every partition that was not verified on this run of Redis (design "Losing Redis"):
 * compares its number with the record's, reloads what Redis has forgotten, jumps beyond every
 * number that may have been given, and lets it serve. Until then it refuses everything.
 * Safe to repeat, and safe when several processes do it at once.
 */
export async function verifyPartitions(
  ledger: LedgerClient,
  record: LedgerRecord,
  options: RecoveryOptions = {},
): Promise<Verification> {
  const peer = ledger.connection.peer;
  if (!peer) return { outcome: "unavailable" };
  try {
    const partitions: Verified[] = [];
    for (const partition of ledger.keys.all()) {
      partitions.push(await verifyOne(ledger, record, options, peer, partition));
    }
    const busy = partitions.some(({ outcome }) => outcome === "busy");
    return { outcome: busy ? "busy" : "verified", partitions };
  } catch (error) {
    if (ledger.connection.peer === peer) throw error;
    return { outcome: "unavailable" };
  }
}

async function verifyOne(
  ledger: LedgerClient,
  record: LedgerRecord,
  options: RecoveryOptions,
  peer: Peer,
  partition: number,
): Promise<Verified> {
  const { redis } = ledger.connection;
  const [epoch] = await redis.hmget(ledger.keys.meta(partition), "epoch");
  if (epoch === peer.epoch) return { partition, outcome: "already", items: 0 };
  const key = ledger.keys.partition(partition);
  const token = randomUUID();
  const locked = await redis.eval(LOCK, 1, key, token, LOCK_MS, peer.epoch);
  if (locked === 2) return { partition, outcome: "already", items: 0 };
  if (locked !== 1) return { partition, outcome: "busy", items: 0 };
  // Loaded on this run of Redis and on no other: a seal that arrives after a restart is refused.
  const seal = sealScript(peer.epoch);
  await redis.script("LOAD", seal.text);
  const { from, to, ...found } = await catchUp(ledger, record, options, partition, token);
  const sealed = await redis.evalsha(seal.sha, 1, key, token, from, to);
  assert(sealed === SEAL.sealed || sealed === SEAL.lost, "a seal says whether it holds");
  return { partition, ...found, outcome: sealed === SEAL.sealed ? found.outcome : "busy" };
}

interface Caught {
  outcome: "initialised" | "kept" | "reloaded";
  items: number;
  /** The greatest number that is known, and the number to go on after. Equal without a jump. */
  from: number;
  to: number;
}

async function catchUp(
  ledger: LedgerClient,
  record: LedgerRecord,
  { onProgress = () => {} }: RecoveryOptions,
  partition: number,
  token: string,
): Promise<Caught> {
  const redisSeq = await lastNumber(ledger, partition);
  if (redisSeq === -1 && (await record.lastSeq(partition)) === 0) {
    return { outcome: "initialised", items: 0, from: 0, to: 0 };
  }
  const { lastSeq, from, to } = await record.fence(partition, redisSeq, JUMP);
  assert(from >= Math.max(lastSeq, redisSeq) && to > from, "a fence is beyond what is known");
  if (redisSeq >= lastSeq) return { outcome: "kept", items: 0, from, to };
  let items = 0;
  for await (const page of record.itemsAfter(partition, redisSeq)) {
    await reloadItems(ledger, partition, page);
    items += page.length;
    onProgress({ partition, items });
    const held = await ledger.connection.redis.eval(
      LOCK,
      1,
      ledger.keys.partition(partition),
      token,
      LOCK_MS,
    );
    assert(held === 1, "the lock is renewed long before it ends");
  }
  return { outcome: "reloaded", items, from, to };
}

/** The partition's number as Redis has it, or -1 when Redis has nothing of the partition. */
async function lastNumber({ connection, keys }: LedgerClient, partition: number): Promise<number> {
  const seq = await connection.redis.hget(keys.meta(partition), "seq");
  return seq === null ? -1 : Number(seq);
}
