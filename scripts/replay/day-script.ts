import { createHash } from "node:crypto";
import { assert, exhaustive } from "../../inventory/assert.ts";
import type { SalesLine } from "../../jobs/order-files/sales-line.ts";

export interface Wanted {
  sku: string;
  quantity: number;
}

export interface ScriptOrder {
  /** The name the marketplace is given; unique to this run. */
  id: string;
  channel: string;
  lines: Wanted[];
}

/** What happens, and when it happened that day, in ms since the epoch. */
export type Step = { at: number } & (
  | { type: "order"; order: ScriptOrder }
  | { type: "cancel"; order: Pick<ScriptOrder, "id" | "channel">; lines: Wanted[] }
  /** The warehouse: found, damaged, lost (sellable), or back from a customer (inspection). */
  | {
      type: "adjust";
      sku: string;
      bucket: "sellable" | "inspection";
      quantity: number;
      why: string;
    }
);

export interface DayScript {
  /** Orders of earlier days that are still open when this one begins, to be cancelled in it. */
  opening: ScriptOrder[];
  /** By time. */
  steps: Step[];
  /** Orders and cancelling documents of the day, and its lines and units sold. */
  counts: { orders: number; cancellations: number; lines: number; units: number };
}

export interface ScriptOptions {
  /** Told apart from other runs of the same day by this. */
  run: string;
  channels: readonly string[];
}

/** Amazon's and eBay's sellers cancel an order as a whole; the others' also units of it. */
const CANCELS_ORDERS_WHOLE = new Set(["amazon", "ebay"]);

/** They send no message about a cancellation: a day played in minutes would wait for their sweep. */
const CANCELS_SILENTLY = new Set(["walmart", "ebay"]);

/**
 * A day of sales lines as what a marketplace hears: orders, and cancellations of orders.
 *
 * A cancelling document names no order. It is of the newest earlier sale of the day to the same
 * customer of the same item (a Shopify export names the order itself); whatever the day's sales do
 * not explain was ordered on an earlier day. Such an order is placed before the day begins, open,
 * so that its cancellation arrives like any other and gives back exactly what the order took.
 */
export function scriptOf(lines: readonly SalesLine[], options: ScriptOptions): DayScript {
  const draft = new Draft(options.run);
  for (const line of lines) {
    switch (line.kind) {
      case "sale":
        draft.sell(line);
        break;
      case "cancellation":
        draft.cancel(line);
        break;
      case "return":
        draft.adjust(line, "inspection", -line.quantity);
        break;
      case "correction":
        draft.adjust(line, "sellable", line.quantity);
        break;
      default:
        exhaustive(line.kind);
    }
  }
  return draft.finish(options.channels);
}

interface OpenLine {
  order: DraftOrder;
  place: number;
  sku: string;
  open: number;
}

interface DraftOrder {
  name: string;
  id: string;
  at: number;
  lines: Wanted[];
  /** Cancellations by the document that cancels: units by SKU. */
  cancels: Map<string, { at: number; units: Map<string, number> }>;
}

class Draft {
  readonly #run: string;
  readonly #orders = new Map<string, DraftOrder>();
  readonly #opening = new Map<string, DraftOrder>();
  readonly #sold = new Map<string, OpenLine[]>();
  readonly #adjustments: Step[] = [];
  readonly #documents = new Set<string>();
  #lines = 0;
  #units = 0;

  constructor(run: string) {
    this.#run = run;
  }

  sell(line: SalesLine): void {
    const order = this.#order(this.#orders, line.order, line.at);
    order.lines.push({ sku: line.sku, quantity: line.quantity });
    const { sku, line: place, quantity: open } = line;
    const key = customerKey(line);
    this.#sold.set(key, [...(this.#sold.get(key) ?? []), { order, place, sku, open }]);
    this.#lines += 1;
    this.#units += line.quantity;
  }

  cancel(line: SalesLine): void {
    this.#documents.add(line.order);
    let left = -line.quantity;
    for (const sale of this.#salesBehind(line)) {
      const units = Math.min(left, sale.open);
      sale.open -= units;
      left -= units;
      if (units > 0) note(sale.order, line, units);
    }
    if (left === 0) return;
    const earlier = this.#order(this.#opening, `${line.order}-before`, line.at);
    addUnits(earlier.lines, line.sku, left);
    note(earlier, line, left);
  }

  adjust(line: SalesLine, bucket: "sellable" | "inspection", quantity: number): void {
    const { at, sku } = line;
    const why = line.kind === "return" ? "returned" : line.title || "corrected";
    this.#adjustments.push({ at, type: "adjust", sku, bucket, quantity, why });
  }

  finish(channels: readonly string[]): DayScript {
    const placed = (order: DraftOrder): ScriptOrder => ({
      id: order.id,
      channel: channelOf(order, channels),
      lines: order.lines,
    });
    const orders = [...this.#orders.values()];
    const opening = [...this.#opening.values()];
    const steps: Step[] = [
      ...orders.map((order): Step => ({ at: order.at, type: "order", order: placed(order) })),
      ...[...orders, ...opening].flatMap((order) => cancelsOf(order, placed(order))),
      ...this.#adjustments,
    ];
    // An order is placed before what was cancelled of it in the same minute: sorting is stable.
    steps.sort((a, b) => a.at - b.at);
    const cancellations = this.#documents.size;
    const counts = { orders: orders.length, cancellations, lines: this.#lines, units: this.#units };
    return { opening: opening.map(placed), steps, counts };
  }

  /** The day's earlier sales that a cancelling line may be of, newest first. */
  #salesBehind(line: SalesLine): OpenLine[] {
    const sales = (this.#sold.get(customerKey(line)) ?? []).toReversed();
    if (line.line < 0) {
      return sales.filter(({ order, place }) => order.name === line.order && place === -line.line);
    }
    return line.buyer === "" ? [] : sales;
  }

  #order(orders: Map<string, DraftOrder>, name: string, at: number): DraftOrder {
    const known = orders.get(name);
    if (known) return known;
    const order = { name, id: `${name}-${this.#run}`, at, lines: [], cancels: new Map() };
    orders.set(name, order);
    return order;
  }
}

function customerKey({ buyer, sku }: SalesLine): string {
  return `${buyer}\n${sku}`;
}

function note(order: DraftOrder, { order: document, at, sku }: SalesLine, units: number): void {
  const cancel = order.cancels.get(document) ?? { at, units: new Map() };
  cancel.units.set(sku, (cancel.units.get(sku) ?? 0) + units);
  order.cancels.set(document, cancel);
}

function addUnits(lines: Wanted[], sku: string, quantity: number): void {
  const line = lines.find((one) => one.sku === sku);
  if (line) line.quantity += quantity;
  else lines.push({ sku, quantity });
}

function cancelsOf(order: DraftOrder, { id, channel }: ScriptOrder): Step[] {
  return [...order.cancels.values()].map(({ at, units }) => {
    assert(at >= order.at, "an order is cancelled after it was placed");
    const lines = [...units].map(([sku, quantity]) => ({ sku, quantity }));
    return { at, type: "cancel", order: { id, channel }, lines };
  });
}

/** Always the same channel for the same order, whatever else the file has. */
function channelOf(order: DraftOrder, channels: readonly string[]): string {
  const telling = channels.filter((channel) => !CANCELS_SILENTLY.has(channel));
  const able =
    order.cancels.size === 0
      ? channels
      : cancelledInPart(order)
        ? telling.filter((channel) => !CANCELS_ORDERS_WHOLE.has(channel))
        : telling;
  const hash = createHash("sha256").update(order.name).digest().readUInt32BE(0);
  const channel = able[hash % able.length];
  assert(channel !== undefined, "one channel cancels in part");
  return channel;
}

function cancelledInPart({ lines, cancels }: DraftOrder): boolean {
  if (cancels.size === 0) return false;
  const ordered = lines.reduce((sum, line) => sum + line.quantity, 0);
  const atOnce = [...cancels.values()].map(({ units }) =>
    [...units.values()].reduce((sum, quantity) => sum + quantity, 0),
  );
  return atOnce.some((units) => units < ordered);
}

/**
 * Units to have in stock before the day begins, by SKU: `percent` of what it sells, and all that
 * is still owed of earlier orders or will be found damaged or lost.
 */
export function stockNeeded(script: DayScript, percent: number): Map<string, number> {
  const sold = new Map<string, number>();
  const rest = new Map<string, number>();
  const add = (units: Map<string, number>, sku: string, quantity: number) =>
    units.set(sku, (units.get(sku) ?? 0) + quantity);
  for (const step of script.steps) {
    if (step.type === "order")
      for (const line of step.order.lines) add(sold, line.sku, line.quantity);
    if (step.type === "adjust" && step.quantity < 0) add(rest, step.sku, -step.quantity);
  }
  for (const { lines } of script.opening)
    for (const line of lines) add(rest, line.sku, line.quantity);
  for (const [sku, units] of sold) add(rest, sku, Math.ceil((units * percent) / 100));
  return new Map([...rest].filter(([, units]) => units > 0));
}
