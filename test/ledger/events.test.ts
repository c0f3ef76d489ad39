import { afterEach, beforeEach, expect, test } from "vitest";
import type { Entry } from "../../ledger/entry.ts";
import { createEventReader, type EventReader } from "../../ledger/events.ts";
import { groupLags, trimEvents } from "../../ledger/stream.ts";
import {
  itemOn,
  numbers,
  openLedger,
  type TestItem,
  type TestLedger,
  until,
} from "./open-ledger.ts";

let ledger: TestLedger;
let readers: EventReader[];
beforeEach(async () => {
  ledger = await openLedger({ partitions: 4 });
  readers = [];
});
afterEach(async () => {
  for (const reader of readers) await reader.close();
  await ledger.close();
});

function read(group: string, options: { batch?: number; leaseMs?: number } = {}): EventReader {
  const reader = createEventReader({ url: ledger.url, partitions: 4, group, ...options });
  readers.push(reader);
  return reader;
}

/** Moves some items in turn, and tells how many movements there were. */
async function move(items: TestItem[], rounds: number): Promise<number> {
  for (let round = 0; round < rounds; round++) {
    for (const item of items) await item.do({ type: "receive", location: "main", quantity: 1 });
  }
  return items.length * rounds;
}

const someItems = () => Array.from({ length: 12 }, () => itemOn(ledger));

/** Reads and acknowledges until `count` entries were handled. */
async function handle(reader: EventReader, count: number): Promise<Entry[]> {
  const handled: Entry[] = [];
  await until(async () => {
    for (const batch of await reader.read(50)) {
      handled.push(...batch.entries);
      await reader.acknowledge(batch);
    }
    return handled.length >= count;
  });
  return handled;
}

function inOrder(entries: Entry[]): boolean {
  const last = new Map<number, number>();
  return entries.every(({ partition, seq }) => {
    const before = last.get(partition) ?? 0;
    last.set(partition, seq);
    return seq === before + 1;
  });
}

test("D8: a group reads every partition's events once, in order, from the beginning", async () => {
  const count = await move(someItems(), 20);
  const handled = await handle(read("persister", { batch: 7 }), count);
  expect(handled).toHaveLength(count);
  expect(inOrder(handled)).toBe(true);
});

test("D7: groups do not see each other: each reads everything, and has its own lag", async () => {
  const count = await move(someItems(), 3);
  const slow = read("amazon", { batch: 1 });
  await slow.read(50);
  expect(await handle(read("shopify"), count)).toHaveLength(count);
  const waiting = (group: string, lags: Awaited<ReturnType<typeof groupLags>>) =>
    lags
      .filter((lag) => lag.group === group)
      .reduce((sum, lag) => sum + lag.waiting + lag.pending, 0);
  const lags = await groupLags(ledger);
  expect(waiting("shopify", lags)).toBe(0);
  await until(async () => waiting("amazon", await groupLags(ledger)) === count);
});

test("D8: what a dead process left unacknowledged comes first to its successor", async () => {
  const count = await move(someItems(), 5);
  const first = read("persister", { batch: 3 });
  await until(async () => (await first.read(50)).length > 0);
  await first.close();
  const handled = await handle(read("persister"), count);
  expect(inOrder(handled)).toBe(true);
  expect(handled).toHaveLength(count);
});

test("D8: a batch that was not handled comes again before anything newer", async () => {
  const items = someItems();
  const before = await move(items, 1);
  const reader = read("persister");
  await until(async () => {
    const batches = await reader.read(50);
    for (const { partition } of batches) reader.retry(partition);
    return batches.length > 0;
  });
  const after = await move(items, 1);
  const handled = await handle(reader, before + after);
  expect(inOrder(handled)).toBe(true);
});

test("a partition is read by one process at a time, and passes on when that one is silent", async () => {
  const items = someItems();
  const first = read("persister", { leaseMs: 300 });
  await first.read(10);
  const second = read("persister", { leaseMs: 300 });
  const count = await move(items, 2);
  // The first one reads no more and gives nothing back, as if it were stuck.
  const handled = await handle(second, count);
  expect(inOrder(handled)).toBe(true);
});

test("a reader on a Redis that was emptied begins again", async () => {
  const reader = read("persister");
  await reader.read(10);
  await ledger.connection.redis.flushall();
  await until(async () => {
    await reader.read(10);
    return (await groupLags(ledger)).some(({ group }) => group === "persister");
  });
});

test("only what every group has acknowledged and the record holds is dropped", async () => {
  const count = await move([itemOn(ledger)], 10);
  const [persister, amazon] = [read("persister"), read("amazon", { batch: 4 })];
  await handle(persister, count);
  await handle(amazon, 4);
  await amazon.read(50); // four more, pending
  const kept = async () => (await numbers(ledger)).flat();
  await trimEvents(ledger, async () => 2);
  expect(await kept()).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  await trimEvents(ledger, async () => 10);
  expect(await kept()).toEqual([5, 6, 7, 8, 9, 10]);
});
