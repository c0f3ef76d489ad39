/* What the parts of these pages say. */

export const GUARD_QUESTION_WORDS = {
  thisReachesFarPlease: "This reaches far. Please look twice.",
  iHaveLookedAt: "I have looked at the list below, and I want this.",
} as const;

export const PREVIEW_CARD_WORDS = {
  allTheSame: (button: string) => `${button} all the same`,
  downloadTheListCsv: "Download the list (CSV)",
  theLargestChanges: "The largest changes",
} as const;

export const SAVE_OUTCOME_WORDS = {
  invalid: "Something in the form is not right. It is marked there.",
  done: (what: string, listings: string, by: "now" | "worker") =>
    `${what} ${listings} changed${by === "now" ? "." : "; the plans are being made now."}`,
  undo: "See it, or take it back",
} as const;
