/**
 * Stock carved out for one channel: its own virtual warehouse (row B2).
 *
 * `carved` units were set aside when the channel had taken `takenThen` units. What is left follows
 * from what the channel has taken by now, so sales and cancellations commute; it is never more
 * than was carved and never less than nothing.
 */
export interface Allocation {
  carved: number;
  takenThen: number;
}

/** Units left of an allocation, when the channel has taken `taken` units over its life. */
export function allocationLeft(allocation: Allocation, taken: number): number {
  const used = taken - allocation.takenThen;
  return Math.min(allocation.carved, Math.max(0, allocation.carved - used));
}

/** The allocation after carving out (+) or giving back (-) `units`. */
export function carve(allocation: Allocation, taken: number, units: number): Allocation {
  return { carved: allocationLeft(allocation, taken) + units, takenThen: taken };
}
