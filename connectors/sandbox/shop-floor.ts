import { moveRecorded } from "./elsewhere.ts";
import {
  type Market,
  type MarketOrder,
  type MarketReturn,
  nextId,
  type ShelfListing,
  settle,
} from "./market.ts";

/** Names a marketplace's ids, and says what it does to its own number when an order is undone. */
export interface House {
  orderId(n: number): string;
  lineId(n: number): string;
  /** Cancelled units go back on the shelf by themselves. */
  restocksCancelled: boolean;
  partialCancel: boolean;
  /** A shipment may be cancelled before it leaves: its units are still to be shipped then. */
  takesShipmentsBack?: true;
  /**
   * The number that is set counts what is sold and not yet shipped, so that buyers are shown it
   * less those; what is shipped or cancelled is taken off no longer.
   */
  countsOpenUnits?: true;
  /** Names a place of stock, for a marketplace that has several. */
  placeId?(n: number): string;
}

export interface Wanted {
  sku: string;
  quantity: number;
}

export type Bought =
  | { outcome: "sold"; order: MarketOrder }
  /** An order of that name is there already: nothing changes. */
  | { outcome: "known"; order: MarketOrder }
  | { outcome: "refused"; displayed: number }
  | { outcome: "unknown-sku"; skus: string[] };

export type Changed =
  | { outcome: "changed"; order: MarketOrder }
  /** Everything asked for had happened before: nothing changes, nothing is said. */
  | { outcome: "unchanged"; order: MarketOrder }
  | { outcome: "unknown-order" }
  | { outcome: "not-supported"; why: string };

/** A listing to put on the shelf. One that is there keeps its quantity. */
export interface NewListing {
  sku: string;
  title: string;
  quantity: number;
  merchantFulfilled?: boolean | undefined;
  barcode?: string | undefined;
  /** SKU of the listing whose variation it is. */
  product?: string | undefined;
}

export function stockShelf(market: Market, rows: readonly NewListing[]): ShelfListing[] {
  return rows.map((row) => {
    const known = market.listings[row.sku];
    if (known) return Object.assign(known, { title: row.title });
    const listing: ShelfListing = {
      id: nextId(market),
      sku: row.sku,
      title: row.title,
      merchantFulfilled: row.merchantFulfilled ?? true,
      barcode: row.barcode ?? null,
      product: row.product ?? row.sku,
      displayed: row.quantity,
      recorded: row.quantity,
    };
    market.listings[row.sku] = listing;
    return listing;
  });
}

export type Edited =
  | { outcome: "edited"; listing: ShelfListing; before: number }
  | { outcome: "unknown-sku"; skus: string[] };

/**
 * Somebody else than us sets what buyers see. It counts at once, as what is done in the
 * marketplace's own pages does; what is still on its way lands later all the same.
 */
export function editListing(market: Market, sku: string, quantity: number, now: number): Edited {
  settle(market, now);
  const listing = market.listings[sku];
  if (!listing) return { outcome: "unknown-sku", skus: [sku] };
  const before = listing.displayed;
  listing.recorded += quantity - before;
  listing.displayed = quantity;
  return { outcome: "edited", listing, before };
}

/** A shopper buys what is displayed, or nothing. */
export function buy(market: Market, house: House, wanted: Wanted, now: number): Bought {
  settle(market, now);
  const listing = market.listings[wanted.sku];
  if (!listing) return { outcome: "unknown-sku", skus: [wanted.sku] };
  if (listing.displayed < wanted.quantity) {
    market.stats.refused += 1;
    return { outcome: "refused", displayed: listing.displayed };
  }
  return { outcome: "sold", order: place(market, house, { lines: [wanted] }, now) };
}

export interface NewOrder {
  orderId?: string | undefined;
  lines: Wanted[];
  /** When the buyer ordered, in ms; now when left out. */
  at?: number | undefined;
  cart?: string | undefined;
}

/** An order whatever is displayed. The same orderId again is the same order. */
export function forceOrder(market: Market, house: House, order: NewOrder, now: number): Bought {
  settle(market, now);
  const known = order.orderId ? findOrder(market, order.orderId) : null;
  if (known) return { outcome: "known", order: known };
  const unknown = order.lines.map((line) => line.sku).filter((sku) => !market.listings[sku]);
  if (unknown.length > 0) return { outcome: "unknown-sku", skus: [...new Set(unknown)] };
  return { outcome: "sold", order: place(market, house, order, now) };
}

function place(market: Market, house: House, wanted: NewOrder, now: number): MarketOrder {
  const order: MarketOrder = {
    id: house.orderId(nextId(market)),
    reference: wanted.orderId ?? null,
    createdAt: wanted.at ?? now,
    updatedAt: now,
    cancelledAt: null,
    ...(wanted.cart === undefined ? {} : { cart: wanted.cart }),
    lines: wanted.lines.map((line) => ({
      ...line,
      id: house.lineId(nextId(market)),
      cancelled: 0,
      shipped: 0,
    })),
  };
  for (const line of wanted.lines) moveShelf(market, house, line.sku, -line.quantity);
  market.orders[order.id] = order;
  market.stats.sold += wanted.lines.reduce((sum, line) => sum + line.quantity, 0);
  return order;
}

/**
 * A sale, or its undoing, changes the record and what is displayed at once. Where open units are
 * counted, the record is what was set, and stays.
 */
function moveShelf(market: Market, house: House, sku: string, units: number): void {
  const listing = market.listings[sku];
  if (!listing) return;
  listing.displayed += units;
  if (!house.countsOpenUnits) moveRecorded(listing, units);
}

export function findOrder(market: Market, name: string): MarketOrder | null {
  return (
    market.orders[name] ??
    Object.values(market.orders).find((order) => order.reference === name) ??
    null
  );
}

export interface CancelOptions {
  /** False: the money goes back and the goods do not return to the shelf, for they are gone. */
  restock?: boolean;
}

/** Cancels what is named and not yet shipped, or all of it. */
export function cancelOrder(
  market: Market,
  house: House,
  name: string,
  wanted: Wanted[] | null,
  now: number,
  { restock = true }: CancelOptions = {},
): Changed {
  settle(market, now);
  const order = findOrder(market, name);
  if (!order) return { outcome: "unknown-order" };
  const open = openUnits(order, wanted);
  if (open.every((units) => units === 0)) return { outcome: "unchanged", order };
  const whole = order.lines.every(
    (line, at) => line.cancelled + line.shipped + (open[at] ?? 0) === line.quantity,
  );
  if (!whole && !house.partialCancel) {
    return { outcome: "not-supported", why: "this marketplace cancels whole orders only" };
  }
  order.lines.forEach((line, at) => {
    const units = open[at] ?? 0;
    line.cancelled += units;
    if (!restock) line.unrestocked = (line.unrestocked ?? 0) + units;
    else if (house.restocksCancelled) moveShelf(market, house, line.sku, units);
  });
  if (order.lines.every((line) => line.cancelled === line.quantity)) order.cancelledAt = now;
  order.updatedAt = now;
  return { outcome: "changed", order };
}

/** Ships what is named and still open, or all of it. */
export function shipOrder(
  market: Market,
  house: House,
  name: string,
  wanted: Wanted[] | null,
  now: number,
): Changed {
  settle(market, now);
  const order = findOrder(market, name);
  if (!order) return { outcome: "unknown-order" };
  const open = openUnits(order, wanted);
  if (open.every((units) => units === 0)) return { outcome: "unchanged", order };
  order.lines.forEach((line, at) => {
    const units = open[at] ?? 0;
    line.shipped += units;
    if (house.countsOpenUnits) moveShelf(market, house, line.sku, units);
  });
  order.updatedAt = now;
  return { outcome: "changed", order };
}

/** Takes back all of an order's shipments. */
export function unshipOrder(market: Market, house: House, name: string, now: number): Changed {
  const order = findOrder(market, name);
  if (!order) return { outcome: "unknown-order" };
  if (!house.takesShipmentsBack) {
    return { outcome: "not-supported", why: "this marketplace takes no shipment back" };
  }
  if (order.lines.every((line) => line.shipped === 0)) return { outcome: "unchanged", order };
  for (const line of order.lines) {
    line.unshipped = (line.unshipped ?? 0) + line.shipped;
    line.shipped = 0;
  }
  order.updatedAt = now;
  return { outcome: "changed", order };
}

export type Returned =
  | { outcome: "returned"; back: MarketReturn }
  | { outcome: "unknown-order" }
  | { outcome: "unknown-return" }
  | { outcome: "not-supported"; why: string };

/** The buyer sends back what was shipped: all of it, or what is named. */
export function announceReturn(
  market: Market,
  name: string,
  wanted: Wanted[] | null,
  now: number,
): Returned {
  const order = findOrder(market, name);
  if (!order) return { outcome: "unknown-order" };
  const left = new Map((wanted ?? []).map((row) => [row.sku, row.quantity]));
  const lines = order.lines.flatMap(({ id, sku, shipped }) => {
    const quantity = wanted === null ? shipped : Math.min(shipped, left.get(sku) ?? 0);
    return quantity > 0 ? [{ id, sku, quantity }] : [];
  });
  if (lines.length === 0) return { outcome: "not-supported", why: "nothing of it was shipped" };
  const id = String(nextId(market));
  const back: MarketReturn = {
    ...{ id, order: order.id, lines },
    ...{ stage: "announced", createdAt: now, updatedAt: now },
  };
  market.returns[id] = back;
  return { outcome: "returned", back };
}

/** A return goes on: it has arrived, or nothing more will come of it. */
export function moveReturn(
  market: Market,
  id: string,
  stage: MarketReturn["stage"],
  now: number,
): Returned {
  const back = market.returns[id];
  if (!back) return { outcome: "unknown-return" };
  Object.assign(back, { stage, updatedAt: now });
  return { outcome: "returned", back };
}

/** Units of each line that are asked for and still open, in the order of the lines. */
function openUnits(order: MarketOrder, wanted: Wanted[] | null): number[] {
  const left = new Map<string, number>();
  for (const row of wanted ?? []) left.set(row.sku, (left.get(row.sku) ?? 0) + row.quantity);
  return order.lines.map((line) => {
    const open = line.quantity - line.cancelled - line.shipped;
    if (wanted === null) return open;
    const units = Math.min(open, left.get(line.sku) ?? 0);
    left.set(line.sku, (left.get(line.sku) ?? 0) - units);
    return units;
  });
}
