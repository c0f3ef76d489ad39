import type { SalesLine } from "./sales-line.ts";

/** Different titles counted per SKU; a file with more of them has free text, not titles. */
const TITLES_PER_SKU = 64;

interface Seen {
  /** How often each title stood on a row that somebody paid for. */
  sold: Map<string, number>;
  /** Where the others wrote "damaged" or "?": used only when there is nothing better. */
  other: Map<string, number>;
}

/**
 * What each SKU is called most often. Memory grows with the number of items, not with the file.
 */
export class TitleCount {
  readonly #skus = new Map<string, Seen>();

  add({ sku, title, unitPrice, kind }: SalesLine): void {
    let seen = this.#skus.get(sku);
    if (!seen) {
      seen = { sold: new Map(), other: new Map() };
      this.#skus.set(sku, seen);
    }
    const titles = kind === "sale" && unitPrice > 0 ? seen.sold : seen.other;
    const count = titles.get(title) ?? 0;
    if (title !== "" && (count > 0 || titles.size < TITLES_PER_SKU)) titles.set(title, count + 1);
  }

  /** Every SKU with its most frequent title; of equally frequent ones the first in the alphabet. */
  items(): { sku: string; title: string }[] {
    return [...this.#skus].map(([sku, { sold, other }]) => ({
      sku,
      title: mostFrequent(sold) ?? mostFrequent(other) ?? sku,
    }));
  }
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | undefined {
  const order = ([a, times]: [string, number], [b, others]: [string, number]) =>
    others - times || (a < b ? -1 : 1);
  return [...counts].sort(order)[0]?.[0];
}
