import { assert } from "../inventory/assert.ts";
import type { StockEvent } from "./contract.ts";
import { holdOf, legsOf, stockOf, type WireLeg, type WireStock } from "./wire.ts";

/** What a partition's stream holds, under the number it has there. */
export type Entry =
  | { kind: "event"; partition: number; seq: number; event: StockEvent }
  /**
   * Numbers after `from` and before `seq` are not given: they may have been used by movements that
   * Redis forgot. Not a gap. Whoever plans from events plans the partition's items afresh, because
   * the events that changed some of them may be among the forgotten.
   */
  | { kind: "jump"; partition: number; seq: number; from: number };

/** What the script says of a movement. */
type Effect = Pick<StockEvent, "type" | "seq" | "at" | "line" | "hold"> & {
  /** Left out when it is 0. */
  oversold?: number;
  stock: WireStock;
  legs: WireLeg[];
};

/** An entry as Redis hands it out: its id, and its fields as a flat list. */
export type RawEntry = [id: string, fields: string[] | null];

/** Reads an entry; `ledger/script/movement.lua` and recovery are the only writers. */
export function decodeEntry(partition: number, [id, fields]: RawEntry): Entry {
  const seq = Number(id.slice(0, id.indexOf("-")));
  assert(fields !== null, "an entry that a group has not acknowledged is never trimmed");
  const [name, first, , second] = fields;
  if (name === "jump") return { kind: "jump", partition, seq, from: Number(first) };
  assert(first !== undefined && second !== undefined, "an event has a context and an effect");
  const effect: Effect = JSON.parse(second);
  assert(effect.seq === seq, "an event is where its number says");
  const event: StockEvent = {
    ...JSON.parse(first),
    ...effect,
    oversold: effect.oversold ?? 0,
    partition,
    legs: legsOf(effect.legs),
    stock: stockOf(effect.stock, seq),
    ...(effect.hold && { hold: holdOf(effect.hold) }),
  };
  return { kind: "event", partition, seq, event };
}
