import type { Stock } from "../inventory/stock.ts";
import { Batches } from "./batches.ts";
import { Connection } from "./connection.ts";
import type {
  Answer,
  Applied,
  Command,
  Ledger,
  LedgerHealth,
  Refusal,
  Unavailable,
} from "./contract.ts";
import { encode, encodeForget, encodeName, encodeStock, encodeSweep } from "./encode.ts";
import { Keys } from "./keys.ts";
import type { LedgerOptions } from "./options.ts";
import { holdOf, stockOf, type WireStock } from "./wire.ts";

/** Holds looked at, and answers forgotten, in one call of the sweeper: milliseconds of Redis. */
const SWEEP = 200;

/** A ledger with the connection it owns, for the parts of ledger/ that need both. */
export interface LedgerClient extends Ledger {
  readonly keys: Keys;
  readonly connection: Connection;
  /** Lets a text stand under a basket's id, unless one does. @returns that one, or "". */
  name(shop: string, basket: string, text: string, lifeMs: number): Promise<string | Unavailable>;
  /** Takes that very text back. */
  forget(shop: string, basket: string, text: string): Promise<string | Unavailable>;
  /** Resolves when Redis has been reached, now or later. Partitions may still be unverified. */
  whenConnected(): Promise<void>;
}

/**
 * Opens the ledger. It connects by itself, now and whenever Redis was away; until then every
 * command is answered "unavailable".
 * @param now replaces Redis' clock, in ms. For tests only.
 */
export function createLedger(options: LedgerOptions & { now?: () => number }): LedgerClient {
  const keys = new Keys(options);
  const connection = new Connection(options);
  const batches = new Batches(connection, keys, options.now);

  async function apply(command: Command): Promise<Answer> {
    const partition = keys.of(command.shop, command.item);
    const reply = await batches.send(partition, encode(command, keys));
    return answerOf(partition, parse<WireRefusal | Effect>(reply));
  }

  async function stock(shop: string, item: string): Promise<Stock | Unavailable> {
    const reply = await batches.send(keys.of(shop, item), encodeStock(shop, item));
    const answer = parse<WireStock & { outcome?: never }>(reply);
    return answer.outcome === undefined ? stockOf(answer) : answer;
  }

  async function sweep(partition: number): Promise<number | Unavailable> {
    let total = 0;
    for (;;) {
      const reply = parse<Swept>(await batches.send(partition, encodeSweep(SWEEP)));
      if (reply.outcome === "unavailable") return reply;
      total += reply.expired;
      if (!reply.more) return total;
    }
  }

  async function expireDue(): Promise<number | Unavailable> {
    const swept = await Promise.all(keys.all().map(sweep));
    let total = 0;
    for (const count of swept) {
      if (typeof count !== "number") return count;
      total += count;
    }
    return total;
  }

  return {
    keys,
    connection,
    apply,
    stock,
    name: (shop, basket, text, lifeMs) =>
      batches.send(keys.of(shop, basket), encodeName(keys.basket(shop, basket), text, lifeMs)),
    forget: (shop, basket, text) =>
      batches.send(keys.of(shop, basket), encodeForget(keys.basket(shop, basket), text)),
    expireDue,
    health: () => health(connection, keys),
    whenConnected: async () => void (await connection.whenKnown()),
    close: async () => connection.close(),
  };
}

/** What the script answers for a movement: the event's effect, `repeated` when not made now. */
type Effect = Pick<Applied, "seq" | "hold"> & {
  /** Left out when it is 0. */
  oversold?: number;
  outcome?: never;
  repeated?: true;
  stock: WireStock;
};

type WireRefusal =
  | Exclude<Refusal, { outcome: "version-conflict" }>
  | { outcome: "version-conflict"; stock: WireStock };

function answerOf(partition: number, reply: WireRefusal | Effect): Answer {
  if (reply.outcome === "version-conflict") return { ...reply, stock: stockOf(reply.stock) };
  if (reply.outcome !== undefined) return reply;
  const { repeated = false, seq, oversold = 0, hold } = reply;
  const stock = stockOf(reply.stock, seq);
  const applied: Applied = { outcome: "applied", repeated, partition, seq, stock, oversold };
  return hold ? { ...applied, hold: holdOf(hold) } : applied;
}

interface Swept {
  outcome: "swept";
  expired: number;
  /** Another call has something to expire or to forget. */
  more: boolean;
}

/** The script's own JSON: trusted, because nobody else writes it. */
function parse<T>(reply: string | Unavailable): T | Unavailable {
  return typeof reply === "string" ? (JSON.parse(reply) as T) : reply;
}

async function health({ redis, peer }: Connection, keys: Keys): Promise<LedgerHealth> {
  const away = { connected: false, epoch: undefined, partitions: [] };
  if (!peer) return away;
  try {
    const metas = await Promise.all(
      keys.all().map((partition) => redis.hmget(keys.meta(partition), "epoch", "seq")),
    );
    const partitions = metas.map(([epoch, seq], partition) => ({
      partition,
      seq: Number(seq ?? 0),
      verified: epoch === peer.epoch,
    }));
    return { connected: true, epoch: peer.epoch, partitions };
  } catch {
    return away;
  }
}
