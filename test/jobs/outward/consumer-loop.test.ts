import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Consumer, type ConsumerOptions, startConsumer } from "../../../jobs/consumer-loop.ts";
import { type Batch, createEventReader } from "../../../ledger/events.ts";
import { groupLags } from "../../../ledger/stream.ts";
import { openLedger, type TestLedger } from "../../ledger/open-ledger.ts";
import { silent } from "./house.ts";

const PARTITIONS = 4;
const GROUP = "channel:test";

let ledger: TestLedger;
let running: Consumer[];

beforeEach(async () => {
  ledger = await openLedger({ partitions: PARTITIONS, timeoutMs: 5_000 });
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((consumer) => consumer.stop()));
  await ledger.close();
});

function consume(handle: ConsumerOptions["handle"]): Consumer {
  const reader = createEventReader({ url: ledger.url, partitions: PARTITIONS, group: GROUP });
  const metrics = { consumed: () => {} };
  const options = { group: GROUP, reader, handle, metrics, log: silent, backOffMs: 5 };
  const consumer = startConsumer(options);
  running.push(consumer);
  return consumer;
}

/** `count` movements of each of some items, spread over the partitions. */
async function move(count: number, items = ["a", "b", "c", "d", "e", "f"]): Promise<void> {
  const moves = Array.from({ length: count }, (_, n) =>
    items.map((item) => ({
      ...({ type: "receive", shop: "s", item, location: "MAIN", quantity: 1 } as const),
      activity: `${item}-${n}-${Math.random()}`,
    })),
  );
  const answers = await Promise.all(moves.flat().map((command) => ledger.apply(command)));
  expect(answers.map((answer) => answer.outcome)).toEqual(answers.map(() => "applied"));
}

async function behind(): Promise<number> {
  const own = (await groupLags(ledger)).filter((lag) => lag.group === GROUP);
  return own.reduce((sum, lag) => sum + lag.waiting + lag.pending, 0);
}

test("D8: each partition's events are handled in their order, once, and acknowledged", async () => {
  const seen: Batch[] = [];
  consume(async (batch) => void seen.push(batch));
  await move(20);
  await vi.waitFor(async () => {
    expect(seen.flatMap((batch) => batch.entries)).toHaveLength(120);
    expect(await behind()).toBe(0);
  }, 10_000);
  for (const partition of ledger.keys.all()) {
    const own = seen.filter((batch) => batch.partition === partition);
    const numbers = own.flatMap((batch) => batch.entries.map((entry) => entry.seq));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }
});

test("what arrives while a batch is under way becomes one batch", async () => {
  const sizes: number[] = [];
  let go = () => {};
  const held = new Promise<void>((done) => {
    go = done;
  });
  consume(async (batch) => {
    sizes.push(batch.entries.length);
    if (sizes.length === 1) await held;
  });
  await move(1, ["a"]);
  await vi.waitFor(() => expect(sizes).toEqual([1]), 10_000);
  for (let n = 0; n < 30; n += 1) await move(1, ["a"]);
  await vi.waitFor(async () => {
    const [own] = (await groupLags(ledger)).filter((lag) => lag.pending > 0);
    expect(own?.pending).toBe(31);
  }, 10_000);
  go();
  await vi.waitFor(() => expect(sizes).toEqual([1, 30]), 10_000);
});

test("D7: a partition that fails comes again until it succeeds, and holds up no other", async () => {
  const done = new Map<number, number[]>();
  let broken = true;
  const bad = ledger.keys.of("s", "a");
  consume(async ({ partition, entries }) => {
    if (partition === bad && broken) throw new Error("not now");
    const numbers = entries.map((entry) => entry.seq);
    done.set(partition, [...(done.get(partition) ?? []), ...numbers]);
  });
  await move(10);
  const others = ledger.keys.all().filter((partition) => partition !== bad);
  const total = () => others.reduce((sum, one) => sum + (done.get(one)?.length ?? 0), 0);
  const { partitions } = await ledger.health();
  const expected = others.reduce((sum, one) => sum + (partitions[one]?.seq ?? 0), 0);
  await vi.waitFor(() => expect(total()).toBe(expected), 10_000);
  expect(done.get(bad)).toBeUndefined();
  await move(5, ["a"]);
  broken = false;
  await vi.waitFor(async () => expect(await behind()).toBe(0), 10_000);
  const last = (await ledger.health()).partitions[bad]?.seq ?? 0;
  expect(done.get(bad)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
});

test("a consumer that starts again goes on where the one before it ended", async () => {
  const seen: number[] = [];
  const handle = async ({ entries }: Batch) => void seen.push(...entries.map((one) => one.seq));
  const first = consume(handle);
  await move(3, ["a"]);
  await vi.waitFor(() => expect(seen).toEqual([1, 2, 3]), 10_000);
  await first.stop();
  await move(2, ["a"]);
  consume(handle);
  await vi.waitFor(() => expect(seen).toEqual([1, 2, 3, 4, 5]), 10_000);
});

test("a batch whose process stopped in the middle comes again", async () => {
  let started = false;
  const first = consume(async (_, signal) => {
    started = true;
    await new Promise<void>((_, fail) =>
      signal.addEventListener("abort", () => fail(signal.reason)),
    );
  });
  await move(3, ["a"]);
  await vi.waitFor(() => expect(started).toBe(true), 10_000);
  await first.stop();
  const seen: number[] = [];
  consume(async ({ entries }) => void seen.push(...entries.map((one) => one.seq)));
  await vi.waitFor(() => expect(seen).toEqual([1, 2, 3]), 10_000);
});
