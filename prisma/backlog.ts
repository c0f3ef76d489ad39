import type { Queryable } from "./client.ts";

/** What waits and what is slow, over all shops: for the operator's metrics, never for a page. */
export interface Backlog {
  deadLetters: { kind: string; count: number }[];
  inboxUnapplied: number;
  /** Age of the oldest message that is not applied, in seconds; 0 when there is none. */
  inboxOldestSeconds: number;
  /** From the latest sale of each listing in the last hour, per channel that had to hear of it. */
  latencies: {
    channel: string;
    /** Milliseconds at 50, 95 and 99 %, in this order. */
    ack: (number | null)[];
    shown: (number | null)[];
  }[];
}

export async function readBacklog(db: Queryable): Promise<Backlog> {
  const [dead, [inbox], latencies] = await Promise.all([
    db.deadLetter.groupBy({ by: ["kind"], where: { state: "open" }, _count: true }),
    db.$queryRaw<{ count: number; oldest: number }[]>`
      select count(*)::int as count,
        coalesce(extract(epoch from now() - min(received_at)), 0)::float8 as oldest
      from inbox_message where state = 'received'`,
    db.$queryRaw<Backlog["latencies"]>`
      select c.channel,
        percentile_cont(array[0.5, 0.95, 0.99]) within group (order by l.sale_to_ack_ms) as ack,
        percentile_cont(array[0.5, 0.95, 0.99]) within group (order by l.sale_to_shown_ms) as shown
      from listing l join connection c on c.id = l.connection_id
      where l.sale_at > now() - interval '1 hour'
      group by c.channel order by c.channel`,
  ]);
  return {
    deadLetters: dead.map(({ kind, _count }) => ({ kind, count: _count })),
    inboxUnapplied: inbox?.count ?? 0,
    inboxOldestSeconds: inbox?.oldest ?? 0,
    latencies: latencies.map(({ channel, ack, shown }) => ({
      channel,
      ack: ack ?? [],
      shown: shown ?? [],
    })),
  };
}
