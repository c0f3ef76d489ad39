import type { Format } from "../../inventory/format.ts";
import type { BulkChange } from "../../jobs/batches/chosen.ts";
import { policyText } from "../texts.ts";

/** What can be done with the items that somebody chose. */
export const BULK_ACTIONS = {
  category: "Set category",
  rule: "Set buffer rule",
  unrule: "Remove buffer rules",
} as const;
export type BulkAction = keyof typeof BULK_ACTIONS;

/** What an action does to them, before it is asked for. */
export const BULK_HELP: Record<BulkAction, string> = {
  category: "Rules for a category apply to its items from then on.",
  rule: "Each of these items gets a rule of its own, which wins over rules for categories and channels.",
  unrule: "Rules that name one of these items go; those for categories and channels stay.",
};

/** Nothing is done before it was seen. */
export const BULK_NEXT = "Next you see every number that would change. Nothing changes before.";

/** What a batch is called: "Category Sale for 12 items". */
export function bulkTitle(
  change: BulkChange,
  items: string,
  format: Format,
  titleOf: (channel: string) => string,
): string {
  switch (change.of) {
    case "category":
      return change.category === null
        ? `No category for ${items}`
        : `Category ${change.category} for ${items}`;
    case "rule": {
      const where = change.channel === null ? "all channels" : titleOf(change.channel);
      return `Rule for ${items} on ${where}: ${policyText(change.policy, format)}`;
    }
    case "no-rules": {
      const where = change.channel === null ? "any channel" : titleOf(change.channel);
      return `No rule of their own for ${items} on ${where}`;
    }
  }
}

/** How many are chosen, for somebody who sees it and somebody who hears it. */
export function chosenText(
  { all, items }: { all: boolean; items: readonly string[] },
  found: { count: number; more: boolean },
  { number, counted }: Pick<Format, "number" | "counted">,
): string {
  if (!all) return `${counted(items.length, "item")} chosen`;
  return found.more
    ? `All that match chosen, more than ${number(found.count)} items`
    : `All ${counted(found.count, "item")} that match chosen`;
}

/** The way from those that are seen to all of them. */
export function chooseAllText(
  { count, more }: { count: number; more: boolean },
  { number }: Pick<Format, "number">,
): string {
  return more
    ? `Choose all that match, more than ${number(count)}`
    : `Choose all ${number(count)} that match`;
}

export const BULK_REFUSALS = {
  none: "Choose at least one item.",
  role: "Your role does not allow this. Ask an owner.",
  category: "Write the new category, in at most 200 characters.",
} as const;
