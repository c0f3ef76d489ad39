import { createLedger, type LedgerClient } from "../../ledger/client.ts";
import type { LedgerRecord } from "../../ledger/record.ts";
import { verifyPartitions } from "../../ledger/recovery.ts";
import { startRedis } from "../../scripts/services/redis.ts";
import { type Load, load, median } from "./load.ts";

/** Concurrent callers of the ledger, and of DECR through the same connection. */
export const REDIS_CALLERS = 64;

const SHOP = "bench";
const ENOUGH = 100_000_000;

export interface RedisResult {
  ledger: Load;
  decr: Load;
  exact: boolean;
}

export interface RedisPlan {
  folder: string;
  fsync: "everysec" | "always";
  skus: number;
  rounds: number;
  seconds: number;
  say(line: string): void;
}

/**
 * Holds through the ledger's client against bare DECR through the same connection with the same
 * callers, in turns, so that both meet the machine in the same mood. A hold is checked, numbered,
 * written as an event, kept with its expiry and remembered; a DECR counts.
 */
export async function measureRedis(plan: RedisPlan): Promise<RedisResult> {
  const server = await startRedis({ folder: plan.folder, fsync: plan.fsync });
  const ledger = createLedger({ url: server.url, timeoutMs: 10_000 });
  try {
    await ledger.whenConnected();
    const [holds, decrs]: [Load[], Load[]] = [[], []];
    let exact = true;
    // The first round warms up both sides and is not counted.
    for (let round = 0; round <= plan.rounds; round++) {
      const seconds = round === 0 ? plan.seconds / 2 : plan.seconds;
      const held = await holdRound(ledger, plan, seconds);
      const counted = await decrRound(ledger, plan, seconds);
      exact = exact && held.exact && counted.exact;
      if (round === 0) continue;
      holds.push(held.load);
      decrs.push(counted.load);
      plan.say(
        `  round ${round}: ${Math.round(held.load.perSecond)} holds/s, ` +
          `${Math.round(counted.load.perSecond)} DECR/s`,
      );
    }
    return { ledger: median(holds), decr: median(decrs), exact };
  } finally {
    await ledger.close();
    await server.stop();
  }
}

async function holdRound(ledger: LedgerClient, { skus }: RedisPlan, seconds: number) {
  await ledger.connection.redis.flushall();
  await verifyPartitions(ledger, NO_RECORD);
  await inParallel(skus, (n) => stockItem(ledger, n));
  const result = await load(REDIS_CALLERS, seconds, async (n) => {
    const id = `h${n}`;
    const answer = await ledger.apply({
      type: "hold",
      shop: SHOP,
      item: `sku-${n % skus}`,
      activity: `hold/${id}`,
      channel: "shopify",
      actor: "bench",
      hold: id,
      quantity: 1,
      ttlMs: 900_000,
    });
    if (answer.outcome !== "applied") throw new Error(`refused: ${JSON.stringify(answer)}`);
  });
  let held = 0;
  await inParallel(skus, async (n) => {
    const stock = await ledger.stock(SHOP, `sku-${n}`);
    if ("outcome" in stock) throw new Error(`unavailable: ${stock.why}`);
    held += stock.held;
  });
  return { load: result, exact: held === result.operations };
}

async function stockItem(ledger: LedgerClient, n: number): Promise<void> {
  const item = `sku-${n}`;
  const where = { shop: SHOP, item, location: "main", activity: `stock/${item}` };
  const answer = await ledger.apply({ type: "receive", ...where, quantity: ENOUGH });
  if (answer.outcome !== "applied") throw new Error(`not stocked: ${JSON.stringify(answer)}`);
}

async function decrRound(
  { connection: { redis } }: LedgerClient,
  plan: RedisPlan,
  seconds: number,
) {
  await redis.flushall();
  const key = (n: number) => `bench:decr:${n % plan.skus}`;
  await inParallel(plan.skus, (n) => redis.set(key(n), ENOUGH));
  const result = await load(REDIS_CALLERS, seconds, (n) => redis.decr(key(n)));
  let left = 0;
  await inParallel(plan.skus, async (n) => {
    const value = Number(await redis.get(key(n)));
    left += value;
  });
  return { load: result, exact: plan.skus * ENOUGH - left === result.operations };
}

async function inParallel(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < count; first += 1_000) {
    const some = Array.from({ length: Math.min(1_000, count - first) }, (_, i) => work(first + i));
    await Promise.all(some);
  }
}

/** A ledger that has just been installed: nothing was ever recorded. */
const NO_RECORD: LedgerRecord = {
  lastSeq: async () => 0,
  fence: async () => {
    throw new Error("a fresh ledger needs no fence");
  },
  async *itemsAfter() {},
};
