import { exhaustive } from "../../inventory/assert.ts";
import type { HoldSource } from "../../inventory/hold.ts";
import type { HoldsResult } from "./holds.server.ts";

/* Every sentence of the page of holds. Plain text: no markup. */

export const HOLD_TEXTS = {
  subtitle:
    "Units that carts and checkouts have claimed for a while: nobody else can buy them until they are bought, given back or expire.",
  live: "Held now",
  none: "Nothing is held now. A shopper who adds something to the cart appears here at once.",
  noneOfSource: "Nothing is held from there now.",
  chart: {
    title: "Holds against sales",
    text: "Units that were newly held, beside units sold on every channel.",
    none: "Nothing was held or sold in this time.",
  },
  ended: {
    title: "What became of holds",
    text: "Holds that ended in this time: each is one item in one cart.",
    none: "No hold ended in this time.",
  },
} as const;

export const SOURCE_TITLES: Record<HoldSource, string> = {
  storefront: "Storefront carts",
  webhook: "Carts told by Shopify",
  api: "API and checkouts",
};

/** Who took a hold: "Storefront cart", "API (warehouse)". */
export function sourceText(actor: string | null): string {
  if (actor === "storefront") return "Storefront cart";
  if (actor === "webhook") return "Cart told by Shopify";
  const program = /^api:(.+)$/.exec(actor ?? "")?.[1];
  return program === undefined ? "API" : `API (${program})`;
}

export const ENDED_TITLES = {
  committed: "Bought",
  expired: "Expired",
  released: "Given back",
} as const;

export const RELEASE_TEXTS = {
  action: "Release",
  keep: "Keep it",
  title: "Release this hold?",
  /** A hold is given back with everything else in its cart. */
  what: (units: string, sku: string, source: string) =>
    `${units} of ${sku} (${source}), and whatever else the same cart holds, can be bought by others at once. The shopper is not told; they can still buy what is left. The history shows that you released it.`,
} as const;

/** What became of releasing, in passing; null when it has to be read. */
export function releasedToast(result: HoldsResult): string | null {
  return result.outcome === "released" ? "Released: its units can be bought again." : null;
}

/** What has to be read of it; null when nothing has. */
export function notReleased(result: HoldsResult): string | null {
  switch (result.outcome) {
    case "over":
      return "This hold had ended already: bought, given back or expired.";
    case "unavailable":
      return "The ledger is being checked. Nothing was released; try again in a moment.";
    case "not-recorded":
      return "Released, but not in the history yet. It appears there by itself.";
    case "released":
    case "saved":
    case "sent":
    case "invalid":
    case "refused":
      return null;
    default:
      return exhaustive(result);
  }
}

/** Hours, minutes and seconds as a clock: "14:05", "1:02:00". */
export function clockText(ms: number): string {
  const all = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

export const TERMS_TEXTS = {
  title: "How carts hold stock",
  text: "Counts for carts from now on. What is held already keeps its end.",
  unsureTitle: "When Ballast cannot be reached",
  unsure:
    "Holds are refused, never guessed. Whether the storefront then sells anyway is set in your theme: Theme editor, App embeds, Ballast cart. Prefer selling: the shopper notices nothing, and you may rarely sell a unit twice. Refuse when not sure: what was just added is taken out again, and the shopper is asked to try later.",
  webhookCarts: "Also hold for carts that only Shopify tells of",
  webhookCartsHelp:
    "For stores whose theme does not run Ballast's cart embed. Shopify tells of such carts seconds late, and never that a shopper has left, so give them less time.",
} as const;

export const TERMS_FIELDS = [
  {
    name: "ttlMinutes",
    label: "A cart holds for",
    suffix: "minutes",
    help: "Starts again while the shopper is there.",
  },
  {
    name: "longestMinutes",
    label: "But never longer than",
    suffix: "minutes",
    help: "However active the shopper is. At least the time above.",
  },
  {
    name: "webhookMinutes",
    label: "A cart told by Shopify holds for",
    suffix: "minutes",
    help: "Only when the box above is ticked.",
  },
  {
    name: "unitsPerLine",
    label: "Most of one item in a cart",
    suffix: "units",
    help: "More can be ordered, but is not held.",
  },
  { name: "unitsPerCart", label: "Most in one cart", suffix: "units", help: "" },
  {
    name: "cartsPerAddress",
    label: "Most carts from one network address",
    suffix: "carts",
    help: "An office or a mobile network shares one address: do not go too low.",
  },
  {
    name: "sharePercent",
    label: "Of a scarce item, carts hold at most",
    suffix: "%",
    help: "The rest stays for whoever pays first, on any channel.",
  },
  {
    name: "shareBelow",
    label: "An item is scarce at or below",
    suffix: "units",
    help: "0: never.",
  },
] as const;

export const TERMS_ERRORS = {
  ttlMinutes: "Enter whole minutes from 1 to 60.",
  longestMinutes: "Enter whole minutes from 1 to 1,440, and not fewer than a cart holds for.",
  webhookMinutes: "Enter whole minutes from 1 to 60.",
  unitsPerLine: "Enter a whole number from 1 to 10,000.",
  unitsPerCart: "Enter a whole number from 1 to 100,000.",
  cartsPerAddress: "Enter a whole number from 1 to 10,000.",
  sharePercent: "Enter a whole percentage from 1 to 100.",
  shareBelow: "Enter a whole number from 0 to 100,000.",
} as const;
