/**
 * What is known of one item in one order of one connection, whatever the order of hearing it.
 *
 * Each counter is cumulative and only grows ("3 of it are cancelled by now"), so hearing a fact
 * twice, late or before its cause joins to the same line. What the line claims and what has left
 * the building are functions of the joined line, which is why activities commute (invariant 5).
 */
export interface OrderLine {
  ordered: number;
  cancelled: number;
  shipped: number;
  /** Units of shipments that were taken back before they left. Absent: none. */
  unshipped?: number;
}

export const UNKNOWN_LINE: OrderLine = { ordered: 0, cancelled: 0, shipped: 0 };

export type OrderFact = "sell" | "cancel" | "ship" | "unship";

const COUNTER = {
  sell: "ordered",
  cancel: "cancelled",
  ship: "shipped",
  unship: "unshipped",
} as const;

/** The line after hearing that `fact` has reached `cumulative` units. */
export function joinLine(line: OrderLine, fact: OrderFact, cumulative: number): OrderLine {
  const counter = COUNTER[fact];
  return { ...line, [counter]: Math.max(line[counter] ?? 0, cumulative) };
}

/** Units that have left the building: shipped, and not taken back. */
export function leftBy(line: OrderLine): number {
  return Math.max(0, line.shipped - (line.unshipped ?? 0));
}

/** Units the line still claims: sold, not cancelled, not shipped. Never negative. */
export function committedBy(line: OrderLine): number {
  return Math.max(0, line.ordered - line.cancelled - leftBy(line));
}

/** Units the line took and did not give back: what it uses up of its channel's allocation. */
export function takenBy(line: OrderLine): number {
  return Math.max(0, line.ordered - line.cancelled);
}
