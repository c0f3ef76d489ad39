import type { BasketLine } from "../../ledger/contract.ts";
import { type MatchPart, matchListings } from "../../prisma/matches.ts";
import { Remembered } from "../remembered.ts";
import type { Services } from "../services.ts";

/** What a cart says of itself: how many of which variant. */
export interface CartLine {
  variant: string;
  quantity: number;
}

/** A variant of the cart, and what of ours one sale of it takes; nothing where it is not matched. */
export interface VariantLine extends CartLine {
  parts: readonly MatchPart[];
}

/** A merchant's new match counts after so long. */
const REMEMBER_MS = 10_000;
const VARIANTS_REMEMBERED = 20_000;

export interface Variants {
  resolve(shop: string, connection: string, lines: readonly CartLine[]): Promise<VariantLine[]>;
}

/** Finds what a storefront's variants sell, by the connection's listings. Row B7. */
export function createVariants({ db, now }: Pick<Services, "db" | "now">): Variants {
  const known = new Remembered<readonly MatchPart[]>({
    limit: VARIANTS_REMEMBERED,
    forMs: REMEMBER_MS,
    now,
  });
  const partsOf = (shop: string, connection: string, variant: string) =>
    known.get(JSON.stringify([connection, variant]), async () => {
      const found = await matchListings(db, shop, connection, [{ listing: variant, sku: "" }]);
      return found.get(variant)?.parts ?? [];
    });
  return {
    resolve: (shop, connection, lines) =>
      Promise.all(
        lines.map(async (line) => ({
          ...line,
          parts: (await partsOf(shop, connection, line.variant)) ?? [],
        })),
      ),
  };
}

/** The units of each item that the cart takes: packs take several, kits several items. */
export function itemsOf(lines: readonly VariantLine[]): BasketLine[] {
  const units = new Map<string, number>();
  for (const { quantity, parts } of lines) {
    for (const part of parts) {
      units.set(part.item, (units.get(part.item) ?? 0) + quantity * part.units);
    }
  }
  return [...units].map(([item, quantity]) => ({ item, quantity }));
}

export interface ShortVariant {
  variant: string;
  requested: number;
  available: number;
}

/**
 * What is short, as the shopper sees it. Where several lines take the same item, the ones further up
 * in the cart have theirs first.
 */
export function shortVariants(
  lines: readonly VariantLine[],
  short: ReadonlyMap<string, number>,
): ShortVariant[] {
  const left = new Map(short);
  return lines.flatMap(({ variant, quantity: requested, parts }) => {
    const limits = parts.flatMap(({ item, units }) => {
      const free = left.get(item);
      return free === undefined ? [] : [Math.floor(free / units)];
    });
    const available = Math.max(0, Math.min(requested, ...limits));
    for (const { item, units } of parts) {
      const free = left.get(item);
      if (free !== undefined) left.set(item, free - available * units);
    }
    return available < requested ? [{ variant, requested, available }] : [];
  });
}
