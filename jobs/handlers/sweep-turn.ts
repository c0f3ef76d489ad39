import { setTimeout as pause } from "node:timers/promises";
import type { CallRate, Sweep } from "../../connectors/connector.ts";
import type { Pacer } from "../../connectors/pacer.ts";

/** A marketplace that throttles is waited for in place, up to this long in one sweep. */
export const PATIENCE_MS = 60_000;

export interface SweepTurn {
  pacer: Pick<Pacer, "take">;
  now(): number;
  /** What is counted: see `callKey`. */
  key: string;
  rate: CallRate;
  patientUntil: number;
}

/**
 * Asks for a page of a sweep when the marketplace's limit allows it, and again when it throttles all
 * the same. Throttled beyond the sweep's patience, by it or by our own pace, the page is not given.
 */
export async function inTurn(
  { pacer, now, key, rate, patientUntil }: SweepTurn,
  ask: () => Promise<Sweep>,
): Promise<Sweep> {
  for (;;) {
    const waitMs = await pacer.take(key, rate);
    const answer: Sweep =
      waitMs === 0
        ? await ask()
        : { outcome: "throttled", retryAt: now() + waitMs, why: "our own pace" };
    if (answer.outcome !== "throttled" || answer.retryAt >= patientUntil) return answer;
    await pause(Math.max(0, answer.retryAt - now()));
  }
}
