import { exhaustive } from "../../inventory/assert.ts";
import type { FinishResult } from "./finish-consent.server.ts";

export interface FinishText {
  heading: string;
  text: string;
  tone: "info" | "warning" | "critical";
}

/** Why a visit to a marketplace made no connection, and what to do. */
export function finishText(
  result: Exclude<FinishResult, { outcome: "connected" }>,
  title: string,
): FinishText {
  switch (result.outcome) {
    case "wrong-state":
      return {
        heading: "This visit cannot be used",
        text: `It was not begun here, is longer ago than half an hour, or was used already. Nothing was connected. Begin again from here: ${title} asks you once more.`,
        tone: "warning",
      };
    case "declined":
      return {
        heading: `${title} was not connected`,
        text: `You did not agree, or ${title} did not accept it (${result.why}). Nothing was changed.`,
        tone: "info",
      };
    case "throttled":
      return {
        heading: `${title} is busy`,
        text: `${title} takes no more connections at this moment. Nothing was changed; try again in a few minutes.`,
        tone: "warning",
      };
    case "unavailable":
      return {
        heading: `${title} does not answer`,
        text: `You agreed, but ${title} gave no usable answer when Ballast asked for the access (${result.why}). Nothing was changed; try again in a few minutes.`,
        tone: "warning",
      };
    case "refused":
      return {
        heading: `${title} refuses Ballast`,
        text: `${title} does not let this installation of Ballast in (${result.why}). Trying again helps only after whoever runs Ballast has checked its registration there.`,
        tone: "critical",
      };
    default:
      return exhaustive(result);
  }
}
