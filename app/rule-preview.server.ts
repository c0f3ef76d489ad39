import { type BufferRule, ruleInForce } from "../inventory/buffer.ts";
import { plan, planKit } from "../inventory/plan.ts";
import { NO_STOCK, type Stock } from "../inventory/stock.ts";
import type { Database } from "../prisma/client.ts";
import { type CoveredListing, coveredListings, type RuleScope } from "../prisma/rule-scope.ts";
import { readStocks } from "../prisma/stock.ts";

/** Listings planned at once, and those shown to the merchant. */
const CHUNK = 2_000;
const SHOWN = 20;

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
 * Plans every covered listing twice from the same recorded stock, under the rules as they are and
 * as they would be: the planner's own function, so that what is shown is what will happen.
 */
export async function previewRules(
  db: Database,
  shop: string,
  rules: { now: readonly BufferRule[]; then: readonly BufferRule[] },
  scope: RuleScope,
): Promise<RulePreview> {
  const preview: RulePreview = { covered: 0, changed: 0, before: 0, after: 0, examples: [] };
  for (let after = ""; ; ) {
    const listings = await coveredListings(db, shop, scope, { after, limit: CHUNK });
    const items = [...new Set(listings.flatMap(({ parts }) => parts.map((part) => part.item)))];
    const stocks = await readStocks(db, shop, items);
    for (const listing of listings) {
      add(preview, {
        sku: listing.sku,
        channel: listing.channel,
        before: quantity(listing, stocks, rules.now),
        after: quantity(listing, stocks, rules.then),
      });
    }
    after = listings.at(-1)?.id ?? "";
    if (listings.length < CHUNK) return preview;
  }
}

function quantity(
  { channel, kit, parts }: CoveredListing,
  stocks: ReadonlyMap<string, Stock>,
  rules: readonly BufferRule[],
): number {
  const inputs = parts.map(({ item, sku, category, units }) => ({
    ...{ stock: stocks.get(item) ?? NO_STOCK, channel, unitsPerSale: units, sku },
    rule: ruleInForce(rules, { channel, category, item }),
  }));
  const [only] = inputs;
  if (!only) return 0;
  return (kit ? planKit(inputs) : plan(only)).quantity;
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
