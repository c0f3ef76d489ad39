import type { Clock } from "./clock.ts";
import type { Market, Outgoing } from "./market.ts";

/** Shopify tries 8 times again over 4 hours; here the same 8 take about two minutes. */
const RETRIES_MAX = 8;
const FIRST_RETRY_MS = 500;

export interface Courier {
  /** Looks for messages that are due, now and again later. Called after every emission. */
  wake(): void;
  /** Resolves when nothing is being handed over at the moment. */
  idle(): Promise<void>;
  stop(): void;
}

/** Hands messages over at the merchant's door, with retries. True = the door said 2xx. */
export function createCourier(
  clock: Clock,
  market: () => Market,
  handOver: (message: Outgoing) => Promise<boolean>,
): Courier {
  const underWay = new Map<Outgoing, Promise<void>>();
  let cancelTimer = () => {};
  let stopped = false;

  async function carry(message: Outgoing): Promise<void> {
    const taken = await handOver(message).catch(() => false);
    underWay.delete(message);
    if (taken) market().stats.sent += 1;
    else if (message.tries >= RETRIES_MAX) market().stats.dropped += 1;
    else return retryLater(message);
    market().outgoing = market().outgoing.filter((other) => other !== message);
  }

  function retryLater(message: Outgoing): void {
    message.due = clock.now() + FIRST_RETRY_MS * 2 ** message.tries;
    message.tries += 1;
    wake();
  }

  function wake(): void {
    cancelTimer();
    if (stopped) return;
    const waiting = market().outgoing.filter((message) => !underWay.has(message));
    const now = clock.now();
    for (const message of waiting.filter((one) => one.due <= now)) {
      underWay.set(message, carry(message));
    }
    const later = waiting.filter((one) => one.due > now).map((one) => one.due);
    if (later.length > 0) cancelTimer = clock.after(Math.min(...later) - now, wake);
  }

  return {
    wake,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
