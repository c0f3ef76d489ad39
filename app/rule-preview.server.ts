import type { BufferRule } from "../inventory/buffer.ts";
import type { Place } from "../inventory/location.ts";
import { NO_STOCK, type Stock } from "../inventory/stock.ts";
import { type PlanTerms, planOf } from "../jobs/plan-source.ts";
import { claimsOf } from "../jobs/plan-terms.ts";
import type { Database } from "../prisma/client.ts";
import { owedUnits } from "../prisma/owed.ts";
import { type CoveredListing, coveredListings, type RuleScope } from "../prisma/rule-scope.ts";
import { readStocks } from "../prisma/stock.ts";

/** Listings planned at once, and those shown to the merchant. */
const CHUNK = 2_000;
const SHOWN = 20;

/** What a shop's numbers follow from. */
export interface Setup {
  rules: readonly BufferRule[];
  /** Null where every place ships for every channel. */
  places: readonly Place[] | null;
}

/** Which listings a change of the rules changes, and how. Row B1: seen before it is saved. */
export interface RulePreview {
  /** Listings the rule covers, and those of them whose number becomes another. */
  covered: number;
  changed: number;
  /** Sum of the quantities over the covered listings. */
  before: number;
  after: number;
  /** The largest changes. */
  examples: RuleChange[];
}

export interface RuleChange {
  sku: string;
  channel: string;
  before: number;
  after: number;
}

/**
 * Plans every covered listing twice from the same recorded stock, under the rules and places as
 * they are and as they would be: the planner's own function, so that what is shown is what will
 * happen.
 */
export async function previewRules(
  db: Database,
  shop: string,
  setup: { before: Setup; after: Setup },
  scope: RuleScope,
): Promise<RulePreview> {
  const preview: RulePreview = { covered: 0, changed: 0, before: 0, after: 0, examples: [] };
  for (let after = ""; ; ) {
    const listings = await coveredListings(db, shop, scope, { after, limit: CHUNK });
    const items = [...new Set(listings.flatMap(({ parts }) => parts.map((part) => part.item)))];
    const stocks = await readStocks(db, shop, items);
    const placed = setup.before.places !== null || setup.after.places !== null;
    const owed = await owedUnits(db, shop, placed ? items : []);
    const claimsOn = (item: string) => claimsOf(stocks.get(item) ?? null, owed.get(item));
    for (const listing of listings) {
      add(preview, {
        sku: listing.sku,
        channel: listing.channel,
        before: quantity(listing, stocks, { ...setup.before, claimsOn }),
        after: quantity(listing, stocks, { ...setup.after, claimsOn }),
      });
    }
    after = listings.at(-1)?.id ?? "";
    if (listings.length < CHUNK) return preview;
  }
}

function quantity(
  listing: CoveredListing,
  stocks: ReadonlyMap<string, Stock>,
  terms: PlanTerms,
): number {
  const parts = listing.parts.map((part) => ({
    ...part,
    stock: stocks.get(part.item) ?? NO_STOCK,
  }));
  return parts.length === 0 ? 0 : planOf(listing, parts, terms).quantity;
}

function add(preview: RulePreview, change: RuleChange): void {
  preview.covered += 1;
  preview.before += change.before;
  preview.after += change.after;
  if (change.before === change.after) return;
  preview.changed += 1;
  preview.examples.push(change);
  preview.examples.sort((a, b) => size(b) - size(a) || (a.sku < b.sku ? -1 : 1));
  preview.examples.length = Math.min(preview.examples.length, SHOWN);
}

function size({ before, after }: RuleChange): number {
  return Math.abs(after - before);
}
