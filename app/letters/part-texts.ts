/* What the parts of these pages say. */

export const CLOSED_CARD_WORDS = {
  olderOnesThatWere: "Older ones that were dealt with",
} as const;

export const LETTER_CARD_WORDS = {
  discardWithAReason: (name: string) => `Discard ${name}, with a reason`,
} as const;
