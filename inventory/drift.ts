/** Why a live number is probably not the one its marketplace had accepted. Row H5. */
export type DriftCause = "manual-edit" | "other-tool" | "rejected-push" | "lost-order" | "unknown";

/** What a connection's owner wants done about a number that somebody else changed. */
export type DriftPolicy = "heal" | "report";

/** What is known of one listing whose live number disagrees. Quantities as buyers see them. */
export interface DriftFacts {
  /** What the marketplace had accepted from us. */
  expected: number;
  /** What it shows; null = it does not say any more. */
  found: number | null;
  /** The number was seen there since it was accepted, so it had arrived. */
  seen: boolean;
  /** What it had accepted before `expected`; null = nothing. */
  before: number | null;
  /** Units sold there that were heard of only after the disagreement was found. */
  heardLater: number;
  /** Orders are known up to after the disagreement was found. */
  ordersKnown: boolean;
  /** Disagreements of this listing that were put right in the last hour. */
  healedLately: number;
}

/** Put right this often within an hour and wrong again: somebody else wants another number. */
const FIGHT_AFTER = 2;

/** The likely cause: the first row that fits, the surest first. */
export function causeOf(facts: DriftFacts): DriftCause {
  const { expected, found, seen, before, heardLater, ordersKnown, healedLately } = facts;
  if (found === null) return "unknown";
  if (healedLately >= FIGHT_AFTER) return "other-tool";
  if (heardLater > 0 && found === Math.max(0, expected - heardLater)) return "lost-order";
  // Taken and never shown, while the number before it still is: it was dropped on the way.
  if (!seen) return found === before ? "rejected-push" : "unknown";
  // Fewer than expected may be sales that nobody has told us of yet.
  if (found < expected && !ordersKnown) return "lost-order";
  return "manual-edit";
}

/** What to do: put it right once, leave it to a person, or stop because two systems fight. */
export function remedyOf(policy: DriftPolicy, cause: DriftCause): "heal" | "report" | "stop" {
  if (cause === "other-tool") return "stop";
  return policy === "heal" ? "heal" : "report";
}

const SENTENCES: Record<DriftCause, string> = {
  "manual-edit": "somebody changed it there by hand, or another app did",
  "other-tool": "another system keeps changing it: stop that one, then resume here",
  "rejected-push": "the marketplace took the last number and never showed it",
  "lost-order": "it was sold there, and no message told us",
  unknown: "the marketplace does not say why",
};

/** What a person reads: which number, which one was expected, and the likely reason. */
export function driftSentence(expected: number, found: number | null, cause: DriftCause): string {
  const shows = found === null ? "shows no number" : `shows ${found}`;
  return `${shows} instead of the accepted ${expected}: ${SENTENCES[cause]}`;
}

/** The same of a number that was met by a push, and overwritten by it. */
export function overwrittenSentence(expected: number, found: number, cause: DriftCause): string {
  return `showed ${found} instead of ${expected} when the next number was told: ${SENTENCES[cause]}`;
}
