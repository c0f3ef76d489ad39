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

/** What is asked of one partition and not sent yet. */
interface Queue {
  waiting: Waiting[];
  /** A call is on its way, or about to be made. */
  busy: boolean;
}

/**
 * Sends commands to the script. At most one call per partition is on its way; what is asked
 * meanwhile shares the next one, which the script decides one after the other and writes once.
 * A lonely command does not wait, and under load Redis works on one call while we handle another.
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
    this.#queues = keys.all().map(() => ({ waiting: [], busy: false }));
  }

  /** The script's reply, as JSON, or why there is none. */
  send(partition: number, fields: Fields): Promise<string | Unavailable> {
    const queue = this.#queues[partition];
    assert(queue !== undefined, "a partition is one of those there are");
    return new Promise((resolve, reject) => {
      queue.waiting.push({ fields, resolve, reject });
      if (queue.busy) return;
      queue.busy = true;
      // What is asked in the same turn of the event loop goes along.
      setImmediate(() => this.#next(partition, queue));
    });
  }

  #next(partition: number, queue: Queue): void {
    const batch = queue.waiting.splice(0, BATCH);
    queue.busy = batch.length > 0;
    if (queue.busy) void this.#deliver(partition, queue, batch);
  }

  async #deliver(partition: number, queue: Queue, batch: Waiting[]): Promise<void> {
    try {
      const replies = await this.#call(partition, batch);
      // Nobody waits behind a server that does not answer: these were never sent.
      if (!Array.isArray(replies)) settle(queue.waiting.splice(0), behind(replies));
      this.#next(partition, queue);
      settle(batch, replies);
    } catch (error) {
      // A broken rule stops a call before it has written: those beside the culprit try again alone.
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const waiting of batch) await this.#alone(partition, waiting);
      this.#next(partition, queue);
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
    const reply = await this.#connection.redis.evalsha(script.sha, 1, key, ...args);
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
