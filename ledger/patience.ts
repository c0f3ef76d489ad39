import { setImmediate as turn } from "node:timers/promises";

/** What `within` answers when the time is over. */
export const LATE = Symbol("late");

/**
 * What `work` resolves to, or LATE when it is not done after `ms`. A process that was busy itself
 * would find its timer due before it reads an answer that came in time: so what has arrived by
 * then is read first, and only silence counts as late.
 */
export function within<T>(work: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((done) => {
    timer = setTimeout(async () => {
      await turn();
      await turn();
      done(LATE);
    }, ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
