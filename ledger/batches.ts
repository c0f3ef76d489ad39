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

/** Rounds on their way at once: one that Redis works on, and a full one that it has next. */
const FLYING = 2;

/**
 * Sends commands to the script in rounds. While a round is on its way, what is asked gathers for
 * the next one: all of it at once, a call for each partition, which the script decides one
 * command after the other and writes once. A lonely command does not wait, and a full round does
 * not either: under load Redis always has the next one at hand.
 */
export class Batches {
  readonly #connection: Connection;
  readonly #keys: Keys;
  /** Redis' own time when undefined. */
  readonly #now: (() => number) | undefined;
  /** What is asked of each partition and not sent yet. */
  readonly #queues: Waiting[][];
  #waiting = 0;
  /** Rounds on their way. */
  #flying = 0;
  /** Looked at again at the end of this turn of the event loop. */
  #due = false;

  constructor(connection: Connection, keys: Keys, now?: () => number) {
    this.#connection = connection;
    this.#keys = keys;
    this.#now = now;
    this.#queues = keys.all().map(() => []);
  }

  /** The script's reply, as JSON, or why there is none. */
  send(partition: number, fields: Fields): Promise<string | Unavailable> {
    const queue = this.#queues[partition];
    assert(queue !== undefined, "a partition is one of those there are");
    return new Promise((resolve, reject) => {
      queue.push({ fields, resolve, reject });
      this.#waiting += 1;
      if (this.#due) return;
      this.#due = true;
      // What is asked in the same turn of the event loop goes along.
      setImmediate(() => {
        this.#due = false;
        this.#send();
      });
    });
  }

  #send(): void {
    while (this.#waiting > 0 && this.#flying < (this.#waiting < BATCH ? 1 : FLYING)) {
      this.#flying += 1;
      void this.#round();
    }
  }

  async #round(): Promise<void> {
    const calls = this.#queues.flatMap((queue, partition) =>
      queue.length === 0 ? [] : [this.#deliver(partition, queue)],
    );
    await Promise.all(calls);
    this.#flying -= 1;
    this.#send();
  }

  async #deliver(partition: number, queue: Waiting[]): Promise<void> {
    const batch = this.#take(queue, BATCH);
    const replies = await this.#replies(partition, batch);
    if (!replies) return;
    settle(batch, replies);
    // Nobody waits behind a server that does not answer: these were never sent.
    if (!Array.isArray(replies)) settle(this.#take(queue, queue.length), behind(replies));
  }

  #take(queue: Waiting[], count: number): Waiting[] {
    const taken = queue.splice(0, count);
    this.#waiting -= taken.length;
    return taken;
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
