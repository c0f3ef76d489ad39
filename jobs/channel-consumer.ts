import type { StockEvent } from "../ledger/contract.ts";
import type { Database } from "../prisma/client.ts";
import type { LivePublisher } from "./live.ts";
import type { Log } from "./log.ts";
import { dirtyConnections, type PlanItem, planItems, type Sale } from "./planner.ts";
import type { Queues } from "./queues.ts";

export interface ChannelConsumerDeps {
  db: Database;
  enqueue: Queues["enqueue"];
  live: Pick<LivePublisher, "publish">;
  now(): number;
  log: Log;
}

/** The consumer group of a channel: each has its own, so that none waits for another (row D7). */
export function channelGroup(channel: string): string {
  return `channel:${channel}`;
}

/**
 * Turns a batch of events into plans of one channel's listings. Each item is planned once, from its
 * newest stock in the batch, so a hundred sales make one plan. When this returns, the plans are
 * committed and their pushes asked for: the batch may be acknowledged. The same batch again
 * changes nothing, because a plan only moves forward.
 */
export async function consumeForChannel(
  { db, enqueue, live, now, log }: ChannelConsumerDeps,
  channel: string,
  events: readonly StockEvent[],
): Promise<void> {
  const items = newestByItem(events);
  const written = await planItems(db, items, { channel, again: false }, new Date(now()));
  // Should the process die right here, the sweep asks for what is dirty.
  const connections = dirtyConnections(written);
  await Promise.all(connections.map((id) => enqueue("push.connection", { connection: id })));
  const changed = Map.groupBy(written, (one) => one.shop);
  for (const [shop, plans] of changed) live.publish(shop, { items: plans.map((one) => one.item) });
  log.debug({ channel, events: events.length, plans: written.length, connections }, "planned");
}

/** Every item of the batch once: its newest stock and its sales, in the order of their numbers. */
export function newestByItem(events: readonly StockEvent[]): PlanItem[] {
  const byItem = Map.groupBy(events, ({ shop, item }) => `${shop}/${item}`);
  return [...byItem.values()].map((own) => {
    const ordered = own.toSorted((a, b) => a.seq - b.seq);
    const newest = ordered[ordered.length - 1] as StockEvent; // a group has at least one
    const { shop, item, stock } = newest;
    return { shop, item, stock, sales: ordered.flatMap(saleOf) };
  });
}

/** A sale is what newly commits units: an order on a marketplace, or a hold that became one. */
function saleOf({ type, legs, seq, at, occurredAt, channel, connection }: StockEvent): Sale[] {
  if (type !== "sell" && type !== "commit") return [];
  const units = legs.reduce((sum, leg) => sum + (leg.bucket === "committed" ? leg.quantity : 0), 0);
  return units > 0 ? [{ seq, channel, connection, units, at: occurredAt ?? at }] : [];
}
