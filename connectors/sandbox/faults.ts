import { z } from "zod";
import { chance, type Randomness } from "./random.ts";

const probability = z.number().min(0).max(1);
const count = z.number().int().min(0);

/** What can go wrong on request. Probabilities are 0..1; "next" counts run down to 0. */
const skus = z.array(z.string()).default(() => []);

export const faultsSchema = z.object({
  /** Every call is answered 503. */
  outage: z.boolean().default(false),
  /** The merchant's access is revoked: every call is refused. */
  revoked: z.boolean().default(false),
  /** The merchant's consent came to its end by time: no token works, and none is renewed. */
  lapsed: z.boolean().default(false),
  /** The access tokens of the next calls have ended before their time. */
  expireNext: count.default(0),
  /** The next calls are answered 500, without being carried out. */
  failNext: count.default(0),
  /** The next calls are throttled whatever the bucket says, in the marketplace's own words. */
  throttleNext: count.default(0),
  /** The next calls are answered 429, and not a word of when to come again. */
  bare429Next: count.default(0),
  /** The next calls are answered 429 with Retry-After, as a gateway in front does it. */
  retryAfterNext: count.default(0),
  /** The next calls are carried out, but the line is cut before the answer. */
  hangUpNext: count.default(0),
  /** The next calls are carried out, and answered after `slowMs`: our side gives up after 15 s. */
  slowNext: count.default(0),
  slowMs: count.default(20_000),
  /** The next calls are carried out, but half of the answer is missing. */
  truncateNext: count.default(0),
  /** The next calls are carried out, but the answer has a shape that nobody agreed on. */
  misshapeNext: count.default(0),
  /** Numbers for these SKUs are refused, whatever becomes of the others of their batch or file. */
  refuseSkus: skus,
  /** Numbers for these SKUs are accepted, and never seen again. */
  ignoreSkus: skus,
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

export type CallFault =
  | "outage"
  | "revoked"
  | "lapsed"
  | "expire"
  | "fail"
  | "throttle"
  | "bare-429"
  | "retry-after";

const NEXT = {
  expireNext: "expire",
  failNext: "fail",
  throttleNext: "throttle",
  bare429Next: "bare-429",
  retryAfterNext: "retry-after",
} as const satisfies Partial<Record<keyof Faults, CallFault>>;

/** What to do with the next call: the first fault that applies. */
export function callFault(faults: Faults): CallFault | null {
  if (faults.outage) return "outage";
  if (faults.revoked) return "revoked";
  if (faults.lapsed) return "lapsed";
  for (const [name, fault] of Object.entries(NEXT)) {
    if (spend(faults, name as keyof typeof NEXT)) return fault;
  }
  return null;
}

/** Nothing is granted to whom this is said of: neither a call nor a new token. */
export const isShutOut = ({ revoked, lapsed }: Faults) => revoked || lapsed;

type Counted = {
  [Name in keyof Faults]: Name extends `${string}Next` ? Name : never;
}[keyof Faults];

/** Counts one of the "next" ones down; false = none is left. */
export function spend(faults: Faults, name: Counted): boolean {
  if (faults[name] === 0) return false;
  faults[name] -= 1;
  return true;
}

/** What Retry-After says, in seconds. */
const RETRY_AFTER_S = 7;

/** How a 429 of these faults is sent; null = the fault is another one. */
export function throttledBy(fault: CallFault | null): ResponseInit | null {
  if (fault === "bare-429") return { status: 429 };
  if (fault !== "retry-after") return null;
  return { status: 429, headers: { "retry-after": String(RETRY_AFTER_S) } };
}

/** What is done to a number for this SKU, although there is nothing wrong with it. */
export function rowFault(faults: Faults, sku: string): "refuse" | "ignore" | null {
  if (faults.refuseSkus.includes(sku)) return "refuse";
  return faults.ignoreSkus.includes(sku) ? "ignore" : null;
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
