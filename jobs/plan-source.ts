import { assert } from "../inventory/assert.ts";
import { type Claims, type Place, unknownClaims } from "../inventory/location.ts";
import { type Plan, plan, planKit } from "../inventory/plan.ts";
import type { RuleBook } from "../inventory/rule-book.ts";
import type { Stock } from "../inventory/stock.ts";
import type { NewPlan, PlannedListing, PlannedPart } from "../prisma/plans.ts";

/** An item's newest stock, and the sales since some time that led there. */
export interface PlanItem {
  shop: string;
  item: string;
  stock: Stock;
  sales: readonly Sale[];
  /** Shipments and cancellations, where the channel counts what is sold and not yet shipped. */
  settled?: readonly Settled[];
}

/** A marketplace has fewer open units: what it makes of the pushed number changes with them. */
export interface Settled {
  seq: number;
  connection: string | undefined;
}

export interface Sale {
  seq: number;
  channel: string | undefined;
  connection: string | undefined;
  /** Units of the item. */
  units: number;
  /** When the shopper bought, in ms since the epoch. */
  at: number;
}

/** Items of all shops are told apart by both ids, so that no shop's stock plans another's listing. */
export function keyOf({ shop, item }: { shop: string; item: string }): string {
  return `${shop}/${item}`;
}

/** A listing that is to be planned, with the newest that is known of each of its parts. */
export interface PlanSource {
  listing: PlannedListing;
  parts: SourcePart[];
}

interface SourcePart extends PlannedPart {
  /** Of this batch: what happened to the part since the listing's last plan. */
  sales: readonly Sale[];
  settled: readonly Settled[];
  /** It moved in this batch, or is to be looked at again. */
  fresh: boolean;
}

/**
 * What a listing is to be planned from, or null where nothing of it is new. A kit's parts live in
 * different partitions of the ledger: the ones that are not in the batch are as they were kept.
 */
export function sourceOf(
  listing: PlannedListing,
  items: ReadonlyMap<string, PlanItem>,
  again: boolean,
): PlanSource | null {
  const parts = listing.parts.map((part): SourcePart => {
    const entry = items.get(keyOf({ shop: listing.shop, item: part.item }));
    const planned = listing.kit ? part.seq : listing.plannedSeq;
    if (!entry || !isNewer(entry.stock, planned, again)) {
      return { ...part, sales: [], settled: [], fresh: false };
    }
    const isNews = ({ seq }: { seq: number }) => seq > (planned ?? 0);
    const sales = entry.sales.filter(isNews);
    const settled = (entry.settled ?? []).filter(isNews);
    return { ...part, seq: entry.stock.version, stock: entry.stock, sales, settled, fresh: true };
  });
  return parts.some((part) => part.fresh) ? { listing, parts } : null;
}

function isNewer(stock: Stock, planned: number | null, again: boolean): boolean {
  if (planned === null) return true;
  return again ? stock.version >= planned : stock.version > planned;
}

/** Of a kit: what it is planned from now, for the next time. */
export function partsToKeep({ listing, parts }: PlanSource) {
  if (!listing.kit) return [];
  return parts.flatMap(({ item, seq, stock, fresh }) =>
    fresh && seq !== null && stock !== null ? [{ listing: listing.id, item, seq, stock }] : [],
  );
}

/**
 * The version of what a plan is made from: the item's, or of a kit the sum of its parts', which
 * grows whenever any of them does.
 */
function versionOf(parts: readonly SourcePart[]): number {
  return parts.reduce((sum, part) => sum + (part.seq ?? 0), 0);
}

/** What a shop's listings are planned by. */
export interface PlanTerms {
  rules: RuleBook;
  /** Where the shop ships from; null where every place ships for every channel. */
  places: readonly Place[] | null;
  /** Who is owed an item's units; null = not known yet. */
  claimsOn(item: string): Claims | null;
}

/** The listing's new plan, and the sales that led there. */
export function planListing({ listing, parts }: PlanSource, terms: PlanTerms): NewPlan {
  const { quantity, reasons } = planOf(listing, parts, terms);
  const seq = versionOf(parts);
  const elsewhere = parts
    .flatMap((part) => part.sales)
    .filter((sale) => sale.channel !== listing.channel)
    .reduce<Sale | null>((last, sale) => (last && last.at > sale.at ? last : sale), null);
  return {
    listing: listing.id,
    items: parts.map((part) => part.item),
    seq,
    quantity,
    reasons,
    soldHere: soldHere(listing, parts),
    again: parts
      .flatMap((part) => part.settled)
      .filter((one) => one.connection === listing.connection).length,
    unsure: terms.places !== null && parts.some((part) => terms.claimsOn(part.item) === null),
    soldElsewhere: elsewhere ? { seq: listing.kit ? seq : elsewhere.seq, at: elsewhere.at } : null,
  };
}

type Planned = Pick<PlannedListing, "channel" | "kit">;
type PartToPlan = Pick<SourcePart, "stock" | "units" | "sku" | "category" | "item">;

/** What a listing should show that sells these parts. A preview plans with the same function. */
export function planOf(
  { channel, kit }: Planned,
  parts: readonly PartToPlan[],
  { rules, places, claimsOn }: PlanTerms,
): Plan {
  const inputs = parts.map(({ stock, units, sku, category, item }) => {
    assert(stock !== null, "every part is known");
    const rule = rules.inForce({ channel, category, item });
    const input = { stock, channel, rule, unitsPerSale: units, sku };
    if (!places) return input;
    return { ...input, shipping: { places, claims: claimsOn(item) ?? unknownClaims(stock) } };
  });
  const [only] = inputs;
  assert(only !== undefined, "a listing sells something");
  return kit ? planKit(inputs) : plan(only);
}

/** Sales on the listing's own connection. A kit's sale takes every part: the first one counts. */
function soldHere({ connection }: PlannedListing, parts: readonly SourcePart[]): number {
  const [first] = parts;
  const here = first?.sales.filter((sale) => sale.connection === connection) ?? [];
  return Math.ceil(here.reduce((sum, sale) => sum + sale.units, 0) / (first?.units ?? 1));
}
