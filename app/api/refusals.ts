import { exhaustive } from "../../inventory/assert.ts";
import type { Unavailable } from "../../ledger/contract.ts";
import type { Heartbeat } from "../heartbeat.ts";
import { Problem } from "./problem.ts";

/** The ledger promises nothing now: 503, and what a caller should do. */
export function unavailable({ why }: Unavailable): Problem {
  return new Problem("unavailable", sentence(why), { why });
}

/** The record does not answer: what it could not keep is not promised either (row D5). */
export function recordAway(): Problem {
  const detail = "The record does not answer. Nothing was taken; try again.";
  return new Problem("unavailable", detail, { why: "record-away" });
}

/** Waits for the record as long as it gives signs of life, and refuses as soon as it gives none. */
export function whileAlive<T>(heartbeat: Heartbeat, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const lost = () => {
      const detail = "The record stopped answering. Try again with the same Idempotency-Key.";
      reject(new Problem("unavailable", detail, { why: "record-away" }));
    };
    const off = heartbeat.onLost(lost);
    if (!heartbeat.alive()) lost();
    work.then(resolve, reject).finally(off);
  });
}

function sentence(why: Unavailable["why"]): string {
  switch (why) {
    case "away":
      return "The ledger cannot be reached. Nothing was taken; try again.";
    case "unverified":
      return "The ledger is being checked after a restart. Nothing was taken; try again.";
    case "timeout":
      return "The ledger did not answer in time. Try again with the same Idempotency-Key.";
    default:
      return exhaustive(why);
  }
}

/** More requests at once than there is room for: nothing was read of this one. */
export function overloaded(): Problem {
  return new Problem("overloaded", "Nothing was taken; try again in a second.");
}

/** One key, two different requests: whichever was meant, it was not this. */
export function reusedKey(): Problem {
  return new Problem("idempotency-key-reused", "Use a new key for a new request.");
}
