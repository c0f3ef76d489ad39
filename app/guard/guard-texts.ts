import type { BlastRadius, BlastReason } from "../../inventory/blast-radius.ts";
import type { Format } from "../../inventory/format.ts";

/** What is counted: "listing" or "item". */
export type Counted = "listing" | "item";

/** Why a change stops, a sentence for each limit it passes (row H4). */
export function guardSentences(
  { reasons, zeroed, moved, zeroedPercent, movedPercent, limits }: Omit<BlastRadius, "largest">,
  what: Counted,
  { counted, number }: Format,
): string[] {
  const share = (percent: number) => `${number(Math.round(percent))} %`;
  const sentences: Record<BlastReason, string> = {
    zeroed: `${counted(zeroed, what)} would go to 0: ${share(zeroedPercent)} of those with stock. Your limit is ${share(limits.zeroPercent)}.`,
    moved: `${counted(moved, what)} would change by more than ${share(limits.farPercent)}: ${share(movedPercent)} of all. Your limit is ${share(limits.movePercent)}.`,
  };
  return reasons.map((reason) => sentences[reason]);
}
