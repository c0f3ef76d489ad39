import { afterEach, beforeEach, expect, test } from "vitest";
import type { PushLine, Session } from "../../../connectors/connector.ts";
import { recordedAt } from "../../../connectors/sandbox/elsewhere.ts";
import { type Ingested, resultsOf } from "../../../connectors/walmart/bulk.ts";
import { SHIP_NODE } from "../../../connectors/walmart/sandbox/account.ts";
import type { WalmartState } from "../../../connectors/walmart/sandbox/state.ts";
import { placeSettings } from "../../../inventory/stock-place.ts";
import { allListings, type Bench, lineFor, openChannel, paced, shownOf } from "../harness.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("walmart");
});
afterEach(() => bench.close());

async function submitted(session: Session, lines: PushLine[]): Promise<string> {
  const answer = await session.bulk?.submit(lines);
  if (answer?.outcome !== "submitted") throw new Error(JSON.stringify(answer));
  return answer.file;
}

const manyLines = async (count: number) => {
  const stock = Array.from({ length: count }, (_, n) => ({
    ...{ sku: `SKU-${n}`, title: `Item ${n}`, quantity: 1 },
  }));
  bench.sandbox.stock(stock);
  return (await allListings(paced(bench))).map((row, n) => ({
    ...lineFor(row, n + 2),
    openUnits: n % 2,
  }));
};

test("F: a file is taken at once, worked off later, and answered row by row over its pages", async () => {
  const lines = await manyLines(120);
  const gone = { ...lineFor({ ...lines[0], handle: { sku: "GONE" } } as never, 1) };
  const all = [...lines.slice(0, 60), gone, ...lines.slice(60)];
  const file = await submitted(bench.session, all);
  expect(file).toContain("@");
  const waiting = await bench.session.bulk?.result(file, all);
  expect(waiting).toEqual({ outcome: "processing", againAt: bench.clock.now() + 30_000 });
  bench.clock.advance(30_000);
  const done = await bench.session.bulk?.result(file, all);
  if (done?.outcome !== "processed") throw new Error(JSON.stringify(done));
  expect(done.results).toHaveLength(121);
  expect(done.results[60]).toMatchObject({
    outcome: "rejected",
    why: expect.stringContaining("No item with this sku."),
  });
  const taken = done.results.filter((one) => one.outcome === "accepted");
  expect(taken).toHaveLength(120);
  const last = (await allListings(paced(bench))).at(-1);
  if (!last) throw new Error("no listing");
  // 121 units and one that counts as open, although nothing was sold: it is shown.
  expect(await shownOf(bench.session, last)).toBe(122);
});

test("F: with a ship node, the file is for that node", async () => {
  const lines = await manyLines(1);
  const settings = { ...bench.account.settings, shipNode: SHIP_NODE };
  const session = bench.connect({ settings });
  (bench.sandbox.save() as WalmartState).brokenNodes.push(SHIP_NODE);
  const file = await submitted(session, lines);
  expect(bench.calls.at(-1)?.request.url).toContain(`feedType=inventory&shipNode=${SHIP_NODE}`);
  bench.clock.advance(30_000);
  expect(await session.bulk?.result(file, lines)).toMatchObject({
    outcome: "processed",
    results: [{ outcome: "unavailable" }],
  });
});

test("F: the eleventh file within the hour waits as long as it is told", async () => {
  const lines = await manyLines(1);
  for (let n = 0; n < 10; n += 1) await submitted(bench.session, lines);
  const now = bench.clock.now();
  const refused = await bench.session.bulk?.submit(lines);
  if (refused?.outcome !== "throttled") throw new Error(JSON.stringify(refused));
  expect(refused.retryAt - now).toBeGreaterThan(300_000);
  expect(refused.retryAt - now).toBeLessThanOrEqual(360_000);
  bench.clock.advance(refused.retryAt - now);
  await submitted(bench.session, lines);
});

test("F: a file nobody knows any more leaves its rows unknown", async () => {
  const lines = await manyLines(1);
  expect(await bench.session.bulk?.result("LOST@1", lines)).toMatchObject({ outcome: "unknown" });
});

const row = (sku: string, ingestionStatus: string): Ingested => ({ sku, ingestionStatus });
const line = (sku: string): PushLine => ({
  ...{ externalId: sku, handle: { sku }, quantity: 1, expected: null, key: sku },
});

const outcomes: [status: string, outcome: string][] = [
  ["SUCCESS", "accepted"],
  ["DATA_ERROR", "rejected"],
  ["SYSTEM_ERROR", "unavailable"],
  ["TIMEOUT_ERROR", "unknown"],
  ["INPROGRESS", "unknown"],
  ["SOMETHING_NEW", "unknown"],
];

test.each(outcomes)("D9: a row that is %s in a processed file is %s", (status, outcome) => {
  expect(resultsOf([row("S", status)], [line("S")])).toMatchObject([{ outcome }]);
});

test("D9: rows are answered in our order, and one that is missing is unknown", () => {
  const rows = [row("B", "DATA_ERROR"), row("A", "SUCCESS")];
  const results = resultsOf(rows, [line("A"), line("X"), line("B")]);
  expect(results.map((one) => one.outcome)).toEqual(["accepted", "unknown", "rejected"]);
});

test("B8: where another ship node is kept at 0, the file names both nodes of each SKU", async () => {
  const lines = await manyLines(2);
  const second = bench.sandbox.openPlace("East")?.id ?? "";
  const choice = placeSettings({ told: second, emptied: [SHIP_NODE] });
  const session = bench.connect({ settings: { ...bench.account.settings, ...choice } });
  const file = await submitted(session, lines);
  bench.clock.advance(30_000);
  expect(await session.bulk?.result(file, lines)).toEqual({
    outcome: "processed",
    results: [{ outcome: "accepted" }, { outcome: "accepted" }],
  });
  const listings = Object.values(bench.sandbox.market().listings);
  expect(listings.map((one) => [recordedAt(one, second), recordedAt(one, null)])).toEqual([
    [2, 0],
    [4, 0],
  ]);
});
