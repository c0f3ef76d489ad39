import { type Allocation, allocationLeft } from "../inventory/allocation.ts";
import { NO_LOCATION } from "../inventory/bucket.ts";
import { applyLegs, balanceKey } from "../inventory/movement.ts";
import type { Stock } from "../inventory/stock.ts";
import { type Access, history } from "./stream.ts";

export interface ItemStock {
  shop: string;
  item: string;
  stock: Stock;
}

const PAGE = 500;

/**
 * Every item's balances as Redis has them, for comparing with the record; nothing is expired or
 * decided. Walks the key space of a standalone server; on Redis Cluster, of the node it talks to.
 */
export async function* allStock({ keys, connection }: Access): AsyncGenerator<ItemStock> {
  const { redis } = connection;
  const prefix = `${keys.prefix}:{p`;
  const match = `${prefix.replaceAll(/[[\]*?\\]/g, "\\$&")}*:item:*`;
  let cursor = "0";
  // A scan may tell a key twice.
  const seen = new Set<string>();
  do {
    const [next, found] = await redis.scan(cursor, "MATCH", match, "COUNT", PAGE);
    cursor = next;
    const fresh = found.filter((key) => !seen.has(key));
    for (const key of fresh) seen.add(key);
    const hashes = await Promise.all(fresh.map((key) => redis.hgetall(key)));
    for (const [index, key] of fresh.entries())
      yield { ...namesIn(key), ...stockIn(hashes[index]) };
  } while (cursor !== "0");
}

function namesIn(key: string): { shop: string; item: string } {
  const name = key.slice(key.indexOf(":item:") + ":item:".length);
  const slash = name.indexOf("/");
  return { shop: name.slice(0, slash), item: name.slice(slash + 1) };
}

function stockIn(fields: Record<string, string> = {}): { stock: Stock } {
  const allocations: Record<string, Allocation> = JSON.parse(fields.allocations ?? "{}");
  const left = Object.entries(allocations).map(([channel, allocation]) => [
    channel,
    allocationLeft(allocation, Number(fields[`taken:${channel}`] ?? 0)),
  ]);
  const stock = {
    physical: JSON.parse(fields.physical ?? "{}"),
    committed: Number(fields.committed ?? 0),
    held: Number(fields.held ?? 0),
    allocated: Object.fromEntries(left),
    version: Number(fields.version ?? 0),
  };
  return { stock: fields.heldFor ? { ...stock, heldFor: JSON.parse(fields.heldFor) } : stock };
}

/** A bucket whose balance is not the sum of its legs. */
export interface Mismatch {
  shop: string;
  item: string;
  /** bucket, or bucket@location. */
  bucket: string;
  balance: number;
  legs: number;
}

/**
 * Invariant 6 in Redis: every balance is the sum of its legs. Only true of a ledger whose whole
 * history is still in its streams; once they were trimmed, the record is compared instead.
 */
export async function checkLedger(access: Access): Promise<Mismatch[]> {
  const sums = new Map<string, Map<string, number>>();
  for (const partition of access.keys.all()) {
    for await (const entry of history(access, partition)) {
      if (entry.kind !== "event") continue;
      const name = `${entry.event.shop}/${entry.event.item}`;
      sums.set(name, applyLegs(sums.get(name) ?? new Map(), entry.event.legs));
    }
  }
  const mismatches: Mismatch[] = [];
  for await (const { shop, item, stock } of allStock(access)) {
    const legs = sums.get(`${shop}/${item}`) ?? new Map<string, number>();
    const balances = balancesOf(stock);
    for (const bucket of new Set([...legs.keys(), ...balances.keys()])) {
      if (bucket === "outside" || bucket === "unclaimed") continue;
      const sum = legs.get(bucket) ?? 0;
      const balance = balances.get(bucket) ?? 0;
      if (sum !== balance) mismatches.push({ shop, item, bucket, balance, legs: sum });
    }
  }
  return mismatches;
}

/** The balances of a stock by `balanceKey`, counter-buckets left out. */
export function balancesOf(stock: Stock): Map<string, number> {
  const balances = new Map<string, number>([
    [balanceKey("committed", NO_LOCATION), stock.committed],
    [balanceKey("held", NO_LOCATION), stock.held],
  ]);
  for (const [channel, units] of Object.entries(stock.allocated)) {
    balances.set(balanceKey(`allocated:${channel}`, NO_LOCATION), units);
  }
  for (const [bucket, places] of Object.entries(stock.physical)) {
    for (const [location, units] of Object.entries(places)) {
      balances.set(`${bucket}@${location}`, units);
    }
  }
  return balances;
}
