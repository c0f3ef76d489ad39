import type { Message } from "../../connectors/connector.ts";
import type { OpenConnection } from "../../prisma/connections.ts";
import { type Stored, storeMessages } from "../../prisma/inbox.ts";
import type { Services } from "../services.ts";

/** Messages in one statement: what comes in while another one is flushed to the disk. */
const BATCH = 250;
/** Statements of a connection on their way at once: one is flushed while the next is read. */
const FLYING = 2;
/** Messages that may wait to be stored; beyond, a marketplace is asked to come again. */
const MOST_WAITING = 5_000;

export type Written = Stored | { outcome: "busy" };

interface Waiting {
  message: Message;
  done(stored: Stored): void;
  failed(error: unknown): void;
}

/** What is to be stored of one connection. */
interface Lane {
  waiting: Waiting[];
  /** Statements on their way. */
  flying: number;
}

export interface InboxWriter {
  /** Resolves when the message is in PostgreSQL: only then may it be acknowledged (invariant 7). */
  store(connection: Pick<OpenConnection, "shop" | "id">, message: Message): Promise<Written>;
}

/**
 * Stores what concurrent requests bring in as few statements as there is time for: while one is on
 * its way to the disk, what comes in gathers for the next. A lonely message does not wait.
 */
export function createInboxWriter(services: Pick<Services, "db" | "queues" | "log">): InboxWriter {
  const lanes = new Map<string, Lane>();
  let waiting = 0;

  async function drain(shop: string, id: string, lane: Lane): Promise<void> {
    lane.flying += 1;
    while (lane.waiting.length > 0) {
      const batch = lane.waiting.splice(0, BATCH);
      waiting -= batch.length;
      await write(services, shop, id, batch);
    }
    lane.flying -= 1;
    if (lane.flying === 0) lanes.delete(id);
  }

  return {
    store: ({ shop, id }, message) => {
      if (waiting >= MOST_WAITING) return Promise.resolve({ outcome: "busy" });
      const lane = lanes.get(id) ?? { waiting: [], flying: 0 };
      lanes.set(id, lane);
      waiting += 1;
      return new Promise((done, failed) => {
        lane.waiting.push({ message, done, failed });
        // What comes in with the same turn of the event loop goes along.
        setImmediate(() => {
          if (lane.flying < FLYING && lane.waiting.length > 0) void drain(shop, id, lane);
        });
      });
    },
  };
}

async function write(
  { db, queues, log }: Pick<Services, "db" | "queues" | "log">,
  shop: string,
  connection: string,
  batch: readonly Waiting[],
): Promise<void> {
  try {
    const messages = batch.map(({ message }) => message);
    const stored = await storeMessages(db, shop, connection, messages);
    batch.forEach(({ done }, at) => {
      const one = stored[at];
      if (one) done(one);
    });
    const fresh = stored.filter((one) => one.outcome === "stored").map((one) => one.id);
    if (fresh.length === 0) return;
    // The sweeper finds messages whose job was lost, so a queue that is away loses nothing.
    await enqueue(queues, fresh).catch((error: unknown) => {
      log.warn({ error, messages: fresh.length }, "stored, but not enqueued");
    });
  } catch (error) {
    for (const { failed } of batch) failed(error);
  }
}

function enqueue(queues: Services["queues"], messages: string[]): Promise<void> {
  const [only] = messages;
  if (messages.length === 1 && only) return queues.enqueue("inbox.apply", { message: only });
  return queues.enqueue("inbox.batch", { messages });
}
