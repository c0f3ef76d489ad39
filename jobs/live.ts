import { Redis } from "ioredis";
import { z } from "zod";

/** "Something of this shop changed": these items, or anything when none are named. */
export interface LiveChange {
  items?: string[];
}

export interface LivePublisher {
  /** Tells whoever watches the shop. Never waits, never fails: a page also polls. */
  publish(shop: string, change: LiveChange): void;
  close(): Promise<void>;
}

export interface LiveSubscriber {
  /**
   * Calls `listener` for every change of the shop until the returned function is called. `begun` is
   * called when listening has begun: what happens from then on is not missed.
   */
  subscribe(shop: string, listener: (change: LiveChange) => void, begun?: () => void): () => void;
  close(): Promise<void>;
}

/** A shop's changes are told at most once per this long: five times a second. */
const QUIET_MS = 200;

/** More items than this are told as "anything". */
const ITEMS_MAX = 500;

const CHANNEL = "live:";
const message = z.object({ items: z.array(z.string()).optional() });

/**
 * Publishes changes over one connection. The first change of a quiet shop goes out at once; what
 * follows within 200 ms is gathered into one message.
 */
export function createLivePublisher(redisUrl: string): LivePublisher {
  const redis = connect(redisUrl, 1);
  const gathered = new Map<string, { pending: LiveChange | undefined; timer: NodeJS.Timeout }>();
  const send = (shop: string, change: LiveChange) => {
    redis.publish(CHANNEL + shop, JSON.stringify(change)).catch(() => {});
    gathered.set(shop, { pending: undefined, timer: setTimeout(() => flush(shop), QUIET_MS) });
  };
  const flush = (shop: string) => {
    const pending = gathered.get(shop)?.pending;
    gathered.delete(shop);
    if (pending) send(shop, pending);
  };
  return {
    publish: (shop, change) => {
      const waiting = gathered.get(shop);
      if (waiting) waiting.pending = merge(waiting.pending, change);
      else send(shop, change);
    },
    close: async () => {
      for (const { timer } of gathered.values()) clearTimeout(timer);
      gathered.clear();
      redis.disconnect();
    },
  };
}

/** Listens over one connection for the whole process, whoever many pages are open. */
export function createLiveSubscriber(redisUrl: string): LiveSubscriber {
  const redis = connect(redisUrl, null); // a subscription waits for Redis, however long
  const listeners = new Map<string, Set<(change: LiveChange) => void>>();
  const began = new Map<string, Promise<unknown>>();
  redis.on("message", (channel: string, text: string) => {
    const change = message.parse(JSON.parse(text));
    for (const listener of listeners.get(channel) ?? []) listener(change);
  });
  // What was said while Redis was away, nobody heard: after a reconnect anything may have changed.
  redis.on("ready", () => {
    const channels = [...listeners.keys()];
    if (channels.length === 0) return;
    const tell = () => {
      for (const channel of channels) for (const hear of listeners.get(channel) ?? []) hear({});
    };
    redis.subscribe(...channels).then(tell, () => {});
  });
  return {
    subscribe: (shop, listener, begun) => {
      const channel = CHANNEL + shop;
      const known = listeners.get(channel) ?? new Set();
      listeners.set(channel, known.add(listener));
      if (known.size === 1) began.set(channel, redis.subscribe(channel));
      began.get(channel)?.then(begun, () => {});
      return () => {
        if (!known.delete(listener) || known.size > 0) return;
        listeners.delete(channel);
        began.delete(channel);
        redis.unsubscribe(channel).catch(() => {});
      };
    },
    close: async () => redis.disconnect(),
  };
}

function merge(a: LiveChange | undefined, b: LiveChange): LiveChange {
  if (!a) return b;
  if (!a.items || !b.items) return {};
  const items = [...new Set([...a.items, ...b.items])];
  return items.length > ITEMS_MAX ? {} : { items };
}

function connect(redisUrl: string, maxRetriesPerRequest: number | null): Redis {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest });
  redis.on("error", () => {}); // told by the commands that fail; live pages poll meanwhile
  return redis;
}
