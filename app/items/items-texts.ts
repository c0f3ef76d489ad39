import type { Format } from "../../inventory/format.ts";
import type { ItemFilter } from "../../prisma/item-list.ts";

/** What the Items page calls its filters, in the order in which it offers them. */
export const FILTER_TITLES: Record<ItemFilter, string> = {
  all: "All",
  attention: "Needs attention",
  oversold: "Oversold",
  out: "Out of stock",
  low: "Low",
  late: "Late",
  failing: "Failing",
  drifting: "Drifting",
  unlisted: "Not listed",
};

/** Ways to sort, as the address writes them: a minus turns the order round. */
export const SORT_TITLES: readonly (readonly [string, string])[] = [
  ["sku", "SKU, A to Z"],
  ["-sku", "SKU, Z to A"],
  ["title", "Title, A to Z"],
  ["-title", "Title, Z to A"],
  ["available", "Available, fewest first"],
  ["-available", "Available, most first"],
  ["on-hand", "On hand, fewest first"],
  ["-on-hand", "On hand, most first"],
  ["-moved", "Last moved, newest first"],
  ["moved", "Last moved, oldest first"],
];

/** "1 item", "312 items", "more than 10,000 items". */
export function foundText(
  { count, more }: { count: number; more: boolean },
  { number, counted }: Pick<Format, "number" | "counted">,
): string {
  return more ? `more than ${number(count)} items` : counted(count, "item");
}

/** Why a list is empty, and what to do about it. */
export function nothingText(filter: ItemFilter, narrowed: boolean): string {
  if (narrowed) return "No item matches. Search for less, or choose All.";
  return filter === "all" ? "There are no items yet." : NOTHING[filter];
}

const NOTHING: Record<Exclude<ItemFilter, "all">, string> = {
  attention: "Nothing is oversold, late or failing.",
  oversold: "Nothing is oversold.",
  out: "Nothing is out of stock.",
  low: "Nothing is low.",
  late: "Every marketplace has been told its numbers.",
  failing: "Every push worked.",
  drifting: "Every listing shows the number it was told.",
  unlisted: "Every item is listed somewhere.",
};

export const HISTORY_TEXTS = {
  title: "Over time",
  text: "Units at the end of each step of time, and the last number that each channel took.",
  onHand: "On hand",
  available: "Available",
  asTable: "Show as a table",
  caption: "Numbers over time, where something changed, newest first",
  at: "At",
} as const;

/** What is left out of the chart. */
export function otherListingsText(count: number, { counted }: Pick<Format, "counted">): string {
  return `${counted(count, "more listing")} not drawn.`;
}
