import { exhaustive } from "../../inventory/assert.ts";
import type { DecideResult } from "./decide-channel.server.ts";

const ASKED = {
  check: (title: string) =>
    `${title} is being asked whether it lets us in, and for orders that were missed.`,
  import: (title: string) => `Everything you list at ${title} is being taken over again.`,
  feed: (title: string) =>
    `Everything listed at ${title} is being read back, and told again where it differs.`,
} as const;

/** What became of a merchant's decision, as a sentence. */
export function decidedText(result: DecideResult, title: string): string {
  switch (result.outcome) {
    case "asked":
      return ASKED[result.intent](title);
    case "paused":
      return `Paused: nothing more is pushed to ${title}. Orders are still read.`;
    case "resumed":
      return `Resumed: what has changed meanwhile is being pushed to ${title}.`;
    case "told-again":
      return `Our number is being pushed to ${title} again.`;
    case "saved":
      return "Saved.";
    case "disconnected":
      return result.note === null
        ? `${title} is disconnected.`
        : `${title} is disconnected. It could not be asked to send nothing more (${result.note}); what it sends is not stored.`;
    case "gone":
      return "This connection is disconnected already.";
    case "refused":
      return result.why;
    default:
      return exhaustive(result);
  }
}
