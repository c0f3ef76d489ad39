import { setTimeout as sleep } from "node:timers/promises";
import type { Queryable } from "./client.ts";
import { CLAIMED } from "./order-lines.ts";

/** What the record knows of who is owed an item's units. */
export interface OwedUnits {
  byChannel: Record<string, number>;
  /** Movements of the item up to here are in it. */
  knownTo: number;
}

/**
 * Who is owed these items' units by channel: orders that are not shipped, and live holds; or orders
 * alone, for whoever knows of the holds from the ledger.
 */
export async function owedUnits(
  db: Queryable,
  shop: string,
  items: readonly string[],
  of: "orders and holds" | "orders" = "orders and holds",
): Promise<Map<string, OwedUnits>> {
  if (items.length === 0) return new Map();
  const rows = await db.$queryRaw<
    { item: string; knownTo: number; owed: [string, number][] | null }[]
  >`
    with wanted as (select unnest(${[...items]}::text[]) as item),
    owed as (
      select item, channel, sum(units)::int as units from (
        select o.item_id as item, o.channel,
          ${CLAIMED} as units
        from order_line o join wanted w on w.item = o.item_id where o.shop_id = ${shop}
        union all
        select h.item_id, h.channel, h.quantity
        from hold h join wanted w on w.item = h.item_id
        where h.shop_id = ${shop} and h.state = 'live' and ${of === "orders and holds"}
      ) claim where channel is not null and units > 0 group by item, channel
    )
    select w.item, (
        select coalesce(max(p.seq), 0)::float8 from balance b
        join partition_mark p on p.partition = b.partition
        where b.shop_id = ${shop} and b.item_id = w.item
      ) as "knownTo",
      (select jsonb_agg(jsonb_build_array(channel, units)) from owed o where o.item = w.item) as owed
    from wanted w`;
  return new Map(
    rows.map(({ item, knownTo, owed }) => [
      item,
      { byChannel: Object.fromEntries(owed ?? []), knownTo },
    ]),
  );
}

/** How often the record is looked at again. */
const AGAIN_MS = 20;

/** Waits until the record knows of each item's movements up to a number. False when it does not. */
export async function waitForRecord(
  db: Queryable,
  shop: string,
  items: readonly { item: string; version: number }[],
  patienceMs: number,
): Promise<boolean> {
  for (let waited = 0; ; waited += AGAIN_MS) {
    const known = await owedUnits(
      db,
      shop,
      items.map(({ item }) => item),
    );
    const behind = items.filter(({ item, version }) => (known.get(item)?.knownTo ?? 0) < version);
    if (behind.length === 0) return true;
    if (waited >= patienceMs) return false;
    await sleep(AGAIN_MS);
  }
}
