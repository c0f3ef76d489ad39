import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTimers } from "../../../jobs/timers.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("of several wishes under one key the earliest counts, and it is run once", () => {
  const ran: string[] = [];
  const timers = createTimers(Date.now);
  timers.in("push c1", 500, () => ran.push("late"));
  timers.in("push c1", 100, () => ran.push("early"));
  timers.in("push c1", 300, () => ran.push("middle"));
  timers.in("push c2", 200, () => ran.push("other"));
  vi.advanceTimersByTime(1_000);
  expect(ran).toEqual(["early", "other"]);
  timers.in("push c1", 0, () => ran.push("again"));
  vi.advanceTimersByTime(0);
  expect(ran).toEqual(["early", "other", "again"]);
});

test("a wish for next month fires early instead of at once, and stopping ends all of them", () => {
  const run = vi.fn();
  const timers = createTimers(Date.now);
  timers.in("push c1", 40 * 24 * 3_600_000, run);
  vi.advanceTimersByTime(59 * 60_000);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(run).toHaveBeenCalledOnce();
  timers.in("push c1", 10, run);
  timers.stop();
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledOnce();
});
