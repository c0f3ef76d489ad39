/* What the parts of these pages say. */

export const HELD_CARD_WORDS = {
  inTheNextTo: (text: string, holds: string) => `${text} in ${holds}, the next to expire first.`,
  pagesOfHolds: "Pages of holds",
  whereHoldsComeFrom: "Where holds come from",
} as const;
