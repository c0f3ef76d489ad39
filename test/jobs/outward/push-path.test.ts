import fc from "fast-check";
import { expect, test } from "vitest";
import { choosePath, type Path, type PathFacts } from "../../../jobs/push-path.ts";

/** Five calls a second with one line each; a file of 10,000 takes two minutes, one a minute. */
const FACTS: PathFacts = {
  ...{ ready: 1, calls: 1, urgent: 0, pushBatch: 1 },
  push: { rate: { perSecond: 5, burst: 5 }, left: 5 },
  bulk: {
    rate: { perSecond: 1 / 60, burst: 2 },
    left: 2,
    limits: { lines: 10_000, usualMs: 120_000 },
  },
};

const facts = (ready: number, over: Partial<PathFacts> = {}): PathFacts => ({
  ...FACTS,
  ...{ ready, calls: ready },
  ...over,
});
const bulk = (left: number): PathFacts["bulk"] => ({ ...FACTS.bulk, left });
const push = (left: number): PathFacts["push"] => ({ ...FACTS.push, left });

const CALLS: Path = { path: "calls" };
const file = (keep = 0): Path => ({ path: "file", keep });

const rows: [why: string, facts: PathFacts, path: Path][] = [
  ["one listing", facts(1), CALLS],
  ["as quick by calls: 605 of them need 120 s", facts(605), CALLS],
  ["one more is quicker by file", facts(606), file()],
  ["the bucket was empty: 600 need 120 s", facts(601, { push: push(0) }), file()],
  ["the next file has to wait a minute", facts(606, { bulk: bulk(0) }), CALLS],
  ["a minute's wait and two more are worth it", facts(1_000, { bulk: bulk(0) }), file()],
  ["two files, of which the second waits", facts(20_000, { bulk: bulk(1) }), file()],
  ["what is urgent goes by calls", facts(10_000, { urgent: 40 }), file(40)],
  ["as far as calls can carry it meanwhile", facts(10_000, { urgent: 9_000 }), file(605)],
  ["calls of many lines", facts(10_000, { calls: 40, pushBatch: 250 }), CALLS],
];

test.each(rows)("F: calls or a file: %s", (_, given, path) => {
  expect(choosePath(given)).toEqual(path);
});

test("F: something is always left for the file, and more lines never turn it back to calls", () => {
  const counts = fc.tuple(fc.integer({ min: 1, max: 50_000 }), fc.integer({ min: 0, max: 50_000 }));
  fc.assert(
    fc.property(counts, ([ready, urgent]) => {
      const path = choosePath(facts(ready, { urgent: Math.min(urgent, ready) }));
      if (path.path === "calls") return;
      expect(path.keep).toBeLessThan(ready);
      expect(choosePath(facts(ready + 1)).path).toBe("file");
    }),
  );
});
