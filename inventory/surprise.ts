/**
 * What compare-and-set met instead of the number it expected, and set all the same: a push was due
 * that could not wait. Quantities as buyers see them, times in ms since the epoch. Row H5.
 */
export interface Surprise {
  /** What the marketplace had taken from us before. */
  accepted: number;
  /** When it had. */
  since: number;
  /** What it turned out to have. */
  found: number;
  /** When that was. */
  until: number;
}

/** What one order of the same channel did to the number there, as far as it is known by now. */
export interface OrderChange {
  /** put-back: cancelled, or returned, and back on the marketplace's own shelf. */
  kind: "sold" | "put-back";
  units: number;
  /** When it happened, as its marketplace says. */
  at: number;
}

/** Clocks differ by less than this, and a call is answered within it. */
export const EDGE_MS = 5_000;

/**
 * The units by which a number was found higher (+) or lower (-) than any order explains; 0 = orders
 * explain it. A sale well inside the time between the two numbers is in the second one; one at the
 * edge may be. Units put back may be at any time after the first number: marketplaces give the time
 * of an order's last change, not of each. `shared`: other listings there sell the item too, so what
 * an order names may have been theirs.
 */
export function unexplained(
  { accepted, since, found, until }: Surprise,
  changes: readonly OrderChange[],
  { shared = false } = {},
): number {
  let [least, most] = [accepted, accepted];
  for (const { kind, units, at } of changes) {
    if (at < since - EDGE_MS) continue;
    if (kind === "put-back") most += units;
    else if (at <= until + EDGE_MS) {
      least -= units;
      if (!shared && at > since + EDGE_MS && at < until - EDGE_MS) most -= units;
    }
  }
  if (found > most) return found - most;
  // Not -0, which some think is another number than 0.
  return found < least ? found - least : 0;
}
