/* What the parts of these pages say. */

export const PASSWORD_FIELDS_WORDS = {
  theSameAgain: "The same again",
} as const;
