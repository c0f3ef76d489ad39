import { assert } from "../inventory/assert.ts";
import type { Connection, Peer } from "./connection.ts";
import type { Unavailable } from "./contract.ts";
import type { Fields } from "./encode.ts";
import type { Keys } from "./keys.ts";

/** Commands in one call of the script. Bounded, because Redis does nothing else meanwhile. */
const BATCH = 32;

interface Waiting {
  fields: Fields;
  resolve(reply: string | Unavailable): void;
  reject(error: unknown): void;
}

/** Calls of one partition on their way at once: one that Redis works on, and one it has next. */
const FLYING = 2;

/** What is asked of one partition and not answered yet. */
interface Queue {
  /** Not sent yet. */
  waiting: Waiting[];
  /** Calls on their way. */
  flying: number;
  /** Looked at again at the end of this turn of the event loop. */
  due: boolean;
}

/**
 * Sends commands to the script. While a call of a partition is on its way, what is asked gathers
 * for the next one, which the script decides one after the other and writes once. A lonely command
 * does not wait, and a full call does not either: under load Redis always has the next one at hand.
 */
export class Batches {
  readonly #connection: Connection;
  readonly #keys: Keys;
  /** Redis' own time when undefined. */
  readonly #now: (() => number) | undefined;
  readonly #queues: Queue[];

  constructor(connection: Connection, keys: Keys, now?: () => number) {
    this.#connection = connection;
    this.#keys = keys;
    this.#now = now;
    this.#queues = keys.all().map(() => ({ waiting: [], flying: 0, due: false }));
  }

  /** The script's reply, as JSON, or why there is none. */
  send(partition: number, fields: Fields): Promise<string | Unavailable> {
    const queue = this.#queues[partition];
    assert(queue !== undefined, "a partition is one of those there are");
    return new Promise((resolve, reject) => {
      queue.waiting.push({ fields, resolve, reject });
      if (queue.due) return;
      queue.due = true;
      // What is asked in the same turn of the event loop goes along.
      setImmediate(() => {
        queue.due = false;
        this.#send(partition, queue);
      });
    });
  }

  #send(partition: number, queue: Queue): void {
    const { waiting } = queue;
    while (
      waiting.length > 0 &&
      (queue.flying === 0 || (queue.flying < FLYING && waiting.length >= BATCH))
    ) {
      queue.flying += 1;
      void this.#deliver(partition, queue, waiting.splice(0, BATCH));
    }
  }

  async #deliver(partition: number, queue: Queue, batch: Waiting[]): Promise<void> {
    const replies = await this.#replies(partition, batch);
    queue.flying -= 1;
    // Nobody waits behind a server that does not answer: these were never sent.
    if (replies && !Array.isArray(replies)) settle(queue.waiting.splice(0), behind(replies));
    this.#send(partition, queue);
    if (replies) settle(batch, replies);
  }

  /** The call's replies; undefined when a rule broke and its commands were settled one by one. */
  async #replies(partition: number, batch: Waiting[]): Promise<string[] | Unavailable | undefined> {
    try {
      return await this.#call(partition, batch);
    } catch (error) {
      // A broken rule stops a call before it has written: those beside the culprit try again alone.
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const waiting of batch) await this.#alone(partition, waiting);
      return undefined;
    }
  }

  async #alone(partition: number, waiting: Waiting): Promise<void> {
    try {
      settle([waiting], await this.#call(partition, [waiting]));
    } catch (error) {
      waiting.reject(error);
    }
  }

  async #call(partition: number, batch: Waiting[]): Promise<string[] | Unavailable> {
    const peer = this.#connection.peer;
    if (!peer) return { outcome: "unavailable", why: "away" };
    const args: (string | number)[] = [this.#now?.() ?? ""];
    for (const { fields } of batch) args.push(...fields);
    try {
      return await this.#run(peer, partition, args);
    } catch (error) {
      if (!isForgotten(error)) return unavailableOr(error);
      return this.#again(partition, args);
    }
  }

  /** The server does not know the script: it restarted behind our back, or somebody cleared it. */
  async #again(partition: number, args: (string | number)[]): Promise<string[] | Unavailable> {
    try {
      return await this.#run(await this.#connection.introduce(), partition, args);
    } catch (error) {
      if (isForgotten(error)) return { outcome: "unavailable", why: "away" };
      return unavailableOr(error);
    }
  }

  async #run(
    { script }: Peer,
    partition: number,
    args: (string | number)[],
  ): Promise<string[] | Unavailable> {
    const key = this.#keys.partition(partition);
    const reply = await this.#connection.ask((redis) => redis.evalsha(script.sha, 1, key, ...args));
    return Array.isArray(reply) ? reply : { outcome: "unavailable", why: "unverified" };
  }
}

function settle(batch: Waiting[], replies: string[] | Unavailable): void {
  if (!Array.isArray(replies)) {
    for (const { resolve } of batch) resolve(replies);
    return;
  }
  assert(replies.length === batch.length, "every command of a call has an answer");
  batch.forEach(({ resolve }, i) => {
    resolve(replies[i] ?? "");
  });
}

/** A command that was not sent is not in doubt, even when the one before it is. */
function behind(refused: Unavailable): Unavailable {
  return refused.why === "timeout" ? { outcome: "unavailable", why: "away" } : refused;
}

function isForgotten(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOSCRIPT");
}

/** Codes with which a server says that it cannot serve now. Everything was refused. */
const NOT_NOW =
  /^(LOADING|READONLY|MASTERDOWN|OOM|MISCONF|BUSY|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|UNKILLABLE)\b/;

/**
 * Errors of a server in trouble are an expected outcome. Once a command has been sent, a lost
 * connection leaves open whether it was taken, which is what "timeout" tells the caller.
 */
function unavailableOr(error: unknown): Unavailable {
  if (!(error instanceof Error)) throw error;
  if (NOT_NOW.test(error.message)) return { outcome: "unavailable", why: "away" };
  if (error.message.includes("isn't writeable")) return { outcome: "unavailable", why: "away" };
  if (error.name === "ReplyError") throw error;
  return { outcome: "unavailable", why: "timeout" };
}
