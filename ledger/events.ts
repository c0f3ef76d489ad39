import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { decodeEntry, type Entry, type RawEntry } from "./entry.ts";
import { Keys } from "./keys.ts";
import { type Leases, openLeases } from "./leases.ts";
import { DEFAULT_TIMEOUT_MS, type LedgerOptions } from "./options.ts";

/** Entries of one partition, in the order in which they happened. */
export interface Batch {
  partition: number;
  entries: Entry[];
}

export interface EventReader {
  /**
   * Waits up to `waitMs` for what this group has not handled, oldest first. What was read and never
   * acknowledged, by this process or by one that died, comes again before anything newer.
   */
  read(waitMs: number): Promise<Batch[]>;
  /** These are handled: they do not come again. */
  acknowledge(batch: Batch): Promise<void>;
  /** This partition's batch was not handled: everything unacknowledged comes again. */
  retry(partition: number): void;
  close(): Promise<void>;
}

export interface EventReaderOptions extends LedgerOptions {
  /** Who reads: "persister", or a channel. Each group sees every event once. */
  group: string;
  /** Entries per partition and read. */
  batch?: number;
  /** A process that is silent for so long loses its partitions to another one. */
  leaseMs?: number;
}

const DEFAULT_BATCH = 200;
const DEFAULT_LEASE_MS = 10_000;

/**
 * Reads the ledger's events for one group.
 *
 * Events of an item must be handled in order (row D8), so one process at a time reads a partition:
 * whoever holds its lease. All of them read under one consumer name, the group's, so that what a
 * dead process left pending simply is what its successor reads first; nothing has to be claimed.
 */
export function createEventReader(options: EventReaderOptions): EventReader {
  const { group, batch = DEFAULT_BATCH, leaseMs = DEFAULT_LEASE_MS } = options;
  const keys = new Keys(options);
  const { redis, blocking } = connections(options);
  const leases = openLeases(redis, keys, { group, owner: randomUUID(), leaseMs });
  const state = new Cursors();

  async function read(waitMs: number): Promise<Batch[]> {
    const mine = await leases.renew();
    state.keepOnly(mine);
    if (mine.length === 0) {
      await new Promise((done) => setTimeout(done, Math.min(waitMs, leaseMs / 3)));
      return [];
    }
    return readFrom(mine, Math.min(waitMs, leaseMs / 3));
  }

  async function readFrom(mine: number[], waitMs: number): Promise<Batch[]> {
    // On a standalone server one call reads all partitions. On Redis Cluster their streams live in
    // different slots: there, a reader is opened for each node's partitions.
    const streams = mine.map((partition) => keys.events(partition));
    const ids = mine.map((partition) => state.cursor(partition));
    const wait = state.anyPending(mine)
      ? []
      : (["BLOCK", Math.max(1, Math.floor(waitMs))] as const);
    try {
      const arguments_ = ["COUNT", batch, ...wait, "STREAMS", ...streams, ...ids];
      const reply = await blocking.call("XREADGROUP", "GROUP", group, group, ...arguments_);
      return state.advance(mine, collect(reply, keys, mine));
    } catch (error) {
      if (!isMissingGroup(error)) throw error;
      await createGroups(redis, keys, group, mine);
      for (const partition of mine) state.rewind(partition);
      return [];
    }
  }

  return {
    read,
    retry: (partition) => state.rewind(partition),
    acknowledge: async ({ partition, entries }) => {
      if (entries.length === 0) return;
      await redis.xack(keys.events(partition), group, ...entries.map((entry) => `${entry.seq}-0`));
    },
    close: () => close(leases, redis, blocking),
  };
}

/** What comes next of each partition: "0" and up re-reads what is pending, ">" reads what is new. */
class Cursors {
  readonly #next = new Map<number, string>();

  cursor(partition: number): string {
    return this.#next.get(partition) ?? "0";
  }

  /** Forgets partitions that another process reads by now. */
  keepOnly(mine: readonly number[]): void {
    for (const partition of this.#next.keys()) {
      if (!mine.includes(partition)) this.#next.delete(partition);
    }
  }

  anyPending(mine: readonly number[]): boolean {
    return mine.some((partition) => this.cursor(partition) !== ">");
  }

  rewind(partition: number): void {
    this.#next.set(partition, "0");
  }

  advance(mine: readonly number[], batches: Batch[]): Batch[] {
    for (const partition of mine) {
      if (this.cursor(partition) === ">") continue;
      const last = batches.find((batch) => batch.partition === partition)?.entries.at(-1);
      this.#next.set(partition, last ? `${last.seq}-0` : ">");
    }
    return batches;
  }
}

function connections(options: EventReaderOptions): { redis: Redis; blocking: Redis } {
  const { url, timeoutMs = DEFAULT_TIMEOUT_MS, onTrouble = () => {} } = options;
  const shared = { maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false };
  const redis = new Redis(url, { ...shared, commandTimeout: timeoutMs });
  // A call that waits for events would make every other command wait behind it. While Redis is
  // away both reject, and the caller's loop decides how to wait.
  const blocking = new Redis(url, shared);
  for (const connection of [redis, blocking]) connection.on("error", onTrouble);
  return { redis, blocking };
}

/** A map of streams, which the client hands out as one flat list of names and entries. */
type Reply = (string | RawEntry[] | null)[] | null;

function collect(reply: unknown, keys: Keys, mine: readonly number[]): Batch[] {
  const flat = (reply as Reply) ?? [];
  return mine.flatMap((partition) => {
    const at = flat.indexOf(keys.events(partition));
    const raw = at === -1 ? [] : ((flat[at + 1] ?? []) as RawEntry[]);
    const entries = raw.map((entry) => decodeEntry(partition, entry));
    return entries.length > 0 ? [{ partition, entries }] : [];
  });
}

function isMissingGroup(error: unknown): boolean {
  return error instanceof Error && error.message.includes("NOGROUP");
}

/** A new group starts at the beginning: what it has not seen is its to handle. */
async function createGroups(
  redis: Redis,
  keys: Keys,
  group: string,
  partitions: readonly number[],
): Promise<void> {
  const create = async (partition: number) => {
    try {
      await redis.xgroup("CREATE", keys.events(partition), group, "0", "MKSTREAM");
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("BUSYGROUP"))) throw error;
    }
  };
  await Promise.all(partitions.map(create));
}

async function close(leases: Leases, redis: Redis, blocking: Redis): Promise<void> {
  await leases.giveBack().catch(() => {});
  redis.disconnect();
  blocking.disconnect();
}
