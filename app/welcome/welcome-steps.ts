/** From install to the first protected sale, in order. */
export const WELCOME_STEPS = [
  "start",
  "channels",
  "import",
  "match",
  "stock",
  "buffers",
  "dry-run",
  "live",
] as const;
export type WelcomeStep = (typeof WELCOME_STEPS)[number];

/** What the record says of how far a merchant has come. Nothing else is remembered. */
export interface WelcomeFacts {
  /** Connections that were not taken out. */
  connected: number;
  /** Of those: not live yet. The facts below are about these. */
  waiting: number;
  /** Their listings have not all been taken over. */
  importing: boolean;
  listings: number;
  matched: number;
  /** Items that some listing sells, and those of them that nobody has counted. */
  sold: number;
  uncounted: number;
  /** Channels without a rule that somebody has chosen. */
  unruled: number;
}

/** The step a merchant goes on with, whenever he comes back. */
export function currentStep(facts: WelcomeFacts): WelcomeStep {
  if (facts.connected === 0) return "start";
  if (facts.waiting === 0) return "live";
  if (facts.importing) return "import";
  if (facts.listings > 0 && facts.matched === 0) return "match";
  if (facts.sold > 0 && facts.uncounted === facts.sold) return "stock";
  if (facts.unruled > 0) return "buffers";
  return "dry-run";
}

/** The step after this one. */
export function nextStep(step: WelcomeStep): WelcomeStep {
  return WELCOME_STEPS[WELCOME_STEPS.indexOf(step) + 1] ?? "live";
}

/** Reads a step out of an address. */
export function stepOf(text: string | null): WelcomeStep | undefined {
  return WELCOME_STEPS.find((step) => step === text);
}

/** Whether the record has what a step is for. The last one is never behind anybody. */
export function isDone(step: WelcomeStep, facts: WelcomeFacts): boolean {
  return WELCOME_STEPS.indexOf(step) < WELCOME_STEPS.indexOf(currentStep(facts));
}
