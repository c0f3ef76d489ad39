import { readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { applyMessage } from "../../../jobs/handlers/inbox-apply.ts";
import { inboxSweep } from "../../../jobs/handlers/inbox-sweep.ts";
import type { Persister } from "../../../jobs/persister.ts";
import { type Recovery, recover, startRecovery } from "../../../jobs/recovery.ts";
import { startRedis } from "../../../scripts/services/redis.ts";
import { drained, expectBalances, must, persisterOf, stockUp } from "./balances.ts";
import { type Scenario, scenarios } from "./scenario.ts";
import { message, openWorld, silent, type World } from "./world.ts";

let world: World;
let persister: Persister;
let recovery: Recovery;
let work: { stop(): Promise<void> };
let restarted: { stop(): Promise<void> } | undefined;

beforeEach(async () => {
  world = await openWorld();
  work = startWork();
  persister = persisterOf(world);
  recovery = startRecovery(world.deps, { lookEveryMs: 20 });
});

afterEach(async () => {
  await work.stop();
  await Promise.all([persister.stop(), recovery.stop()]);
  await world.close();
  await restarted?.stop();
  restarted = undefined;
});

/** Ends Redis without a last word, does something to its files, and starts it again. */
async function crash(damage: (appendOnlyFolder: string) => void): Promise<void> {
  const { pid, folder, url } = world.redis;
  if (pid === undefined) throw new Error("the test's own Redis has a process");
  process.kill(pid, "SIGKILL");
  await vi.waitUntil(async () => !(await world.ledger.health()).connected, { timeout: 10_000 });
  damage(join(folder, "appendonlydir"));
  restarted = await startRedis({ folder, port: Number(new URL(url).port) });
}

/** Cuts the newest part off the append-only file: the seconds before a power cut. */
function forgetTheEnd(folder: string): void {
  const name = readdirSync(folder).find((file) => file.endsWith(".incr.aof"));
  if (!name) throw new Error("no append-only file");
  const file = join(folder, name);
  truncateSync(file, Math.floor(statSync(file).size * 0.6));
}

/** Applies what is due as fast as it comes, as the worker would, until told to stop. */
function startWork(): { stop(): Promise<void> } {
  let stopped = false;
  // What was postponed is due at once.
  const deps = { ...world.deps, now: () => Date.now() - 3_600_000 };
  const enqueue = async (_name: string, payload: object) => {
    const [id = ""] = Object.values(payload);
    await applyMessage(deps, String(id));
  };
  const run = async () => {
    while (!stopped) {
      await inboxSweep({ db: world.db, enqueue, log: silent });
      await pause(5);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

/** Waits until every message is applied. */
async function applied(): Promise<void> {
  const count = () => world.db.inboxMessage.count({ where: { state: { not: "applied" } } });
  await vi.waitUntil(async () => (await count()) === 0, { timeout: 60_000, interval: 50 });
}

async function recovered(): Promise<void> {
  await world.ledger.whenConnected();
  await until("serving");
}

/** Looks until recovery has nothing left to do. */
async function until(outcome: string) {
  return vi.waitUntil(
    async () => {
      const result = await recover(world.deps).catch(() => undefined);
      return result?.outcome === outcome ? result : undefined;
    },
    { timeout: 25_000, interval: 20 },
  );
}

const loads: [string, () => Promise<void>][] = [
  ["killed, its file whole", () => crash(() => {})],
  ["killed, the end of its file lost", () => crash(forgetTheEnd)],
  ["killed, all of its data lost", () => crash((folder) => rmSync(folder, { recursive: true }))],
  ["emptied while it runs", async () => void (await world.ledger.connection.redis.flushall())],
];

describe("Redis lost under load", () => {
  test.each(loads)(
    "D5: %s: every order counts once, in Redis and PostgreSQL",
    async (_, lose) => {
      const scenario = scenarios({ min: 9, max: 9 });
      const [told] = fc.sample(scenario, { numRuns: 1, seed: 7 }) as [Scenario];
      const third = Math.ceil(told.messages.length / 3);
      await stockUp(world);
      await hear(told.messages.slice(0, third));
      await applied();
      await drained(world);
      // From here on what is applied is known to Redis alone.
      await persister.stop();
      await hear(told.messages.slice(third, 2 * third));
      await applied();
      await lose();
      persister = persisterOf(world);
      await hear(told.messages.slice(2 * third));
      await recovered();
      await applied();
      await drained(world);
      await expectBalances(world, told.expected);
    },
    120_000,
  );

  async function hear(messages: Scenario["messages"]): Promise<void> {
    const ids = await Promise.all(messages.map((activities) => message(world, activities)));
    await world.db.$executeRaw`update inbox_message set next_try_at = now()
      where id = any(${ids.map(BigInt)})`;
  }
});

describe("what was promised before the loss", () => {
  test("C1, D5: live holds that are in the record live on, and become orders", async () => {
    await stockUp(world);
    const take = { type: "hold", quantity: 3, ttlMs: 3_600_000 } as const;
    for (const hold of ["a", "b", "c"]) {
      await must(world, "tea", { ...take, hold, activity: `hold/${hold}` });
    }
    await must(world, "tea", { type: "release", hold: "b", activity: "release/b" });
    await drained(world);
    await crash((folder) => rmSync(folder, { recursive: true }));
    await recovered();
    await must(world, "tea", { ...take, hold: "a", activity: "hold/a" }); // the same claim again
    const order = { order: "cart", connection: world.connection.id };
    await must(world, "tea", { type: "commit", hold: "a", activity: "commit/a", ...order });
    await drained(world);
    await expectBalances(world, { tea: { committed: 3, shipped: 0 } }, { tea: 3 });
  });

  test("D5: an activity that is in the record is not applied a second time", async () => {
    await stockUp(world);
    await drained(world);
    await crash((folder) => rmSync(folder, { recursive: true }));
    await recovered();
    await stockUp(world);
    await drained(world);
    await expectBalances(world, {});
  });

  test("D5: an unverified ledger refuses, and nothing is asked of PostgreSQL in its place", async () => {
    await stockUp(world);
    await drained(world);
    await recovery.stop();
    await crash((folder) => rmSync(folder, { recursive: true }));
    await world.ledger.whenConnected();
    const stock = await world.ledger.stock(world.shop, world.items.tea ?? "");
    expect(stock).toEqual({ outcome: "unavailable", why: "unverified" });
    const both = await Promise.all([recover(world.deps), recover(world.deps)]);
    for (const { outcome } of both) expect(["recovered", "again", "serving"]).toContain(outcome);
    expect(await until("serving")).toEqual({ outcome: "serving" });
    await drained(world);
    await expectBalances(world, {});
  });
});
