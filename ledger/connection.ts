import { Redis } from "ioredis";
import { DEFAULT_TIMEOUT_MS, type LedgerOptions } from "./options.ts";
import { LATE, within } from "./patience.ts";
import { type Script, scriptFor } from "./script.ts";

/** The server a connection talks to, and the script as that very run of it knows it. */
export interface Peer {
  /** run_id: changes whenever the server restarts or another one takes over. */
  epoch: string;
  script: Script;
}

/**
 * A connection to Redis that knows which run of the server it talks to. Between losing a server
 * and having read the next one's run_id there is no peer, and nothing may be sent.
 */
export class Connection {
  readonly redis: Redis;
  #peer: Peer | undefined;
  readonly #patienceMs: number;
  #closed = false;
  #waiting: (() => void)[] = [];

  constructor({ url, timeoutMs = DEFAULT_TIMEOUT_MS, onTrouble = () => {} }: LedgerOptions) {
    this.#patienceMs = timeoutMs;
    const giveUpMs = Math.max(timeoutMs, DEFAULT_TIMEOUT_MS);
    this.redis = new Redis(url, {
      // A command is sent now, to the server we know, or refused: never kept for the next one.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      // Holds gather in rounds of their own (batches.ts): a second gathering costs a third of them.
      enableAutoPipelining: false,
      commandTimeout: giveUpMs,
      connectTimeout: giveUpMs,
      retryStrategy: (times) => Math.min(50 * times, 1_000),
    });
    this.redis.on("error", onTrouble);
    this.redis.on("close", () => {
      this.#peer = undefined;
    });
    this.redis.on("ready", () => {
      this.#meet().catch(onTrouble);
    });
  }

  /**
   * Asks the server something that is to be answered soon. Whoever did not answer in time is not
   * asked again before it has introduced itself anew: everyone who comes after is refused at once
   * instead of waiting as well.
   */
  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    if (!this.#peer) throw new Error("there is no server that answers");
    const answer = await within(question(this.redis), this.#patienceMs);
    if (answer !== LATE) return answer;
    if (this.#peer) {
      this.#peer = undefined;
      this.#meet().catch(() => {}); // it is tried again from the start
    }
    throw new Error("the server did not answer in time");
  }

  /** Waits for the server to introduce itself, and connects anew when it does not. */
  async #meet(): Promise<void> {
    try {
      await this.introduce();
    } catch (error) {
      if (!this.#closed) this.redis.disconnect(true);
      throw error;
    }
  }

  get peer(): Peer | undefined {
    return this.#peer;
  }

  /** Resolves when there is a peer: at once, or when Redis is back. */
  async whenKnown(): Promise<Peer> {
    while (!this.#peer) await new Promise<void>((done) => this.#waiting.push(done));
    return this.#peer;
  }

  /** Reads who the server is and gives it the script. Also after it forgot the script. */
  async introduce(): Promise<Peer> {
    const lost = new Promise<never>((_, fail) => {
      this.redis.once("close", () => fail(new Error("the connection was lost")));
    });
    lost.catch(() => {});
    const epoch = runIdIn(await Promise.race([this.redis.info("server"), lost]));
    const script = scriptFor(epoch);
    await Promise.race([this.redis.script("LOAD", script.text), lost]);
    this.#peer = { epoch, script };
    for (const done of this.#waiting.splice(0)) done();
    return this.#peer;
  }

  /** Ends the connection; what is still on its way is answered "timeout". */
  close(): void {
    this.#closed = true;
    this.redis.disconnect();
  }
}

function runIdIn(info: string): string {
  const found = /^run_id:(\S+)/m.exec(info);
  if (!found?.[1]) throw new Error("INFO server told no run_id");
  return found[1];
}
