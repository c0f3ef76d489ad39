import { assert } from "../inventory/assert.ts";
import type { Ledger, Unavailable } from "../ledger/contract.ts";
import type { Database } from "../prisma/client.ts";
import {
  itemsToReplan,
  keepParts,
  lockListings,
  type NewPlan,
  type WrittenPlan,
  writePlans,
} from "../prisma/plans.ts";
import type { JobPayload } from "./catalogue.ts";
import { keyOf, type PlanItem, partsToKeep, planListing, sourceOf } from "./plan-source.ts";
import { recordFollows, termsForPlanning } from "./plan-terms.ts";

export interface PlanOptions {
  /** Only this channel's, or this connection's, listings. */
  channel?: string;
  connection?: string;
  /** Also where the item has not moved since the last plan: a rule has changed, not the stock. */
  again: boolean;
}

/** A batch takes milliseconds; longer means that the database is in trouble. */
const TRANSACTION = { timeout: 30_000, maxWait: 10_000 };

/**
 * Plans the listings of some items from their newest stock and writes what changed, in one
 * transaction: with the rules held still and the listings locked, so that plans of one listing
 * only ever move forward, whoever makes them.
 */
export async function planItems(
  db: Database,
  items: readonly PlanItem[],
  options: PlanOptions,
  now: Date,
): Promise<WrittenPlan[]> {
  if (items.length === 0) return [];
  const byItem = new Map(items.map((entry) => [keyOf(entry), entry]));
  assert(byItem.size === items.length, "each item is planned from one stock");
  const { channel, connection, again } = options;
  await recordFollows(db, items);
  return db.$transaction(async (tx) => {
    const shops = [...new Set(items.map((entry) => entry.shop))];
    const termsOf = await termsForPlanning(tx, shops);
    const listings = await lockListings(tx, {
      shops,
      items: items.map((entry) => entry.item),
      ...(channel === undefined ? {} : { channel }),
      ...(connection === undefined ? {} : { connection }),
    });
    const sources = listings.flatMap((listing) => sourceOf(listing, byItem, again) ?? []);
    const plans: NewPlan[] = [];
    for (const [shop, own] of Map.groupBy(sources, ({ listing }) => listing.shop)) {
      await keepParts(tx, shop, own.flatMap(partsToKeep));
      const known = own.filter(({ parts }) => parts.every((part) => part.stock !== null));
      const terms = await termsOf(shop, known);
      plans.push(...known.map((source) => planListing(source, terms)));
    }
    return writePlans(tx, plans, now);
  }, TRANSACTION);
}

export interface ReplanDeps {
  db: Database;
  ledger: Pick<Ledger, "stock">;
  now(): number;
}

export type Replanned =
  | {
      outcome: "replanned";
      listings: number;
      changed: number;
      /** Those that have something to tell: push them. */
      connections: string[];
      /** Plans to be made again: see WrittenPlan. */
      unsure: number;
    }
  | Unavailable;

/** Items asked for and written at once. */
const CHUNK = 200;

/**
 * Plans a shop's listings anew from the ledger's live stock: after a rule changed, or for listings
 * that are new. `filter` narrows it; every listing of the shop when nothing is named. Plans made
 * meanwhile from newer stock stay.
 */
export async function replanListings(
  deps: ReplanDeps,
  shop: string,
  filter: Omit<JobPayload<"listings.replan">, "shop"> = {},
): Promise<Replanned> {
  const { channel, connection } = filter;
  return replanItems(deps, shop, await itemsToReplan(deps.db, shop, filter), {
    ...(channel === undefined ? {} : { channel }),
    ...(connection === undefined ? {} : { connection }),
  });
}

/**
 * Plans the listings of some items anew. With `from`, also those whose last plan was made of
 * movements that the ledger has forgotten, whose numbers are below it.
 */
export async function replanItems(
  { db, ledger, now }: ReplanDeps,
  shop: string,
  items: readonly string[],
  { from = 0, ...narrowed }: Omit<PlanOptions, "again"> & { from?: number },
): Promise<Replanned> {
  const written: WrittenPlan[] = [];
  for (let first = 0; first < items.length; first += CHUNK) {
    const chunk = items.slice(first, first + CHUNK);
    const stocks = await Promise.all(chunk.map((item) => ledger.stock(shop, item)));
    const entries: PlanItem[] = [];
    for (const [index, item] of chunk.entries()) {
      const stock = stocks[index];
      assert(stock !== undefined, "each item has an answer");
      if ("outcome" in stock) return stock;
      const version = Math.max(stock.version, from);
      entries.push({ shop, item, stock: { ...stock, version }, sales: [] });
    }
    const options = { ...narrowed, again: true };
    written.push(...(await planItems(db, entries, options, new Date(now()))));
  }
  return {
    outcome: "replanned",
    listings: written.length,
    changed: written.filter((one) => one.changed).length,
    connections: dirtyConnections(written),
    unsure: written.filter((one) => one.unsure).length,
  };
}

/** The connections that have something to tell their marketplace. */
export function dirtyConnections(written: readonly WrittenPlan[]): string[] {
  return [...new Set(written.filter((one) => one.dirty).map((one) => one.connection))].sort();
}
