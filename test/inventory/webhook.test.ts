import { expect, test } from "vitest";
import { nextTry, RETRY_FOR_MS } from "../../inventory/webhook.ts";

test("D9: an event is tried ever more rarely, to the end of its day, and then given up", () => {
  const waits: number[] = [];
  let now = 0;
  for (let tries = 1; ; tries += 1) {
    const next = nextTry(tries, now, RETRY_FOR_MS, 0);
    if (next === null) break;
    waits.push(next - now);
    now = next;
  }
  expect(waits.slice(0, 3)).toEqual([5_000, 30_000, 120_000]);
  expect(now).toBe(RETRY_FOR_MS);
  expect(waits.length).toBeLessThan(20);
});

test("what failed together does not come back together", () => {
  expect(nextTry(1, 0, RETRY_FOR_MS, 1)).toBe(6_000);
});
