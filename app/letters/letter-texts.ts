import type { ClosedLetterRow, DeadLetterRow } from "../../prisma/dead-letters.ts";

/** What a dead letter is called, by its kind, and which way it was going. */
export const LETTER_KINDS: Record<
  DeadLetterRow["kind"],
  { what(name: string): string; way: string }
> = {
  message: { what: (name) => `Message ${name}`, way: "From a marketplace" },
  push: { what: (name) => `Push of ${name}`, way: "To a marketplace" },
  webhook: { what: (name) => `Webhook ${name}`, way: "To your own address" },
};

export const LETTER_TEXTS = {
  title: "Dead letters",
  about:
    "What did not work after three tries. Nothing here is lost: retry it, or discard it and say why.",
  none: "Nothing waits for you here. Messages and pushes that fail three times do.",
  gone: "Somebody else has dealt with this one.",
  reason: "Why it is not needed",
  noReason: "Say why it is not needed.",
  retried: "It is being tried again.",
  discarded: "Discarded.",
} as const;

/** What was done about those that do not wait any more. */
export const CLOSED_TEXTS = {
  title: "Dealt with",
  text: "What was retried or discarded, by whom and why. What failed again waits above once more.",
  none: "Nothing was retried or discarded yet.",
  columns: { what: "What", state: "Done", why: "Reason", who: "Who", when: "When" },
  /** Nobody had to close it. */
  itself: "By itself",
} as const;

export const CLOSED_STATES: Record<
  ClosedLetterRow["state"],
  { text: string; tone: "info" | undefined }
> = {
  retried: { text: "Retried", tone: "info" },
  discarded: { text: "Discarded", tone: undefined },
};
