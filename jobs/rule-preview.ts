import { BlastGauge, type BlastLimits, type BlastRadius } from "../inventory/blast-radius.ts";
import type { BufferRule } from "../inventory/buffer.ts";
import type { Place } from "../inventory/location.ts";
import { RuleBook } from "../inventory/rule-book.ts";
import { NO_STOCK, type Stock } from "../inventory/stock.ts";
import type { BatchChange } from "../prisma/batches.ts";
import type { Queryable } from "../prisma/client.ts";
import { listingCatalogue } from "../prisma/guard.ts";
import { owedUnits } from "../prisma/owed.ts";
import { type CoveredListing, coveredListings, type ListingScope } from "../prisma/rule-scope.ts";
import { readStocks } from "../prisma/stock.ts";
import { type PlanTerms, planOf } from "./plan-source.ts";
import { claimsOf } from "./plan-terms.ts";

/** Listings planned at once. */
const CHUNK = 2_000;

/** What a shop's numbers follow from. */
export interface Setup {
  rules: readonly BufferRule[];
  /** Null where every place ships for every channel. */
  places: readonly Place[] | null;
  /** Categories of some of these items, where they are not those of the record. */
  categoriesOf?(items: readonly string[]): Promise<Categories>;
}

type Categories = ReadonlyMap<string, string | null>;

export interface SetupChange {
  before: Setup;
  after: Setup;
}

/** What a listing would show instead. */
export type ListingChange = BatchChange & { channel: string };

/**
 * Plans every covered listing twice from the same recorded stock, under the rules and places as
 * they are and as they would be: the planner's own function, so that what is shown is what will
 * happen. In the order of the listings' ids, those that stay as they are among them.
 */
export async function* setupChanges(
  db: Queryable,
  shop: string,
  { before, after }: SetupChange,
  scope: ListingScope,
  from = "",
): AsyncGenerator<ListingChange[]> {
  const books = { before: new RuleBook(before.rules), after: new RuleBook(after.rules) };
  const placed = before.places !== null || after.places !== null;
  for (let last = from; ; ) {
    const listings = await coveredListings(db, shop, scope, { after: last, limit: CHUNK });
    const known = await stockOfListings(db, shop, listings, placed);
    const categories = await after.categoriesOf?.(itemsOf(listings));
    yield listings.map((listing) => ({
      id: listing.id,
      label: listing.sku,
      channel: listing.channel,
      before: plannedQuantity(listing, known, { ...before, rules: books.before }),
      after: plannedQuantity(sorted(listing, categories), known, { ...after, rules: books.after }),
    }));
    last = listings.at(-1)?.id ?? "";
    if (listings.length < CHUNK) return;
  }
}

/** The listing with its items in the categories that they have, or would have. */
function sorted(listing: CoveredListing, categories: Categories | undefined): CoveredListing {
  if (!categories) return listing;
  const parts = listing.parts.map((part) => {
    const category = categories.get(part.item);
    return category === undefined ? part : { ...part, category };
  });
  return { ...listing, parts };
}

/** Which listings a change of the rules changes, and how. Row B1: seen before it is saved. */
export interface RulePreview {
  /** Listings the rules cover. */
  covered: number;
  radius: BlastRadius<ListingChange>;
}

export async function previewRules(
  db: Queryable,
  shop: string,
  setup: SetupChange,
  scope: ListingScope,
  { subject, limits }: { subject: string; limits: BlastLimits },
): Promise<RulePreview> {
  const gauge = new BlastGauge<ListingChange>(subject, limits);
  let covered = 0;
  for await (const changes of setupChanges(db, shop, setup, scope)) {
    covered += changes.length;
    for (const change of changes) gauge.add(change);
  }
  return { covered, radius: gauge.measure(await listingCatalogue(db, shop)) };
}

/** The recorded stock of what listings sell, and who is owed it. */
export interface KnownStock {
  stocks: ReadonlyMap<string, Stock>;
  claimsOn: PlanTerms["claimsOn"];
}

/** @param placed whether it matters who is owed what: some place does not ship for everybody. */
export async function stockOfListings(
  db: Queryable,
  shop: string,
  listings: readonly Pick<CoveredListing, "parts">[],
  placed: boolean,
): Promise<KnownStock> {
  const items = itemsOf(listings);
  const stocks = await readStocks(db, shop, items);
  const owed = await owedUnits(db, shop, placed ? items : []);
  return { stocks, claimsOn: (item) => claimsOf(stocks.get(item) ?? null, owed.get(item)) };
}

function itemsOf(listings: readonly Pick<CoveredListing, "parts">[]): string[] {
  return [...new Set(listings.flatMap(({ parts }) => parts.map((part) => part.item)))];
}

/** What a listing is to show. */
export function plannedQuantity(
  listing: Pick<CoveredListing, "channel" | "kit" | "parts">,
  { stocks, claimsOn }: KnownStock,
  terms: Pick<PlanTerms, "rules" | "places">,
): number {
  const parts = listing.parts.map((part) => ({
    ...part,
    stock: stocks.get(part.item) ?? NO_STOCK,
  }));
  return parts.length === 0 ? 0 : planOf(listing, parts, { ...terms, claimsOn }).quantity;
}
