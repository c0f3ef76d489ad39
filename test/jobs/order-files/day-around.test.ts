import { expect, test } from "vitest";
import { dayAround } from "../../../jobs/order-files/local-time.ts";

const HOUR = 3_600_000;

const rows: [zone: string, at: string, day: string, from: string, hours: number][] = [
  ["UTC", "2026-11-24T12:00:00Z", "2026-11-24", "2026-11-24T00:00:00Z", 24],
  ["UTC", "2026-12-31T23:59:59Z", "2026-12-31", "2026-12-31T00:00:00Z", 24],
  ["America/Los_Angeles", "2026-11-24T07:59:59Z", "2026-11-23", "2026-11-23T08:00:00Z", 24],
  ["America/Los_Angeles", "2026-11-24T08:00:00Z", "2026-11-24", "2026-11-24T08:00:00Z", 24],
  // Clocks go back: the day has 25 hours. They go forward: 23.
  ["America/Los_Angeles", "2026-11-01T20:00:00Z", "2026-11-01", "2026-11-01T07:00:00Z", 25],
  ["America/Los_Angeles", "2026-03-08T20:00:00Z", "2026-03-08", "2026-03-08T08:00:00Z", 23],
];

test.each(rows)("F: in %s it is, at %s, the day %s", (zone, at, day, from, hours) => {
  const begin = Date.parse(from);
  const expected = { day, from: begin, to: begin + hours * HOUR };
  expect(dayAround(zone)(Date.parse(at))).toEqual(expected);
});
