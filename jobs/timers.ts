/** Wishes of this process for later. Lost when it ends: the sweepers find what was due. */
export interface Timers {
  /** Calls `run` in `ms`. Of several wishes under one key, the earliest counts. */
  in(key: string, ms: number, run: () => void): void;
  stop(): void;
}

/** A timer cannot be set further than this; whoever wakes up early asks again. */
const FURTHEST_MS = 60 * 60_000;

/**
 * Jobs that wait do not wait in a queue: there, a job that is due in a minute would swallow the one
 * that is asked for now, because both have the same name.
 */
export function createTimers(now: () => number): Timers {
  const set = new Map<string, { due: number; timer: NodeJS.Timeout }>();
  return {
    in: (key, ms, run) => {
      const wait = Math.min(Math.max(0, ms), FURTHEST_MS);
      const due = now() + wait;
      const known = set.get(key);
      if (known && known.due <= due) return;
      clearTimeout(known?.timer);
      const timer = setTimeout(() => {
        set.delete(key);
        run();
      }, wait);
      set.set(key, { due, timer });
    },
    stop: () => {
      for (const { timer } of set.values()) clearTimeout(timer);
      set.clear();
    },
  };
}
