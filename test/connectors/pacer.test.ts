import fc from "fast-check";
import { expect, test } from "vitest";
import { createPacer, fullBucket, type Rate, take } from "../../connectors/pacer.ts";
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
  const wait = pacer.take("a", FIVE);
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
