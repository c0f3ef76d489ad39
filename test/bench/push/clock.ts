import type { Clock } from "../../../connectors/sandbox/clock.ts";

/**
 * Time for a benchmark: the machine's, plus the waiting that was skipped. Work takes as long as it
 * takes; only while nothing runs does time jump to the next moment that somebody waits for.
 */
export interface SkippingClock extends Clock {
  jump(ms: number): void;
  /** Names work under way: time does not jump before it has ended. */
  during(work: Promise<unknown>): void;
  /** Waits for the work under way. Nothing new is begun. */
  idle(): Promise<void>;
  /** Lets time pass until `done` says so. */
  until(done: () => boolean): Promise<void>;
}

/** While work runs, waits for its end, but looks at what falls due meanwhile this often. */
const LOOK_EVERY_MS = 5;

export function skippingClock(start: number): SkippingClock {
  let skipped = start - performance.now();
  const waiting = new Set<{ due: number; work: () => void }>();
  const busy = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  const now = () => Math.floor(performance.now() + skipped);
  const jump = (ms: number) => {
    skipped += Math.max(0, ms);
  };
  const nextDue = () => Math.min(Number.POSITIVE_INFINITY, ...[...waiting].map((one) => one.due));
  const runDue = () => {
    const due = [...waiting].filter((one) => one.due <= now()).sort((a, b) => a.due - b.due);
    for (const one of due) {
      if (waiting.delete(one)) one.work();
    }
  };
  return {
    now,
    jump,
    after(ms, work) {
      const entry = { due: now() + ms, work };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    during(work) {
      const ended = work
        .catch((error: unknown) => void failures.push(error))
        .finally(() => busy.delete(ended));
      busy.add(ended);
    },
    async idle() {
      while (busy.size > 0) await Promise.all(busy);
    },
    async until(done) {
      for (;;) {
        runDue();
        if (failures.length > 0) throw failures[0];
        if (done()) return;
        if (busy.size > 0) await Promise.race([...busy, pause(LOOK_EVERY_MS)]);
        else if (waiting.size === 0) throw new Error("nothing is left to wait for");
        else jump(nextDue() - now());
      }
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
