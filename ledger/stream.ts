import type { Connection } from "./connection.ts";
import { decodeEntry, type Entry, type RawEntry } from "./entry.ts";
import type { Keys } from "./keys.ts";

/** The ledger's connection and names: what `createLedger` returns has both. */
export interface Access {
  keys: Keys;
  connection: Connection;
}

/** How far a group is behind in one partition. */
export interface GroupLag {
  partition: number;
  group: string;
  /** Events it has not been given yet. */
  waiting: number;
  /** Events it was given and has not acknowledged. */
  pending: number;
}

interface GroupState {
  name: string;
  pending: number;
  lag: number;
  /** Number of the last movement it was given. */
  delivered: number;
}

/** Lag of every group on every partition. */
export async function groupLags({ keys, connection }: Access): Promise<GroupLag[]> {
  const lags = await Promise.all(
    keys.all().map(async (partition) => {
      const groups = await groupsOf({ keys, connection }, partition);
      return groups.map(({ name, lag, pending }) => ({
        partition,
        group: name,
        waiting: lag,
        pending,
      }));
    }),
  );
  return lags.flat();
}

/**
 * Drops the events that nobody needs any more: acknowledged by every group, and in the record.
 * @param recorded number of the last movement the record holds of a partition.
 * @returns how many were dropped.
 */
export async function trimEvents(
  access: Access,
  recorded: (partition: number) => Promise<number>,
): Promise<number> {
  const { keys, connection } = access;
  let dropped = 0;
  for (const partition of keys.all()) {
    const needed = [(await recorded(partition)) + 1];
    for (const group of await groupsOf(access, partition)) {
      needed.push(await firstNeeded(access, partition, group));
    }
    const oldest = Math.min(...needed);
    dropped += await connection.redis.xtrim(keys.events(partition), "MINID", `${oldest}-0`);
  }
  return dropped;
}

async function firstNeeded(
  { keys, connection }: Access,
  partition: number,
  group: GroupState,
): Promise<number> {
  if (group.pending === 0) return group.delivered + 1;
  const summary = await connection.redis.xpending(keys.events(partition), group.name);
  return seqOf(String(summary[1]));
}

async function groupsOf({ keys, connection }: Access, partition: number): Promise<GroupState[]> {
  const key = keys.events(partition);
  if ((await connection.redis.exists(key)) === 0) return [];
  const rows = (await connection.redis.xinfo("GROUPS", key)) as (string | number | null)[][];
  return rows.map((row) => {
    const told = (name: string) => row[row.indexOf(name) + 1];
    return {
      name: String(told("name")),
      pending: Number(told("pending")),
      // Null when entries were deleted singly, which nobody does.
      lag: Number(told("lag") ?? 0),
      delivered: seqOf(String(told("last-delivered-id"))),
    };
  });
}

function seqOf(id: string): number {
  return Number(id.slice(0, id.indexOf("-")));
}

const PAGE = 1_000;

/** What is left of a partition's history, oldest first. For checks; consumers use a reader. */
export async function* history(
  { keys, connection }: Access,
  partition: number,
): AsyncGenerator<Entry> {
  let from = "-";
  for (;;) {
    const key = keys.events(partition);
    const page: RawEntry[] = await connection.redis.xrange(key, from, "+", "COUNT", PAGE);
    for (const raw of page) yield decodeEntry(partition, raw);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = `(${last[0]}`;
  }
}
