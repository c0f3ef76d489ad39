import type { Leg, MovementType } from "../../inventory/movement.ts";
import type { StockEvent } from "../../ledger/contract.ts";
import type { Entry } from "../../ledger/entry.ts";
import type { Database } from "../../prisma/client.ts";
import { type Recorded, recordEntries } from "../../prisma/record.ts";
import { stockOf } from "../../prisma/record-rows.ts";

/** Records events as they come in a stream without jumps. */
export function recordEvents(db: Database, events: readonly StockEvent[]): Promise<Recorded> {
  return recordEntries(db, events.map(entryOf));
}

export function entryOf(event: StockEvent): Entry {
  return { kind: "event", partition: event.partition, seq: event.seq, event };
}

/** Tells events as a ledger would: numbered, with the item's stock after each. */
export class Book {
  readonly partition: number;
  readonly shop: string;
  seq = 0;
  readonly #balances = new Map<string, Map<string, Leg>>();

  constructor(partition = 3, shop = "shop-a") {
    this.partition = partition;
    this.shop = shop;
  }

  /** One movement of the item. The counter-legs are added. */
  move(item: string, type: MovementType, legs: Leg[], extra: Partial<StockEvent> = {}): StockEvent {
    this.seq += 1;
    const all = balanced(legs);
    const balances = this.#balances.get(item) ?? new Map<string, Leg>();
    this.#balances.set(item, balances);
    for (const leg of all) {
      const key = `${leg.bucket}@${leg.location}`;
      const quantity = (balances.get(key)?.quantity ?? 0) + leg.quantity;
      balances.set(key, { ...leg, quantity });
    }
    const stock = stockOf([...balances.values()].map((leg) => ({ ...leg, seq: this.seq })));
    return {
      partition: this.partition,
      seq: this.seq,
      shop: this.shop,
      item,
      activity: `activity-${this.partition}-${this.seq}`,
      type,
      at: 1_700_000_000_000 + this.seq,
      legs: all,
      stock: { ...stock, version: this.seq },
      oversold: 0,
      ...extra,
    };
  }

  receive(item: string, quantity: number): StockEvent {
    return this.move(item, "receive", [{ bucket: "sellable", location: "MAIN", quantity }]);
  }

  sell(item: string, order: string, quantity: number): StockEvent {
    return this.move(item, "sell", [{ bucket: "committed", location: "", quantity }], {
      channel: "shopify",
      connection: "connection-1",
      line: { connection: "connection-1", order, ordered: quantity, cancelled: 0, shipped: 0 },
    });
  }
}

function balanced(legs: Leg[]): Leg[] {
  const sum = (physical: boolean) =>
    legs.reduce(
      (total, leg) => (physical === (leg.location !== "") ? total + leg.quantity : total),
      0,
    );
  const [arrived, claimed] = [sum(true), sum(false)];
  const counters: Leg[] = [];
  if (claimed !== 0) counters.push({ bucket: "unclaimed", location: "", quantity: -claimed });
  if (arrived !== 0) counters.push({ bucket: "outside", location: "", quantity: -arrived });
  return [...legs, ...counters];
}
