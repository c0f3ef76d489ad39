import type { Connection, Peer } from "./connection.ts";
import type { Unavailable } from "./contract.ts";
import type { Fields } from "./encode.ts";
import type { Keys } from "./keys.ts";

/** Commands in one call of the script. Bounded, because Redis does nothing else meanwhile. */
const BATCH = 64;

interface Waiting {
  fields: Fields;
  resolve(reply: string | Unavailable): void;
  reject(error: unknown): void;
}

/**
 * Sends commands to the script. Those of one partition that are asked in the same turn of the
 * event loop share a call: the script decides them one after the other and writes once, which
 * costs Redis about a third of as many single calls and delays nobody.
 */
export class Batches {
  readonly #connection: Connection;
  readonly #keys: Keys;
  /** Redis' own time when undefined. */
  readonly #now: (() => number) | undefined;
  #waiting = new Map<number, Waiting[]>();

  constructor(connection: Connection, keys: Keys, now?: () => number) {
    this.#connection = connection;
    this.#keys = keys;
    this.#now = now;
  }

  /** The script's reply, as JSON, or why there is none. */
  send(partition: number, fields: Fields): Promise<string | Unavailable> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) setImmediate(() => this.#flush());
      const queue = this.#waiting.get(partition);
      const waiting = { fields, resolve, reject };
      if (queue) queue.push(waiting);
      else this.#waiting.set(partition, [waiting]);
    });
  }

  #flush(): void {
    const all = this.#waiting;
    this.#waiting = new Map();
    for (const [partition, queue] of all) {
      for (let first = 0; first < queue.length; first += BATCH) {
        void this.#deliver(partition, queue.slice(first, first + BATCH));
      }
    }
  }

  async #deliver(partition: number, batch: Waiting[]): Promise<void> {
    try {
      const replies = await this.#call(partition, batch);
      batch.forEach(({ resolve }, i) => {
        resolve(Array.isArray(replies) ? (replies[i] as string) : replies);
      });
    } catch (error) {
      // A broken rule stops a call before it has written: those beside the culprit try again alone.
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const waiting of batch) await this.#deliver(partition, [waiting]);
    }
  }

  async #call(partition: number, batch: Waiting[]): Promise<string[] | Unavailable> {
    const peer = this.#connection.peer;
    if (!peer) return { outcome: "unavailable", why: "away" };
    const args: (string | number)[] = [partition, this.#now?.() ?? ""];
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
