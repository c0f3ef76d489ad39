import { setTimeout as pause } from "node:timers/promises";
import { type ConnectionRow, everyConnection } from "../prisma/connections.ts";
import { type ReceiverDeps, receiveOnce } from "./receive.ts";

export interface ReceiverOptions {
  /** How long one read of a queue waits for messages, in ms. */
  waitMs?: number;
  /** New and removed connections are noticed this often, in ms. */
  lookEveryMs?: number;
  /** The first wait after a failure, doubled up to `maxBackOffMs`. */
  backOffMs?: number;
  maxBackOffMs?: number;
}

export interface Receiver {
  /** Ends every loop after what it is storing is stored. */
  stop(): Promise<void>;
}

const DEFAULTS = {
  waitMs: 20_000,
  lookEveryMs: 1_000,
  backOffMs: 500,
  maxBackOffMs: 60_000,
} as const satisfies Required<ReceiverOptions>;

/** A queue that is read, and whose messages come in it. */
interface Loop {
  connections: readonly ConnectionRow[];
  stop: AbortController;
  done: Promise<void>;
}

/**
 * Reads the queues of every connection whose marketplace hands its messages out in one. Each queue
 * has a loop of its own, so that an outage or a slow answer of one never delays another (row D7); a
 * queue that several sellers share is read once, for all of them.
 */
export function startReceiver(deps: ReceiverDeps, options: ReceiverOptions = {}): Receiver {
  const settings = { ...DEFAULTS, ...options };
  const stopping = new AbortController();
  const loops = new Map<string, Loop>();
  const queueOf = queueNames(deps);

  async function look(): Promise<void> {
    const connections = (await everyConnection(deps.db)).filter(
      (one) => !one.disconnected && deps.connectorOf(one.channel)?.abilities.inbound === "queue",
    );
    const named = await queueOf(connections);
    // Who read a queue only for himself would take out of it what is for others.
    const known = connections.filter(({ id }) => named.has(id));
    const sharing = Map.groupBy(known, ({ id }) => named.get(id) ?? id);
    for (const [queue, loop] of loops) if (!sharing.has(queue)) loop.stop.abort();
    for (const [queue, own] of sharing) {
      const loop = loops.get(queue);
      if (loop) loop.connections = own;
      else loops.set(queue, begin(queue, own));
    }
  }

  function begin(queue: string, connections: readonly ConnectionRow[]): Loop {
    const stop = new AbortController();
    const loop: Loop = { connections, stop, done: Promise.resolve() };
    const signal = AbortSignal.any([stop.signal, stopping.signal]);
    loop.done = receiveLoop(deps, settings, loop, signal).finally(() => loops.delete(queue));
    return loop;
  }

  async function lookOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch((error) => deps.log.warn({ error: String(error) }, "receiver: no list"));
      await sleep(settings.lookEveryMs, stopping.signal);
    }
  }

  const looking = lookOn();
  return {
    stop: async () => {
      stopping.abort();
      await looking;
      await Promise.all([...loops.values()].map((loop) => loop.done));
    },
  };
}

/**
 * Which queue each connection's messages come in. To know it a session is opened, once for the
 * settings a connection has; who has no queue of a name has one of his own.
 */
function queueNames({ session }: Pick<ReceiverDeps, "session">) {
  const known = new Map<string, { settings: string; queue: string }>();
  return async (connections: readonly ConnectionRow[]): Promise<ReadonlyMap<string, string>> => {
    const named = new Map<string, string>();
    for (const connection of connections) {
      const { id } = connection;
      const settings = JSON.stringify(connection.settings);
      const kept = known.get(id);
      const queue =
        kept?.settings === settings
          ? kept.queue
          : await session(connection).then(
              (opened) => opened && (opened.queue ?? id),
              () => null, // it cannot be opened now: asked again at the next look
            );
      if (queue === null) continue;
      known.set(id, { settings, queue });
      named.set(id, queue);
    }
    for (const id of known.keys()) if (!named.has(id)) known.delete(id);
    return named;
  };
}

async function receiveLoop(
  deps: ReceiverDeps,
  settings: Required<ReceiverOptions>,
  loop: Loop,
  signal: AbortSignal,
): Promise<void> {
  const [first] = loop.connections;
  const log = deps.log.child({ channel: first?.channel, connection: first?.id });
  const clean = new Set<string>();
  let failures = 0;
  while (!signal.aborted) {
    const { connections } = loop;
    const once = receiveOnce({ ...deps, log }, connections, settings.waitMs, signal, clean);
    const waitMs = await once.catch((error) => {
      log.warn({ error: String(error) }, "receiving broke off");
      return 0;
    });
    if (waitMs === "received") {
      failures = 0;
      continue;
    }
    const backOff = Math.min(settings.maxBackOffMs, settings.backOffMs * 2 ** failures);
    failures += 1;
    await sleep(Math.max(waitMs, backOff), signal);
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {}); // stopping ends the wait
}
