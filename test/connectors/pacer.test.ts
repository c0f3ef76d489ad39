import fc from "fast-check";
import { expect, test } from "vitest";
import { createPacer, fullBucket, type Rate, type Told, take } from "../../connectors/pacer.ts";
import { manualClock } from "../../connectors/sandbox/clock.ts";

const FIVE: Rate = { perSecond: 5, burst: 5 };
const SLOW: Rate = { perSecond: 0.0056, burst: 20 };

const rows: [
  rate: Rate,
  tokens: number,
  waitedMs: number,
  cost: number,
  expected: number | null,
][] = [
  // rate, tokens before, ms since, cost -> ms to wait, or null = taken
  [FIVE, 5, 0, 1, null],
  [FIVE, 1, 0, 1, null],
  [FIVE, 0, 0, 1, 200],
  [FIVE, 0, 150, 1, 50],
  [FIVE, 0, 200, 1, null],
  [FIVE, 0, -1_000, 1, 200], // a clock that steps back adds nothing
  [FIVE, 0, 0, 5, 1_000],
  [FIVE, 5, 0, 9, null], // more than the burst: a full bucket pays what it can, and owes
  [FIVE, 4, 0, 9, 200],
  [SLOW, 0, 0, 1, 178_572],
  [SLOW, 20, 86_400_000, 20, null], // never more than the burst
];

test.each(rows)("F: %o with %d tokens after %d ms, cost %d", (rate, tokens, ms, cost, expected) => {
  const taken = take({ tokens, at: 10_000 }, rate, 10_000 + ms, cost);
  expect(taken.outcome === "wait" ? taken.waitMs : null).toBe(expected);
});

test("F: in no second more calls pass than the burst and the rate allow", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, (waits) => {
      const clock = manualClock(0);
      const pacer = createPacer(clock);
      let passed = 0;
      for (const ms of waits) {
        clock.advance(ms);
        if (pacer.take("a", FIVE) === 0) passed += 1;
        expect(passed).toBeLessThanOrEqual(
          FIVE.burst + (clock.now() / 1_000) * FIVE.perSecond + 1e-6,
        );
      }
    }),
  );
});

test("F: who waits as long as told gets through, and nobody else's calls count", () => {
  const clock = manualClock(0);
  const pacer = createPacer(clock);
  for (let n = 0; n < 5; n += 1) expect(pacer.take("a", FIVE)).toBe(0);
  const wait = Number(pacer.take("a", FIVE));
  expect(wait).toBe(200);
  expect(pacer.take("b", FIVE), "another connection").toBe(0);
  clock.advance(wait);
  expect(pacer.take("a", FIVE)).toBe(0);
});

test("F: nothing passes before the time the marketplace named", () => {
  const clock = manualClock(0);
  const pacer = createPacer(clock);
  pacer.holdUntil("a", 3_000);
  pacer.holdUntil("a", 1_000);
  expect(pacer.take("a", FIVE)).toBe(3_000);
  clock.advance(3_000);
  expect(pacer.take("a", FIVE)).toBe(0);
});

test("F: a rate that lets nothing through is a defect", () => {
  expect(() => take(fullBucket(FIVE, 0), { perSecond: 0, burst: 1 }, 0)).toThrow();
});

const told: [why: string, told: Told, waitMs: number][] = [
  ["nothing", {}, 0],
  ["a call is left", { left: 1 }, 0],
  ["none is left", { left: 0 }, 200],
  ["none is left until then", { left: 0, moreAt: 3_000 }, 3_000],
  ["none is left until next year, which is not believed", { left: 0, moreAt: 9e12 }, 3_600_000],
  ["a slower rate", { left: 0, perSecond: 2 }, 500],
  ["a quicker rate", { left: 0, perSecond: 20 }, 50],
  ["a rate that cannot be meant", { left: 0, perSecond: 0.001 }, 2_000],
  ["another that cannot be meant", { left: 0, perSecond: 1e6 }, 20],
  ["more left than there ever are", { left: 400 }, 0],
];

test.each(told)("F: what a marketplace tells of its limit corrects the pace: %s", (_, said, ms) => {
  const pacer = createPacer(manualClock(0));
  expect(pacer.take("c1/push", FIVE)).toBe(0);
  pacer.correct("c1/push", said);
  expect(pacer.take("c1/push", FIVE)).toBe(ms);
  expect(pacer.take("c2/push", FIVE), "another connection's pace is its own").toBe(0);
});

test("F: what is told never allows more at once than is published", () => {
  const pacer = createPacer(manualClock(0));
  pacer.correct("c1/push", { left: 400, perSecond: 50 });
  const taken = Array.from({ length: 9 }, () => pacer.take("c1/push", FIVE));
  expect(taken.filter((ms) => ms === 0)).toHaveLength(5);
  expect(pacer.left("c1/push", FIVE)).toBe(0);
  pacer.giveBack("c1/push");
  expect(pacer.take("c1/push", FIVE)).toBe(0);
});
