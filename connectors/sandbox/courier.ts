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
  const over = new Set<Outgoing>();
  let cancelTimer = () => {};
  let looking: Promise<void> | undefined;
  let stopped = false;

  async function carry(message: Outgoing): Promise<void> {
    const taken = await handOver(message).catch(() => false);
    underWay.delete(message);
    if (taken || message.tries >= RETRIES_MAX) {
      market().stats[taken ? "sent" : "dropped"] += 1;
      over.add(message);
    } else {
      message.due = clock.now() + FIRST_RETRY_MS * 2 ** message.tries;
      message.tries += 1;
    }
    wake();
  }

  /** Whoever wakes it in the same moment shares one look: a file is told in thousands of messages. */
  function wake(): void {
    looking ??= Promise.resolve().then(() => {
      looking = undefined;
      look();
    });
  }

  function look(): void {
    cancelTimer();
    if (over.size > 0) {
      market().outgoing = market().outgoing.filter((message) => !over.has(message));
      over.clear();
    }
    if (stopped) return;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const message of market().outgoing) {
      if (underWay.has(message)) continue;
      if (message.due <= now) underWay.set(message, carry(message));
      else next = Math.min(next, message.due);
    }
    if (next < Number.POSITIVE_INFINITY) cancelTimer = clock.after(next - now, wake);
  }

  return {
    wake,
    async idle() {
      while (looking || underWay.size > 0) await Promise.all([looking, ...underWay.values()]);
    },
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
