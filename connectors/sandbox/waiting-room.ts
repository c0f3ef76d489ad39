import type { Clock } from "./clock.ts";

/** Where long polls wait for the next message. */
export interface WaitingRoom {
  /** Resolves after `ms`, or when everybody is woken. */
  wait(ms: number): Promise<void>;
  wakeAll(): void;
}

export function createWaitingRoom(clock: Clock): WaitingRoom {
  const waiting = new Set<() => void>();
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const done = () => {
          cancel();
          waiting.delete(done);
          resolve();
        };
        const cancel = clock.after(ms, done);
        waiting.add(done);
      }),
    wakeAll() {
      for (const done of [...waiting]) done();
    },
  };
}
