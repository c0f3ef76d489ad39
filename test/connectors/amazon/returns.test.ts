import { afterEach, beforeEach, expect, test } from "vitest";
import { keepReturn } from "../../../connectors/amazon/return.ts";
import type { AmazonState } from "../../../connectors/amazon/sandbox/state.ts";
import type { Sweep } from "../../../connectors/connector.ts";
import { type Bench, JACKET, openChannel, SOCKS, START } from "../harness.ts";
import { modelTroubles, pathsOf } from "./checked.ts";

const DAY_MS = 24 * 3_600_000;
const TODAY = Date.UTC(2026, 10, 24);

let bench: Bench;
beforeEach(() => {
  bench = openChannel("amazon");
  bench.sandbox.stock([JACKET, SOCKS]);
});
afterEach(() => bench.close());

const stateOf = () => bench.sandbox.save() as AmazonState;
const ordered = () => pathsOf(bench).filter((path) => path.startsWith("POST sellingpartnerapi"));

/** Something was shipped, and comes back. */
function back() {
  const lines = [
    { sku: JACKET.sku, quantity: 2 },
    { sku: SOCKS.sku, quantity: 1 },
  ];
  const bought = bench.sandbox.order({ lines });
  if (bought.outcome !== "sold") throw new Error(JSON.stringify(bought));
  bench.sandbox.ship(bought.order.id, null);
  const returned = bench.sandbox.announceReturn(bought.order.id, null);
  if (returned.outcome !== "returned") throw new Error(JSON.stringify(returned));
  return returned.back;
}

async function ask(since = START - DAY_MS): Promise<Sweep> {
  // Every time by another session: nothing is remembered here.
  const answer = await bench.connect().returnsSince?.(since, null);
  if (!answer) throw new Error("no returns");
  return answer;
}

/** Asks as a job would: again, when it was told to. */
async function sweep(since?: number): Promise<Extract<Sweep, { outcome: "swept" }>> {
  for (let calls = 0; calls < 5; calls += 1) {
    const answer = await ask(since);
    if (answer.outcome === "swept") return answer;
    if (answer.outcome !== "throttled") throw new Error(JSON.stringify(answer));
    bench.clock.advance(answer.retryAt - bench.clock.now());
  }
  throw new Error("no end");
}

const told = async (since?: number) =>
  (await sweep(since)).messages.flatMap(bench.connector.translate);

test("F: a return is announced, and later has arrived; no stock moves by it", async () => {
  const { id, order } = back();
  const rma = `D${id.padStart(8, "0")}RRMA`;
  const line = (sku: string, quantity: number) => ({
    ...{ fact: "return", id: rma, order, listing: sku, sku, quantity },
    ...{ stage: "announced", at: TODAY },
  });
  expect(await told()).toEqual([line(JACKET.sku, 2), line(SOCKS.sku, 1)]);
  bench.clock.advance(DAY_MS);
  bench.sandbox.moveReturn(id, "arrived");
  const arrived = { stage: "arrived", at: TODAY + DAY_MS };
  expect(await told(bench.clock.now() - 60_000)).toEqual([
    { ...line(JACKET.sku, 2), ...arrived },
    { ...line(SOCKS.sku, 1), ...arrived },
  ]);
  expect(await modelTroubles(bench)).toEqual([]);
});

test("F: one report is ordered however often it is asked for, and then used for a while", async () => {
  back();
  expect(await ask()).toMatchObject({ outcome: "throttled", retryAt: START + 30_000 });
  expect(await ask()).toMatchObject({ outcome: "throttled" });
  const first = await sweep();
  const second = await sweep();
  expect(second.messages).toEqual(first.messages);
  expect(first.knownTo, "the time of the order, not of the answer").toBe(START);
  expect(ordered()).toHaveLength(1);
  bench.clock.advance(15 * 60_000);
  expect((await sweep()).knownTo).toBeGreaterThan(START);
  expect(ordered()).toHaveLength(2);
});

test("F: nothing to tell is an answer, too", async () => {
  expect(await sweep()).toEqual({ outcome: "swept", messages: [], knownTo: START, next: null });
});

test("F: a report that failed is ordered again", async () => {
  back();
  await ask();
  for (const report of Object.values(stateOf().reports)) report.ending = "FATAL";
  bench.clock.advance(60_000);
  expect((await sweep()).messages).toHaveLength(2);
  expect(ordered()).toHaveLength(2);
});

test("G: nothing personal is kept of a return", async () => {
  back();
  const kept = JSON.stringify(await sweep());
  expect(kept).not.toMatch(/UNWANTED|1Z555|Label/);
});

const row = (more: Record<string, string>) => ({
  "order-id": "902-1",
  "amazon-rma-id": "DRMA",
  "merchant-sku": "S",
  "return-quantity": "2",
  "return-request-date": "05-Nov-2026",
  "return-request-status": "Approved",
  "return-delivery-date": "",
  ...more,
});

const rows: [title: string, more: Record<string, string>, stage: string | null][] = [
  ["approved", {}, "announced"],
  ["a status nobody wrote down", { "return-request-status": "Quux" }, "announced"],
  ["closed", { "return-request-status": "Closed" }, "closed"],
  ["declined", { "return-request-status": "Declined" }, "closed"],
  ["delivered", { "return-delivery-date": "09-Nov-2026" }, "arrived"],
  [
    "delivered and completed, which a person still has to look at",
    { "return-delivery-date": "2026-11-09T10:00:00Z", "return-request-status": "Completed" },
    "arrived",
  ],
  ["not authorized: it has no number yet", { "amazon-rma-id": "" }, null],
  ["no quantity", { "return-quantity": "" }, null],
];

test.each(rows)("F: a return that is %s", (_title, more, stage) => {
  expect(keepReturn(row(more))?.stage ?? null).toBe(stage);
});
