import { EBAY_LIMITS } from "./limits.ts";

const HOUR_MS = 3_600_000;

const calendar = new Intl.DateTimeFormat("en-CA", {
  timeZone: EBAY_LIMITS.revisions?.zone ?? "UTC",
  dateStyle: "short",
});

/** The calendar day in which eBay counts a listing's revisions: 2026-11-24. */
export function revisionDay(at: number): string {
  return calendar.format(at);
}

/** When the next one begins, to the quarter of an hour: no zone's midnight is finer than that. */
export function nextDay(at: number): number {
  const today = revisionDay(at);
  const quarter = HOUR_MS / 4;
  let next = Math.ceil((at + 1) / quarter) * quarter;
  while (revisionDay(next) === today) next += quarter;
  return next;
}
