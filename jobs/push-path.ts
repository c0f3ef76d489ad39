import type { BulkLimits, CallRate } from "../connectors/connector.ts";

/** What is known when a connection has something to tell. */
export interface PathFacts {
  /** Listings that may be sent now, and calls it would take to send each of them. */
  ready: number;
  calls: number;
  /** Of the ready ones: nearly sold out. */
  urgent: number;
  /** Listings in one push call. */
  pushBatch: number;
  push: Pace;
  bulk: Pace & { limits: BulkLimits };
}

/** A kind of call, and how many of it may be made at this moment. */
export interface Pace {
  rate: CallRate;
  left: number;
}

export type Path =
  | { path: "calls" }
  /** The first `keep` listings go by calls all the same, the others into the file. */
  | { path: "file"; keep: number };

/**
 * Single calls, or a file? A file when making the calls would take longer than a file usually
 * takes: its own wait for a turn, and the marketplace's processing. What is urgent still goes by
 * calls, as much of it as calls can carry while the file is processed; a listing is never in both.
 */
export function choosePath(facts: PathFacts): Path {
  const { ready, calls, urgent, pushBatch, push, bulk } = facts;
  const files = Math.ceil(ready / bulk.limits.lines);
  const byFile = waitFor(files, bulk) + bulk.limits.usualMs;
  if (waitFor(calls, push) <= byFile) return { path: "calls" };
  const carried = push.left + (push.rate.perSecond * bulk.limits.usualMs) / 1_000;
  return { path: "file", keep: Math.min(urgent, Math.floor(carried) * pushBatch) };
}

/** Ms until the last of so many calls may be made. */
function waitFor(calls: number, { rate, left }: Pace): number {
  return Math.max(0, ((calls - left) / rate.perSecond) * 1_000);
}
