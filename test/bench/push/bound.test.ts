import { expect, test } from "vitest";
import { leastTime, type PublishedPath } from "./bound.ts";

const CALLS: PublishedPath = {
  ...{ lines: 2, processingMs: 0 },
  rate: { perSecond: 5, burst: 5 },
};
const FILE: PublishedPath = {
  ...{ lines: 1_000, processingMs: 60_000 },
  rate: { perSecond: 1, burst: 1 },
};

const same = (count: number, lag: number) => Array.from({ length: count }, () => lag);

const rows: [why: string, paths: PublishedPath[], lags: number[], ms: number][] = [
  ["one listing takes its propagation", [CALLS], same(1, 3_000), 3_000],
  ["ten listings are five calls at once", [CALLS], same(10, 3_000), 3_000],
  ["the sixth call waits for its turn", [CALLS], same(11, 3_000), 3_200],
  ["a slow one that went first hides the last", [CALLS], [9_000, ...same(10, 3_000)], 9_000],
  ["by file when there are many", [CALLS, FILE], same(1_000, 0), 60_000],
  ["by calls when there are few", [CALLS, FILE], same(100, 0), 9_000],
  ["the second file waits for its turn", [FILE], same(1_001, 0), 61_000],
];

test.each(rows)("the least time: %s", (_, paths, lags, ms) => {
  expect(leastTime(paths, lags.length, lags)).toBeCloseTo(ms, 6);
});
