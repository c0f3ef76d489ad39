import type { ChainableCommander } from "ioredis";
import { committedBy } from "../inventory/order-line.ts";
import { type Stock, unitsIn } from "../inventory/stock.ts";
import { lineName } from "./keys.ts";
import type { RecordedHold, RecordedItem, RecordedLine } from "./record.ts";
import { LINE_MS, REMEMBER_MS } from "./script.ts";
import type { Access } from "./stream.ts";

/**
 * Puts items of one partition back as the record has them: balances, holds, order lines, and the
 * activities that must not be applied again. What Redis still had of them is replaced. Only for
 * a partition that refuses all commands; a repetition ends in the same state.
 */
export async function reloadItems(
  access: Access,
  partition: number,
  items: readonly RecordedItem[],
): Promise<void> {
  const batch = access.connection.redis.pipeline();
  for (const key of await liveHoldsOf(access, partition, items)) batch.del(key);
  for (const item of items) reloadItem(access, partition, batch, item);
  const results = await batch.exec();
  for (const [error] of results ?? []) if (error) throw error;
}

/** Keys of the holds that Redis takes for live. Those that are, are set again from the record. */
async function liveHoldsOf(
  { connection, keys }: Access,
  partition: number,
  items: readonly RecordedItem[],
): Promise<string[]> {
  const shops = new Map(items.map(({ shop, item }) => [`${shop}/${item}`, shop]));
  const notes = await connection.redis.zrange(keys.due(partition), "0", "-1");
  const found = notes.flatMap(pairsOf).flatMap(({ item, id }) => {
    const shop = shops.get(item);
    return shop === undefined ? [] : [holdKey(keys.partition(partition), shop, id)];
  });
  const live: string[] = [];
  for (let first = 0; first < found.length; first += AT_ONCE) {
    const some = found.slice(first, first + AT_ONCE);
    const texts = await connection.redis.mget(some);
    live.push(...some.filter((_, i) => isLive(texts[i])));
  }
  return live;
}

const AT_ONCE = 1_000;

/** A note of the index of what is due: see ledger/script/holds.lua. */
function pairsOf(note: string): { item: string; id: string }[] {
  const words = note.split("\n");
  return words.flatMap((item, i) => (i % 2 === 0 ? [{ item, id: words[i + 1] ?? "" }] : []));
}

/** Whether a hold's record, whose first line is what it is or the effect of taking it, is live. */
function isLive(text: string | null | undefined): boolean {
  if (!text) return false;
  const first = JSON.parse(text.split("\n", 1)[0] ?? "");
  return (first.hold ?? first).state === "live";
}

function reloadItem(
  { keys }: Access,
  partition: number,
  batch: ChainableCommander,
  { shop, item, stock, holds, lines, activities }: RecordedItem,
): void {
  const home = keys.partition(partition);
  batch.del(keys.item(shop, item));
  batch.hset(keys.item(shop, item), { ...itemFields(stock), heldFor: heldForText(holds) });
  for (const hold of holds) {
    const key = holdKey(home, shop, hold.id);
    const text = holdText(`${shop}/${item}`, hold, stock);
    if (hold.state === "live") {
      batch.set(key, text);
      batch.zadd(keys.due(partition), hold.expiresAt, `${shop}/${item}\n${hold.id}`);
    } else batch.set(key, text, "PX", REMEMBER_MS);
  }
  for (const line of lines) reloadLine(batch, home, shop, item, line);
  for (const { activity, seq } of activities) {
    const key = `${home}:done:${shop}/${activity}`;
    batch.set(key, `\n${answerText(seq, stock)}`);
    batch.rpush(keys.kept(partition), String(Date.now()), key);
  }
}

function holdKey(home: string, shop: string, id: string): string {
  return `${home}:hold:${shop}/${id}`;
}

function itemFields(stock: Stock): Record<string, string | number> {
  const fields: Record<string, string | number> = {
    version: stock.version,
    committed: stock.committed,
    held: stock.held,
    sellable: unitsIn(stock, "sellable"),
    physical: JSON.stringify(stock.physical),
  };
  const left = Object.entries(stock.allocated);
  if (left.length === 0) return fields;
  // What is left is carved out anew, counting each channel's sales from now on.
  const carved = left.map(([channel, units]) => [channel, { carved: units, takenThen: 0 }]);
  fields.allocations = JSON.stringify(Object.fromEntries(carved));
  return fields;
}

/** What live holds claim by channel, as the script writes it. */
function heldForText(holds: readonly RecordedHold[]): string {
  const units: Record<string, number> = {};
  for (const { channel, quantity, state } of holds) {
    if (state === "live" && channel !== undefined)
      units[channel] = (units[channel] ?? 0) + quantity;
  }
  return Object.keys(units).length === 0 ? "" : JSON.stringify(units);
}

/** The hold's record: see ledger/script/holds.lua. */
function holdText(item: string, hold: RecordedHold, stock: Stock): string {
  const { id, state, quantity, expiresAt, channel = "" } = hold;
  // Only an order commits a hold: its cart claims no more, whatever is told of it late.
  const closed = state === "committed" ? { closed: true } : {};
  const now = { state, quantity, expiresAt, channel, item, asked: "", ...closed };
  const taken = answerText(stock.version, stock, { id, state: "live", quantity, expiresAt });
  return `${JSON.stringify(now)}\n${taken}`;
}

function reloadLine(
  batch: ChainableCommander,
  home: string,
  shop: string,
  item: string,
  line: RecordedLine,
): void {
  const { connection, order, channel = "", ordered, cancelled, shipped, unshipped } = line;
  const key = `${home}:line:${lineName(shop, connection, order, item)}`;
  const text = JSON.stringify({ ordered, cancelled, shipped, unshipped, channel });
  if (committedBy(line) > 0) batch.set(key, text);
  else batch.set(key, text, "PX", LINE_MS);
}

/** That the activity was applied; the words it was asked in, and the balances then, are lost. */
function answerText(seq: number, stock: Stock, hold?: object): string {
  return JSON.stringify({ seq, stock, hold });
}
