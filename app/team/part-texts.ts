/* What the parts of these pages say. */

export const INVITE_CARD_WORDS = {
  makeAnInvitation: "Make an invitation",
} as const;

export const JOINING_CARD_WORDS = {
  whoeverMayOpenBallast:
    "Whoever may open Ballast in Shopify’s admin is in your team from the first visit on. The owner of the shop there is an owner here.",
  everybodyElseBeginsAs: "Everybody else begins as",
} as const;

export const PEOPLE_CARD_WORDS = {
  nobodyHasBeenInvited: "Nobody has been invited yet.",
} as const;
