import { afterEach, beforeEach, expect, test } from "vitest";
import type { AmazonState } from "../../../connectors/amazon/sandbox/state.ts";
import type { PushLine, PushResult, Session } from "../../../connectors/connector.ts";
import {
  allListings,
  type Bench,
  JACKET,
  lineFor,
  openChannel,
  PUSH_SEEN_MS,
  SOCKS,
  shownOf,
} from "../harness.ts";
import { modelTroubles, pathsOf } from "./checked.ts";
import { feedModel } from "./model.ts";

const checkFeed = feedModel("listings-feed-schema-v2");
const checkReport = feedModel("listings-feed-processing-report-schema-v2");

/** A feed takes up to three times the delay of a push, and then the push its own. */
const FEED_DONE_MS = 2_400;

let bench: Bench;
beforeEach(() => {
  bench = openChannel("amazon");
  bench.sandbox.stock([JACKET, SOCKS]);
});
afterEach(() => bench.close());

const stateOf = () => bench.sandbox.save() as AmazonState;

function bulkOf(session: Session): NonNullable<Session["bulk"]> {
  if (!session.bulk) throw new Error("no bulk path");
  return session.bulk;
}

async function submitted(lines: readonly PushLine[]): Promise<string> {
  const answer = await bulkOf(bench.session).submit(lines);
  if (answer.outcome !== "submitted") throw new Error(JSON.stringify(answer));
  return answer.file;
}

async function resultsOf(file: string, lines: readonly PushLine[]): Promise<PushResult[]> {
  const answer = await bulkOf(bench.session).result(file, lines);
  if (answer.outcome !== "processed") throw new Error(JSON.stringify(answer));
  return answer.results;
}

async function twoLines(): Promise<PushLine[]> {
  return (await allListings(bench.session)).map((row, n) => lineFor(row, n + 3));
}

test("F: a feed of quantities is processed later, and its lines are seen by buyers", async () => {
  const rows = await allListings(bench.session);
  const lines = rows.map((row, n) => lineFor(row, n + 3));
  const file = await submitted(lines);
  const early = await bulkOf(bench.session).result(file, lines);
  expect(early).toEqual({ outcome: "processing", againAt: bench.clock.now() + 15_000 });
  bench.clock.advance(FEED_DONE_MS);
  expect(await resultsOf(file, lines)).toEqual([{ outcome: "accepted" }, { outcome: "accepted" }]);
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await Promise.all(rows.map((row) => shownOf(bench.session, row)))).toEqual([3, 4]);
});

test("F: a feed that is done is no success: a refused line is rejected alone", async () => {
  const [first, second] = await twoLines();
  if (!first || !second) throw new Error("no lines");
  const gone = { ...second, handle: { ...second.handle, sku: "GONE" } };
  const file = await submitted([gone, first]);
  bench.clock.advance(FEED_DONE_MS);
  expect(await resultsOf(file, [gone, first])).toEqual([
    { outcome: "rejected", why: expect.stringContaining("90000900") },
    { outcome: "accepted" },
  ]);
});

const endings: [ending: "FATAL" | "CANCELLED", outcome: PushResult["outcome"]][] = [
  ["FATAL", "unknown"],
  ["CANCELLED", "unavailable"],
];

test.each(endings)("F: each line of a feed that ended %s is %s", async (ending, outcome) => {
  const lines = await twoLines();
  const file = await submitted(lines);
  Object.assign(stateOf().feeds[file] ?? {}, { ending, document: null });
  bench.clock.advance(FEED_DONE_MS);
  const results = await resultsOf(file, lines);
  expect(results.map((one) => one.outcome)).toEqual([outcome, outcome]);
});

test("F: a feed that Amazon does not know any more has to be read back", async () => {
  const lines = await twoLines();
  const results = await resultsOf("50000000000", lines);
  expect(results.map((one) => one.outcome)).toEqual(["unknown", "unknown"]);
});

test("F: the sixth feed at once is throttled, and so is the eleventh reading of a report", async () => {
  const lines = await twoLines();
  const files: string[] = [];
  for (let n = 0; n < 5; n += 1) files.push(await submitted(lines));
  expect(await bulkOf(bench.session).submit(lines)).toMatchObject({
    outcome: "throttled",
    retryAt: bench.clock.now() + 120_482,
  });
  bench.clock.advance(FEED_DONE_MS);
  const [file = ""] = files;
  for (let n = 0; n < 10; n += 1) await resultsOf(file, lines);
  const now = bench.clock.now();
  const scarce = await bulkOf(bench.session).result(file, lines);
  expect(scarce, "45 seconds").toEqual({ outcome: "processing", againAt: now + 45_046 });
});

test("F: what failed before a feed was made of it did nothing, and may simply be done again", async () => {
  const lines = await twoLines();
  bench.sandbox.setFaults({ outage: true });
  expect(await bulkOf(bench.session).submit(lines)).toMatchObject({ outcome: "unavailable" });
  bench.sandbox.setFaults({ outage: false });
  await submitted(lines);
  const feeds = () => Object.keys(stateOf().feeds).length;
  expect(feeds()).toBe(1);
  bench.sandbox.setFaults({ hangUpNext: 1 });
  // The first call only makes room for a document.
  expect(await bulkOf(bench.session).submit(lines)).toMatchObject({ outcome: "unavailable" });
  expect(feeds()).toBe(1);
});

test("F: where the making of a feed got no answer, all of its lines may have counted", async () => {
  const lines = await twoLines();
  const uploaded = new Promise<void>((resolve) => {
    bench.calls.push = (...calls) => {
      if (calls.some(({ request }) => request.method === "PUT")) {
        bench.sandbox.setFaults({ hangUpNext: 1 });
        resolve();
      }
      return Array.prototype.push.apply(bench.calls, calls);
    };
  });
  const answer = await bulkOf(bench.session).submit(lines);
  await uploaded;
  expect(answer).toMatchObject({ outcome: "unknown" });
  expect(Object.keys(stateOf().feeds), "it did").toHaveLength(1);
});

test("F: feeds, reports and their calls keep Amazon's models", async () => {
  const [first, second] = await twoLines();
  if (!first || !second) throw new Error("no lines");
  const lines = [first, { ...second, handle: { sku: "GONE" } }];
  const file = await submitted(lines);
  await bulkOf(bench.session).result(file, lines);
  bench.clock.advance(FEED_DONE_MS);
  await resultsOf(file, lines);
  await bulkOf(bench.session).result("50000000000", lines);
  expect(pathsOf(bench).filter((path) => /documents|feeds/.test(path)).length).toBe(6);
  expect(await modelTroubles(bench)).toEqual([]);
  const upload = bench.calls.find(({ request }) => request.method === "PUT");
  expect(checkFeed?.(await upload?.request.json()) ?? []).toEqual([]);
  const [report] = Object.values(stateOf().documents);
  expect(checkReport?.(JSON.parse(report?.text ?? "")) ?? []).toEqual([]);
});

test("F: a rate that Amazon tells is handed on by the kind of call it is for", async () => {
  const told: [string, number | undefined][] = [];
  const session = bench.connect(
    {},
    { onRate: (kind, { perSecond }) => told.push([kind, perSecond]) },
  );
  const [line] = await twoLines();
  if (!line) throw new Error("no line");
  await session.push([line]);
  await session.readBack([line]);
  await session.listings(null);
  await bulkOf(session).submit([line]);
  expect(told).toEqual([
    ["push", 5],
    ["readBack", 5],
    ["listings", 5],
    ["bulk", 0.0083],
  ]);
});
