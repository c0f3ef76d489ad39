import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { liveStream } from "../../app/live/live.server.ts";
import { createLog } from "../../jobs/log.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("G: a stream ends after minutes, so that a right which was taken away is asked for again", async () => {
  let listeners = 0;
  const live = {
    subscribe: (_shop: string, _hear: unknown, begun: () => void) => {
      listeners += 1;
      begun();
      return () => {
        listeners -= 1;
      };
    },
  };
  const services = { live, log: createLog("silent", "test") } as unknown as Parameters<
    typeof liveStream
  >[0];
  const { body } = liveStream(services, "shop", new AbortController().signal);
  const reader = body?.getReader();
  const texts: string[] = [];
  const ended = (async () => {
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) return;
      texts.push(new TextDecoder().decode(piece.value));
    }
  })();
  expect(listeners).toBe(1);
  await vi.advanceTimersByTimeAsync(170_000);
  expect(texts.filter((text) => text === ": alive\n\n")).toHaveLength(11);
  await vi.advanceTimersByTimeAsync(20_000);
  await ended;
  expect(listeners).toBe(0);
});
