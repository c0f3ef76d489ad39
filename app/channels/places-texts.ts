import type { CallFailure } from "../../connectors/connector.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { Format } from "../../inventory/format.ts";
import type { PlacesView } from "./places.ts";

/* Every sentence about where a marketplace counts stock. */

/** Why a marketplace's places could not be read, and what to do. */
export function unreadText(failure: CallFailure, title: string): string {
  switch (failure.outcome) {
    case "throttled":
      return `${title} takes no more calls at this moment. Try again in a minute.`;
    case "unavailable":
    case "unknown":
      return `${title} gave no answer. Try again in a minute; what was read before is still shown.`;
    case "unauthorized":
      return `${title} does not let us read it. Reconnect, and allow everything that is asked for.`;
    case "not-supported":
      return `${title} does not tell it for this account: ${failure.why}`;
    default:
      return exhaustive(failure);
  }
}

export const PLACES_TEXTS = {
  heading: ({ called }: PlacesView) => `${capital(called.many)} that Ballast writes`,
  intro: ({ title, called }: PlacesView) =>
    `Shoppers at ${title} see the sum of all ${called.many}. One of them shows what Ballast works out. Whatever the others have is sold on top of it, unless they are kept at 0.`,
  none: ({ title, called }: PlacesView) =>
    `${title} told of no ${called.one} of yours. It takes its own default.`,
  unread: ({ title }: PlacesView) => `${title} has not been asked yet.`,
  lost: ({ called }: PlacesView) =>
    `The ${called.one} you chose is gone or switched off, so numbers go nowhere. Choose another one.`,
  single: ({ called }: PlacesView, name: string) =>
    `${name} shows your numbers. It is the only ${called.one} they can go to.`,
  told: ({ called }: PlacesView) => `${capital(called.one)} that shows your numbers`,
  toldHelp: "Every listing is told again there when you change it.",
  emptied: ({ called }: PlacesView) => `Other ${called.many} that are kept at 0`,
  emptiedHelp: "Tick what nothing may be sold from. What is not ticked is left alone.",
  shipsFrom: ({ title }: PlacesView) => `What ${title} sells leaves from`,
  shipsFromHelp: "Your own location whose stock a shipment takes, where the order does not say.",
  shipsFirst: "The location that ships first",
  save: "Save",
  read: "Read the list again",
  readOn: "Read",
  preview: ({ called }: PlacesView, name: string) =>
    `Every listing is told anew at ${name}, and goes to 0 at every ${called.one} you ticked. Shoppers may see less for a moment.`,
  confirm: (name: string) => `Send the numbers to ${name}`,
  cancel: "Keep it as it is",
  gone: "This connection is disconnected already.",
} as const;

/** What became of it, in the toast. */
export function chosenText(listings: number, { counted }: Format): string {
  if (listings === 0) return "Saved.";
  return `Saved. ${counted(listings, "listing")} told again there now.`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
