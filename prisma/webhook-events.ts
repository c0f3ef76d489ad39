import { basketOfHold } from "../inventory/hold.ts";
import { type StockView, stockView } from "../inventory/stock-view.ts";
import type { WebhookEvent } from "../inventory/webhook.ts";
import type { StockEvent } from "../ledger/contract.ts";
import type { Queryable } from "./client.ts";

/** Something that happened, as endpoints are told of it. No personal data is in it. */
export interface NewWebhookEvent {
  shop: string;
  /** The same fact has the same id. No full stop: it is part of what is signed. */
  event: string;
  type: WebhookEvent;
  /** Events of a subject are told in order. */
  subject: string;
  /** The item it is about, whose SKU is told. */
  item: string | null;
  data: object;
  /** Ms since the epoch. */
  at: number;
  /** Earlier ones that this one tells along. */
  merged: number;
}

/**
 * Writes events down for every endpoint that wants them, in the caller's transaction: what
 * happened and that it is to be told are one fact. A change of stock takes the place of one that is
 * still waiting, so an endpoint never has more of them waiting than the shop has items.
 * @returns the endpoints that have something to be told.
 */
export async function noteEvents(
  tx: Queryable,
  events: readonly NewWebhookEvent[],
): Promise<string[]> {
  if (events.length === 0) return [];
  const rows = await tx.$queryRaw<{ endpoint: string }[]>`
    insert into webhook_delivery (shop_id, endpoint_id, event, type, subject, sku, data, at, merged,
      next_try_at)
    select e.shop_id, e.id, r.event, r.type, r.subject, i.sku, r.data,
      to_timestamp(r.at / 1000.0), r.merged, to_timestamp(r.at / 1000.0)
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as r(shop text, event text, type text,
      subject text, item text, data jsonb, at float8, merged int)
    join webhook_endpoint e
      on e.shop_id = r.shop and e.disabled_at is null and r.type = any(e.events)
    left join item i on i.id = r.item and i.shop_id = r.shop
    order by r.at, r.event
    on conflict (endpoint_id, subject) where type = 'stock.changed' and state = 'waiting'
    do update set id = excluded.id, event = excluded.event, data = excluded.data,
      at = excluded.at, merged = webhook_delivery.merged + excluded.merged + 1
    returning endpoint_id as endpoint`;
  return [...new Set(rows.map(({ endpoint }) => endpoint))];
}

/** The same for movements of stock. Asks first who wants to know, because mostly nobody does. */
export async function noteStockEvents(
  tx: Queryable,
  events: readonly StockEvent[],
): Promise<string[]> {
  const shops = [...new Set(events.map(({ shop }) => shop))];
  const wanted = await tx.$queryRaw<{ shop: string }[]>`
    select distinct shop_id as shop from webhook_endpoint
    where shop_id = any(${shops}::text[]) and disabled_at is null`;
  const asking = new Set(wanted.map(({ shop }) => shop));
  return noteEvents(tx, eventsOf(events.filter(({ shop }) => asking.has(shop))));
}

/** What movements are told as: the newest stock of each item, and each mishap by itself. */
export function eventsOf(events: readonly StockEvent[]): NewWebhookEvent[] {
  const changes = new Map<string, NewWebhookEvent>();
  const mishaps: NewWebhookEvent[] = [];
  for (const event of events) {
    const { hold, oversold, shop, item } = event;
    const key = `${shop}/${item}`;
    const before = changes.get(key);
    const view = stockView(event.stock);
    const merged = before ? before.merged + 1 : 0;
    changes.set(key, { ...about(event, "stock.changed"), data: view, merged });
    if (event.type === "expire" && hold) {
      const data = { hold: basketOfHold(hold.id), quantity: hold.quantity, ats: view.ats };
      mishaps.push({ ...about(event, "hold.expired"), data });
    }
    if (oversold > 0) mishaps.push({ ...about(event, "oversold"), data: oversale(event, view) });
  }
  return [...changes.values(), ...mishaps];
}

function about({ shop, item, partition, seq, at }: StockEvent, type: WebhookEvent) {
  const event = `evt_${partition}_${seq}_${type.replaceAll(".", "_")}`;
  return { shop, item, subject: item, type, event, at, merged: 0, data: {} };
}

function oversale({ oversold, channel, line, seq }: StockEvent, { ats, onHand }: StockView) {
  return {
    oversold,
    ats,
    onHand,
    version: seq,
    channel: channel ?? null,
    order: line?.order ?? null,
  };
}
