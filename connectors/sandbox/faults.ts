import { z } from "zod";
import { chance, type Randomness } from "./random.ts";

const probability = z.number().min(0).max(1);
const count = z.number().int().min(0);

/** What can go wrong on request. Probabilities are 0..1; "next" counts run down to 0. */
export const faultsSchema = z.object({
  /** Every call is answered 503. */
  outage: z.boolean().default(false),
  /** The merchant's access is revoked: every call is refused. */
  revoked: z.boolean().default(false),
  /** The next calls are answered 500, without being carried out. */
  failNext: count.default(0),
  /** The next calls are throttled whatever the bucket says. */
  throttleNext: count.default(0),
  /** The next calls are carried out, but the line is cut before the answer. */
  hangUpNext: count.default(0),
  /** The next messages are never sent. */
  dropNext: count.default(0),
  drop: probability.default(0),
  duplicate: probability.default(0),
  /** Held back by up to 5 s, so that later ones overtake. */
  reorder: probability.default(0),
  /** Every message comes this much later, in ms. */
  delayMs: count.default(0),
});

export type Faults = z.infer<typeof faultsSchema>;

export const noFaults = (): Faults => faultsSchema.parse({});

/** What to do with the next call: the first fault that applies. */
export function callFault(faults: Faults): "outage" | "revoked" | "fail" | "throttle" | null {
  if (faults.outage) return "outage";
  if (faults.revoked) return "revoked";
  if (spend(faults, "failNext")) return "fail";
  if (spend(faults, "throttleNext")) return "throttle";
  return null;
}

export function spend(faults: Faults, name: "failNext" | "throttleNext" | "hangUpNext"): boolean {
  if (faults[name] === 0) return false;
  faults[name] -= 1;
  return true;
}

const REORDER_MS = 5_000;

/** Delays in ms of the copies of one message: none when it is lost, two when it is doubled. */
export function messageDelays(faults: Faults, state: Randomness): number[] {
  if (faults.dropNext > 0) {
    faults.dropNext -= 1;
    return [];
  }
  if (chance(state) < faults.drop) return [];
  const copies = chance(state) < faults.duplicate ? 2 : 1;
  return Array.from({ length: copies }, () => {
    const held = chance(state) < faults.reorder ? Math.floor(chance(state) * REORDER_MS) : 0;
    return faults.delayMs + held;
  });
}
