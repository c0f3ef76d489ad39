import { committedBy } from "../../inventory/order-line.ts";
import type { StockEvent } from "../../ledger/contract.ts";
import type { Entry } from "../../ledger/entry.ts";
import type { Fence, LedgerRecord, RecordedItem } from "../../ledger/record.ts";

/** The durable record in memory: what the persister makes of the events, and nothing else. */
export class MemoryRecord implements LedgerRecord {
  readonly events = new Map<number, StockEvent[]>();
  readonly marks = new Map<number, number>();
  readonly fences = new Map<number, Fence>();

  /** Records an entry as the persister does: in order, once, and never within a fence. */
  record(entry: Entry): void {
    const mark = this.marks.get(entry.partition) ?? 0;
    const fence = this.fences.get(entry.partition);
    if (entry.seq <= mark) return;
    if (fence && entry.seq > fence.from && entry.seq < fence.to) return;
    if (entry.kind === "event") {
      const events = this.events.get(entry.partition) ?? [];
      this.events.set(entry.partition, [...events, entry.event]);
    }
    this.marks.set(entry.partition, entry.seq);
  }

  async lastSeq(partition: number): Promise<number> {
    return this.marks.get(partition) ?? 0;
  }

  async fence(partition: number, redisSeq: number, margin: number): Promise<Fence> {
    const lastSeq = await this.lastSeq(partition);
    const from = Math.max(lastSeq, redisSeq);
    const fence = { lastSeq, from, to: from + margin };
    this.fences.set(partition, fence);
    return fence;
  }

  async *itemsAfter(partition: number, after: number): AsyncGenerator<RecordedItem[]> {
    const byItem = new Map<string, StockEvent[]>();
    for (const event of this.events.get(partition) ?? []) {
      const name = `${event.shop}/${event.item}`;
      byItem.set(name, [...(byItem.get(name) ?? []), event]);
    }
    for (const events of byItem.values()) {
      if (events.some(({ seq }) => seq > after)) yield [recordedItem(events, after)];
    }
  }
}

function recordedItem(events: StockEvent[], after: number): RecordedItem {
  const last = events.at(-1);
  if (!last) throw new Error("an item has events");
  const holds = new Map<string, RecordedItem["holds"][number] & { seq: number }>();
  const lines = new Map<string, RecordedItem["lines"][number] & { seq: number }>();
  for (const { hold, line, channel, seq } of events) {
    if (hold) {
      const before = holds.get(hold.id);
      holds.set(hold.id, { ...hold, channel: before?.channel ?? channel, seq });
    }
    if (line) lines.set(`${line.connection}/${line.order}`, { ...line, channel, seq });
  }
  const { shop, item, stock } = last;
  return {
    shop,
    item,
    stock,
    holds: [...holds.values()].filter((hold) => hold.seq > after || hold.state === "live"),
    lines: [...lines.values()].filter((line) => line.seq > after || committedBy(line) > 0),
    activities: events.filter(({ seq }) => seq > after),
  };
}
