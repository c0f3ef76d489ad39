import type { Connector } from "../connectors/connector.ts";
import type { Ledger, StockEvent } from "../ledger/contract.ts";
import type { Batch } from "../ledger/events.ts";
import type { Database } from "../prisma/client.ts";
import { itemsToReplan, type WrittenPlan } from "../prisma/plans.ts";
import { everyShop } from "../prisma/shops.ts";
import type { LivePublisher } from "./live.ts";
import type { Log } from "./log.ts";
import type { PlanItem, Sale, Settled } from "./plan-source.ts";
import { dirtyConnections, planItems, replanItems } from "./planner.ts";
import type { Queues } from "./queues.ts";

export interface ChannelConsumerDeps {
  db: Database;
  ledger: Pick<Ledger, "stock">;
  /** The ledger's partition of an item. */
  partitionOf(shop: string, item: string): number;
  connectorOf(channel: string): Pick<Connector, "abilities"> | undefined;
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
 * Turns a batch of a partition's entries into plans of one channel's listings. When this returns,
 * the plans are committed and their pushes asked for: the batch may be acknowledged. The same batch
 * again changes nothing, because a plan only moves forward.
 */
export async function consumeForChannel(
  deps: ChannelConsumerDeps,
  channel: string,
  { partition, entries }: Batch,
): Promise<void> {
  const jump = entries.findLast((entry) => entry.kind === "jump");
  if (jump) await planAfresh(deps, channel, { partition, from: jump.seq });
  const events = entries.flatMap((entry) => (entry.kind === "event" ? [entry.event] : []));
  await planEvents(deps, channel, events);
}

/** Each item is planned once, from its newest stock, so a hundred sales make one plan. */
async function planEvents(
  { db, connectorOf, enqueue, live, now, log }: ChannelConsumerDeps,
  channel: string,
  events: readonly StockEvent[],
): Promise<void> {
  const counts = connectorOf(channel)?.abilities.countsOpenUnits ?? false;
  const items = newestByItem(events, counts);
  const written = await planItems(db, items, { channel, again: false }, new Date(now()));
  // Should the process die right here, the sweep asks for what is dirty.
  await pushAll({ enqueue }, dirtyConnections(written));
  await planAgain({ enqueue }, written);
  const changed = Map.groupBy(written, (one) => one.shop);
  for (const [shop, plans] of changed)
    live.publish(shop, { items: plans.flatMap((one) => one.items) });
  log.debug({ channel, events: events.length, plans: written.length }, "planned");
}

/**
 * The ledger has forgotten movements and jumped past their numbers: plans may have been made of
 * them. Every item of the partition is planned from what the ledger knows now.
 */
async function planAfresh(
  deps: ChannelConsumerDeps,
  channel: string,
  { partition, from }: { partition: number; from: number },
): Promise<void> {
  for (const shop of await everyShop(deps.db)) {
    const listed = await itemsToReplan(deps.db, shop, { channel });
    const items = listed.filter((item) => deps.partitionOf(shop, item) === partition);
    const result = await replanItems(deps, shop, items, { channel, from });
    if (result.outcome === "unavailable") throw new Error(`the ledger is ${result.why}`);
    await pushAll(deps, result.connections);
    if (result.changed > 0) deps.live.publish(shop, {});
    deps.log.warn({ channel, shop, partition, ...result }, "planned afresh after a jump");
  }
}

/** What was planned without knowing who is owed the units is planned once more. */
async function planAgain(
  { enqueue }: Pick<ChannelConsumerDeps, "enqueue">,
  written: readonly WrittenPlan[],
): Promise<void> {
  const unsure = written.filter((one) => one.unsure);
  const items = new Map(unsure.flatMap(({ shop, items }) => items.map((item) => [item, shop])));
  for (const [item, shop] of items) await enqueue("listings.replan", { shop, item });
}

async function pushAll(
  { enqueue }: Pick<ChannelConsumerDeps, "enqueue">,
  connections: readonly string[],
): Promise<void> {
  await Promise.all(connections.map((id) => enqueue("push.connection", { connection: id })));
}

/**
 * Every item of the batch once: its newest stock and its sales, in the order of their numbers. Where
 * the channel `counts` open units, also the events that make them fewer.
 */
export function newestByItem(events: readonly StockEvent[], counts = false): PlanItem[] {
  const byItem = Map.groupBy(events, ({ shop, item }) => `${shop}/${item}`);
  return [...byItem.values()].map((own) => {
    const ordered = own.toSorted((a, b) => a.seq - b.seq);
    const newest = ordered[ordered.length - 1] as StockEvent; // a group has at least one
    const { shop, item, stock } = newest;
    const settled = counts ? ordered.flatMap(settledOf) : [];
    return { shop, item, stock, sales: ordered.flatMap(saleOf), settled };
  });
}

function settledOf({ type, seq, connection }: StockEvent): Settled[] {
  const settles = type === "ship" || type === "unship" || type === "cancel";
  return settles ? [{ seq, connection }] : [];
}

/** A sale is what newly commits units: an order on a marketplace, or a hold that became one. */
function saleOf({ type, legs, seq, at, occurredAt, channel, connection }: StockEvent): Sale[] {
  if (type !== "sell" && type !== "commit") return [];
  const units = legs.reduce((sum, leg) => sum + (leg.bucket === "committed" ? leg.quantity : 0), 0);
  return units > 0 ? [{ seq, channel, connection, units, at: occurredAt ?? at }] : [];
}
