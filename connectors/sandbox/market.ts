import { type Bucket, fullBucket, type Rate, take } from "../pacer.ts";
import { type Faults, messageDelays, noFaults } from "./faults.ts";
import { between, type Randomness } from "./random.ts";

/** What every sandbox marketplace keeps. Plain data: it is saved and loaded as it is. */
export interface Market extends Randomness {
  /** Last number given out: ids of listings, orders and lines grow from it. */
  counter: number;
  listings: Record<string, ShelfListing>;
  /** Absent: only the first one, which every marketplace has by itself. */
  places?: OpenedPlace[];
  orders: Record<string, MarketOrder>;
  returns: Record<string, MarketReturn>;
  /** Pushed, not yet shown to buyers. */
  landings: Landing[];
  /** When pushes were taken and when they reached buyers, the newest last. */
  pushes: PushTrace[];
  /** Messages on their way to the merchant. */
  outgoing: Outgoing[];
  faults: Faults;
  buckets: Record<string, Bucket>;
  /** Connection id on our side: where messages of this account go. Null = nobody listens. */
  connection: string | null;
  /** Where the merchant's app asked for its messages. Null = the door of its connection. */
  door: string | null;
  stats: { sold: number; refused: number; pushes: number; sent: number; dropped: number };
}

export interface ShelfListing {
  id: number;
  sku: string;
  title: string;
  merchantFulfilled: boolean;
  barcode: string | null;
  /** Listings of one product, where a marketplace knows variations: the first one's SKU. */
  product: string;
  /** What buyers see. Below zero only when orders were forced. */
  displayed: number;
  /** The marketplace's record of what was set; the displayed number follows it. */
  recorded: number;
  /**
   * Of the recorded units: those at places that were opened later, by place; the first place has
   * the others. A place that is not named here does not stock it.
   */
  elsewhere?: Record<string, number>;
}

/** A place that was opened beside the first one. */
export interface OpenedPlace {
  id: string;
  name: string;
}

export interface MarketLine {
  id: string;
  sku: string;
  quantity: number;
  cancelled: number;
  /** Of those: refunded without going back on the shelf. */
  unrestocked?: number;
  shipped: number;
  /** Of shipments that were taken back: they are not among the shipped ones. */
  unshipped?: number;
}

export interface MarketOrder {
  id: string;
  /** The name a replay gave it. */
  reference: string | null;
  /** Secret token of the cart it came from, at a marketplace that has carts. */
  cart?: string;
  createdAt: number;
  updatedAt: number;
  cancelledAt: number | null;
  lines: MarketLine[];
}

/** Goods on their way back to the merchant. */
export interface MarketReturn {
  id: string;
  order: string;
  lines: { id: string; sku: string; quantity: number }[];
  stage: "announced" | "arrived" | "closed";
  createdAt: number;
  updatedAt: number;
}

/** A change of a displayed number that has not happened yet. */
export type Landing =
  | { sku: string; due: number; kind: "set"; quantity: number }
  | { sku: string; due: number; kind: "add"; quantity: number };

/** For measuring: what a merchant cannot see, a sandbox can tell. Times in ms. */
export interface PushTrace {
  sku: string;
  quantity: number;
  acceptedAt: number;
  landsAt: number;
}

/** Traces kept per marketplace: as many as the largest file that any of them takes. */
const TRACES = 25_000;

export interface Outgoing {
  id: string;
  topic: string;
  body: string;
  /** When it was caused, in ms. */
  at: number;
  /** Not before this. */
  due: number;
  tries: number;
}

export function emptyMarket(seed: number, firstId: number): Market {
  return {
    random: seed >>> 0,
    counter: firstId,
    listings: {},
    orders: {},
    returns: {},
    landings: [],
    pushes: [],
    outgoing: [],
    faults: noFaults(),
    buckets: {},
    connection: null,
    door: null,
    stats: { sold: 0, refused: 0, pushes: 0, sent: 0, dropped: 0 },
  };
}

export function nextId(market: Market): number {
  market.counter += 1;
  return market.counter;
}

/** Lets every landing that is due happen. Called before anything looks at a displayed number. */
export function settle(market: Market, now: number): void {
  // It is asked for at every push of thousands, and mostly for nothing: looking must be cheap.
  if (!market.landings.some((landing) => landing.due <= now)) return;
  const due = market.landings.filter((landing) => landing.due <= now);
  market.landings = market.landings.filter((landing) => landing.due > now);
  for (const landing of due.sort((a, b) => a.due - b.due)) {
    const listing = market.listings[landing.sku];
    if (!listing) continue;
    // A "set" gives back whatever was sold since it was computed: that is what it is to overwrite.
    listing.displayed =
      landing.kind === "set" ? landing.quantity : listing.displayed + landing.quantity;
  }
}

/** How long a push takes to reach buyers, in ms. */
export interface Lag {
  minMs: number;
  maxMs: number;
}

/** Schedules the landing of a push that asked for `asked` units. Pushes of one SKU land in the order in which they were made. */
export function land(
  market: Market,
  change: Pick<Landing, "sku" | "kind" | "quantity">,
  asked: number,
  lag: Lag,
  now: number,
): void {
  const earlier = market.landings.findLast(({ sku }) => sku === change.sku)?.due ?? 0;
  landAfter(market, change, { asked, lag, now, earlier });
  countPushes(market, 1, now);
}

/** The same for a whole file of them. */
export function landAll(
  market: Market,
  changes: readonly (Pick<Landing, "sku" | "kind" | "quantity"> & { asked: number })[],
  lag: Lag,
  now: number,
): void {
  const latest = new Map<string, number>();
  for (const { sku, due } of market.landings) latest.set(sku, Math.max(due, latest.get(sku) ?? 0));
  for (const { asked, ...change } of changes) {
    const earlier = latest.get(change.sku) ?? 0;
    latest.set(change.sku, landAfter(market, change, { asked, lag, now, earlier }));
  }
  countPushes(market, changes.length, now);
}

/** @returns when it lands: not before `earlier`, when the one before it does. */
function landAfter(
  market: Market,
  change: Pick<Landing, "sku" | "kind" | "quantity">,
  { asked, lag, now, earlier }: { asked: number; lag: Lag; now: number; earlier: number },
): number {
  const due = Math.max(now + between(market, lag.minMs, lag.maxMs), earlier);
  market.landings.push({ ...change, due });
  market.pushes.push({ sku: change.sku, quantity: asked, acceptedAt: now, landsAt: due });
  return due;
}

function countPushes(market: Market, count: number, now: number): void {
  market.pushes.splice(0, market.pushes.length - TRACES);
  market.stats.pushes += count;
  settle(market, now);
}

/** Sends a message, subject to the faults of the moment. Nobody listening = not sent. */
export function emit(market: Market, message: Pick<Outgoing, "id" | "topic" | "body">, at: number) {
  if (market.connection === null) return;
  const delays = messageDelays(market.faults, market);
  if (delays.length === 0) market.stats.dropped += 1;
  for (const delay of delays) {
    market.outgoing.push({ ...message, at, due: at + delay, tries: 0 });
  }
}

/** Takes `cost` from the bucket of `key`; null = taken, else the ms to wait. */
export function spendRate(
  market: Market,
  key: string,
  rate: Rate,
  now: number,
  cost = 1,
): number | null {
  const taken = take(market.buckets[key] ?? fullBucket(rate, now), rate, now, cost);
  if (taken.outcome === "wait") return taken.waitMs;
  market.buckets[key] = taken.bucket;
  return null;
}
