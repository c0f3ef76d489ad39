import type { Leg } from "../../inventory/movement.ts";
import type { Database } from "../../prisma/client.ts";
import type { HistoryRow, Reach } from "./history.ts";
import type { PushTrace } from "./world.ts";

/** A number that a marketplace accepted. */
export interface PushRow {
  listing: string;
  seq: bigint;
  quantity: number;
  answeredAt: Date;
  /** When buyers saw it; null when the marketplace does not remember the push. */
  shownAt: Date | null;
}

/** Movements of an item after movement `after`, in the ledger's order. */
export function historyOf(
  db: Database,
  shop: string,
  item: string,
  after: bigint,
): Promise<HistoryRow[]> {
  return db.$queryRaw<(Omit<HistoryRow, "legs"> & { legs: Leg[] })[]>`
    select m.seq, m.type, m.channel, m.order_id as "order", coalesce(m.occurred_at, m.at) as at, m.oversold,
           coalesce(
             json_agg(json_build_object(
               'bucket', l.bucket, 'location', l.location, 'quantity', l.quantity
             )) filter (where l.leg is not null), '[]'
           ) as legs
    from movement m
    left join movement_leg l on l.partition = m.partition and l.seq = m.seq
    where m.shop_id = ${shop} and m.item_id = ${item} and m.seq > ${after}
    group by m.partition, m.seq
    order by m.seq`;
}

/**
 * The same with the moment at which each shopper bought, as the marketplace itself knows it: what it
 * tells the merchant may be cut to whole seconds, as TikTok Shop's times are.
 */
export function withOrderTimes(
  history: readonly HistoryRow[],
  boughtAt: ReadonlyMap<string, number>,
): HistoryRow[] {
  return history.map((row) => {
    const at = boughtAt.get(`${row.channel}/${row.order}`);
    return row.type === "sell" && at !== undefined ? { ...row, at: new Date(at) } : row;
  });
}

/** Accepted pushes of an item's listings after movement `after`, in order of sending. */
export function pushesOf(
  db: Database,
  shop: string,
  item: string,
  after: bigint,
): Promise<PushRow[]> {
  return db.$queryRaw<PushRow[]>`
    select p.listing_id as listing, p.seq, p.quantity, p.answered_at as "answeredAt",
           null as "shownAt"
    from push p
    join listing l on l.id = p.listing_id and l.shop_id = p.shop_id
    where p.shop_id = ${shop} and l.item_id = ${item} and p.seq > ${after}
      and p.outcome = 'accepted'
    order by p.id`;
}

/**
 * The pushes with the moment at which each reached buyers, as the marketplace itself tells it: a
 * read-back would only find the numbers that nothing overtook. Pushes of a listing are taken in
 * their order, so the n-th accepted one from the end is the n-th trace from the end.
 */
export function withLandings(
  pushes: readonly PushRow[],
  listing: string,
  traces: readonly PushTrace[],
): PushRow[] {
  const own = pushes.filter((push) => push.listing === listing);
  return own.map((push, index) => {
    const trace = traces.at(index - own.length);
    return { ...push, shownAt: trace ? new Date(trace.landsAt) : null };
  });
}

export interface Latencies {
  ack: number[];
  shown: number[];
  /** Sales whose number never reached a channel: none, when the sale has settled. */
  unreached: number;
}

/**
 * How long each sale took to reach each other channel, in ms: from the shopper's purchase to the
 * first accepted, and the first shown, push whose plan knew of the sale.
 */
export function latencies(reaches: readonly Reach[], pushes: readonly PushRow[]): Latencies {
  const result: Latencies = { ack: [], shown: [], unreached: 0 };
  for (const { listing, seq, at } of reaches) {
    const told = pushes.filter((push) => push.listing === listing && push.seq >= seq);
    const [acked] = told;
    const shown = told.find((push) => push.shownAt !== null)?.shownAt;
    if (acked) result.ack.push(acked.answeredAt.getTime() - at.getTime());
    if (shown) result.shown.push(shown.getTime() - at.getTime());
    if (!acked || !shown) result.unreached += 1;
  }
  return result;
}
