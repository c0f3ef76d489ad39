/** A sandbox's time: the machine's, or a test's. */
export interface Clock {
  now(): number;
  /** Runs `work` once, at least `ms` later. The answer cancels it. */
  after(ms: number, work: () => void): () => void;
}

/** The machine's time. Its timers never keep a process alive. */
export const machineClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export interface ManualClock extends Clock {
  /** Moves time on, running what falls due on the way in its order. */
  advance(ms: number): void;
  /** How many pieces of work wait for their time. */
  waiting(): number;
}

/** Time that stands until it is moved: the same run twice is the same run. */
export function manualClock(start: number): ManualClock {
  let now = start;
  let waiting: { due: number; work: () => void }[] = [];
  return {
    now: () => now,
    after(ms, work) {
      const entry = { due: now + ms, work };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = waiting.filter((entry) => entry.due <= until).sort((a, b) => a.due - b.due)[0];
        if (!next) break;
        waiting = waiting.filter((entry) => entry !== next);
        now = Math.max(now, next.due);
        next.work();
      }
      now = until;
    },
    waiting: () => waiting.length,
  };
}
