/** One item counted at one location, as a warehouse sent it. */
export interface CountLine {
  /** Place in what was sent: the line of a file, the number of an entry. */
  line: number;
  sku: string;
  location: string;
  /** Null for what is no number. */
  quantity: number | null;
}

/** A line with what is wrong with it, or null when nothing is. */
export interface JudgedLine extends CountLine {
  error: string | null;
}

const MOST_UNITS = 1_000_000_000;

/**
 * What of a warehouse's counts can be applied. Two counts of one item at one place contradict each
 * other or say the same twice: nobody knows which is meant, so neither is taken. Pure.
 */
export function judgeCounts(
  lines: readonly CountLine[],
  known: { sku(sku: string): boolean; location(code: string): boolean },
): JudgedLine[] {
  const keyOf = ({ sku, location }: CountLine) => JSON.stringify([sku, location]);
  const places = Map.groupBy(lines, keyOf);
  return lines.map((line) => {
    const again = (places.get(keyOf(line)) ?? []).filter((other) => other.line !== line.line);
    return { ...line, error: problem(line, again, known) };
  });
}

function problem(
  { sku, location, quantity }: CountLine,
  again: readonly CountLine[],
  known: Parameters<typeof judgeCounts>[1],
): string | null {
  if (sku === "") return "there is no SKU";
  if (!known.sku(sku)) return `no item has the SKU ${sku}`;
  if (location === "") return "there is no location";
  if (!known.location(location)) return `there is no location ${location}`;
  if (quantity === null || !Number.isInteger(quantity) || quantity < 0 || quantity > MOST_UNITS) {
    return "the quantity must be a whole number of at least 0";
  }
  const others = again.map(({ line }) => line).join(", ");
  return again.length > 0 ? `the same item and location is counted again on line ${others}` : null;
}
