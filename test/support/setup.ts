import { afterEach, beforeEach, expect, vi } from "vitest";

// An error on the console that no test expected is a defect the test did not look for.
beforeEach(() => {
  vi.spyOn(console, "error");
  vi.spyOn(console, "warn");
});

afterEach(() => {
  const heard = [...vi.mocked(console.error).mock.calls, ...vi.mocked(console.warn).mock.calls];
  vi.restoreAllMocks();
  expect(heard, "nothing unexpected on the console").toEqual([]);
});
