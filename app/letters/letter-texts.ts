import type { DeadLetterRow } from "../../prisma/dead-letters.ts";

/** What a dead letter is called, by its kind, and which way it was going. */
export const LETTER_TEXTS: Record<
  DeadLetterRow["kind"],
  { what(name: string): string; way: string }
> = {
  message: { what: (name) => `Message ${name}`, way: "From a marketplace" },
  push: { what: (name) => `Push of ${name}`, way: "To a marketplace" },
  webhook: { what: (name) => `Webhook ${name}`, way: "To your own address" },
};
