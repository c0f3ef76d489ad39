import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createPacer, type Pacer } from "../../connectors/pacer.ts";
import { type ManualClock, manualClock } from "../../connectors/sandbox/clock.ts";
import { createSharedBuckets } from "../../jobs/shared-buckets.ts";
import { freshRedis } from "../support/servers.ts";

let redis: Awaited<ReturnType<typeof freshRedis>>;
const open: { close(): void }[] = [];

beforeAll(async () => {
  redis = await freshRedis();
});

afterAll(async () => {
  for (const one of open) one.close();
  await redis.stop();
});

/** Amazon's searchOrders: one call in three minutes. */
const SCARCE = { perSecond: 0.0056, burst: 20 };
const MINUTE = 60_000;

let clock: ManualClock;
let a: Pacer;
let b: Pacer;
let key = "";

/** The pacer of one worker process, with a connection to Redis of its own. */
function worker(url = redis.url, time: { now(): number } = clock): Pacer {
  const buckets = createSharedBuckets(url);
  open.push(buckets);
  return createPacer(time, buckets);
}

beforeEach(() => {
  clock = manualClock(1_700_000_000_000);
  a = worker();
  b = worker();
  key = `${crypto.randomUUID()}/orders`;
});

const passed = async (pacer: Pacer, times: number, rate = SCARCE) => {
  const waits = await Promise.all(Array.from({ length: times }, () => pacer.take(key, rate)));
  return waits.filter((ms) => ms === 0).length;
};

test("F: two workers together make no more scarce calls than one may", async () => {
  const both = await Promise.all([passed(a, 15), passed(b, 15)]);
  expect(both[0] + both[1]).toBe(20);
  expect(await a.take(key, SCARCE)).toBe(178_572);
  expect(await b.left(key, SCARCE)).toBe(0);
  clock.advance(178_572);
  expect(await Promise.all([passed(a, 1), passed(b, 1)])).toEqual(expect.arrayContaining([0, 1]));
});

test("F: a worker that starts anew finds the limit as it was left", async () => {
  await passed(a, 20);
  expect(await worker().take(key, SCARCE)).toBe(178_572);
});

test("F: what a marketplace told one worker, the others keep to", async () => {
  await passed(a, 1);
  a.holdUntil(key, clock.now() + 5 * MINUTE);
  await expect.poll(async () => b.take(key, SCARCE)).toBe(5 * MINUTE);
  clock.advance(5 * MINUTE);
  b.correct(key, { left: 2 });
  await expect.poll(async () => Math.floor(await a.left(key, SCARCE))).toBe(2);
});

test("F: a call that was not made is there for another worker", async () => {
  await passed(a, 20);
  a.giveBack(key);
  await expect.poll(() => b.left(key, SCARCE)).toBe(1);
  expect(await passed(b, 2)).toBe(1);
});

test("F: a clock behind the others' adds nothing", async () => {
  await passed(a, 20);
  const behind = worker(redis.url, { now: () => clock.now() - 10 * MINUTE });
  expect(await passed(behind, 1)).toBe(0);
});

test("F: what is plentiful is counted at once, in the process", () => {
  expect(a.take(key, { perSecond: 5, burst: 1 })).toBe(0);
  expect(a.take(key, { perSecond: 5, burst: 1 })).toBe(200);
});

test("D5: nothing scarce is let through while the shared count cannot be asked", async () => {
  const away = worker("redis://127.0.0.1:1");
  expect(await away.take(key, SCARCE)).toBe(1_000);
  expect(await away.left(key, SCARCE)).toBe(0);
});
