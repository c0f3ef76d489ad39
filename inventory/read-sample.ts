import { assert } from "./assert.ts";

/** What reading back would take, and of how large a catalogue. */
export interface ReadLoad {
  /** Listings that were accepted and not seen yet. */
  unseen: number;
  /** Listings of the connection that are pushed at all. */
  pushed: number;
  /** Listings that one call reads, and calls per second. */
  batch: number;
  perSecond: number;
}

/** What can be read within this long is read whole. */
const WHOLE_WITHIN_MS = 60_000;

/**
 * Listings of a catalogue that a sample reads. When none of 300 is wrong, less than 1 % of all are,
 * with 95 % confidence: the "rule of three", 3 / n (Hanley, Lippman-Hand, JAMA 249 (1983), 1743).
 */
const SAMPLE = 300;

/**
 * One of how many accepted numbers is read back to vouch for the others; 1 = every one. It depends
 * on the catalogue and not on what is left of it to read, so that a sample stays the same while it
 * is read. Row H5.
 */
export function readOneIn({ unseen, pushed, batch, perSecond }: ReadLoad): number {
  assert(batch >= 1 && perSecond > 0, "a read-back reads something");
  const wholeMs = (Math.ceil(unseen / batch) / perSecond) * 1_000;
  return wholeMs <= WHOLE_WITHIN_MS ? 1 : Math.max(1, Math.floor(pushed / SAMPLE));
}
