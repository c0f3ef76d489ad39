import { quoted, type Trouble } from "./cells.ts";

/** A clock's reading, without saying where. */
interface Reading {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const TIME = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+${TIME})?$`);
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: +${TIME})?$`);
const ZONED = /^(.*\d)\s*(?:(Z|UTC)|([+-])(\d{2}):?(\d{2}))$/;

/** Reads a file's dates as ms since the epoch. */
export type DateReader = (text: string) => number | Trouble;

/**
 * A reader of dates that may carry no zone: 2010-12-01 08:26:00, 12/1/2010 8:26 (month first unless
 * `dayFirst`), 2010-12-01T08:26, and any of them with Z or an offset (2026-11-23 10:04:55 -0500).
 * @throws RangeError when `timezone` is not an IANA name.
 */
export function dateReader(timezone: string, dayFirst: boolean): DateReader {
  const instantOf = zoneClock(timezone);
  let last = { text: "", at: Number.NaN };
  return (text) => {
    // The rows of an order share one time, and Intl is slow.
    if (text === last.text && text !== "") return last.at;
    const at = read(text, dayFirst, instantOf);
    if (typeof at === "number") last = { text, at };
    return at;
  };
}

function read(text: string, dayFirst: boolean, instantOf: (r: Reading) => number) {
  if (text === "") return { why: "is empty", fix: "write when it was sold" };
  const zoned = ZONED.exec(text);
  const reading = readingOf(zoned?.[1] ?? text, dayFirst);
  if (!reading) {
    return {
      why: `${quoted(text)} is not a date`,
      fix: "write it as 2010-12-01 08:26:00; if the day comes first, use --day-first",
    };
  }
  if (!zoned) return instantOf(reading);
  const [, , , sign, hours = "0", minutes = "0"] = zoned;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return asUtc(reading) - (sign === "-" ? -offset : offset);
}

function readingOf(text: string, dayFirst: boolean): Reading | undefined {
  const yearFirst = YEAR_FIRST.exec(text);
  const parts = yearFirst ?? YEAR_LAST.exec(text);
  if (!parts) return undefined;
  const [first = 0, second = 0, third = 0, hour = 0, minute = 0, seconds = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const [year = 0, month = 0, day = 0] = yearFirst
    ? [first, second, third]
    : [third < 100 ? 2000 + third : third, ...(dayFirst ? [second, first] : [first, second])];
  const reading = { year, month, day, hour, minute, second: seconds };
  return isReal(reading) ? reading : undefined;
}

/** The thirtieth of February rolls over in JavaScript's calendar: no date of an order does. */
function isReal({ year, month, day, hour, minute, second }: Reading): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  const inCalendar = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return inCalendar && year >= 1970 && hour < 24 && minute < 60 && second < 60;
}

function asUtc({ year, month, day, hour, minute, second }: Reading): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * When a clock in `timezone` shows a reading. In the hour that a clock repeats in autumn it is the
 * first time; in the hour it skips in spring it is as much after the change as the clock is wrong.
 */
function zoneClock(timezone: string): (reading: Reading) => number {
  const offsetAt = zoneOffset(timezone);
  return (reading) => {
    const wall = asUtc(reading);
    const before = offsetAt(wall - 24 * 3_600_000);
    if (offsetAt(wall - before) === before) return wall - before;
    const after = offsetAt(wall + 24 * 3_600_000);
    return offsetAt(wall - after) === after ? wall - after : wall - before;
  };
}

/** How far a zone's clocks are ahead of UTC at an instant, in ms. */
function zoneOffset(timezone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (at) => {
    const part = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    ) as unknown as Reading;
    return asUtc(part) - Math.floor(at / 1_000) * 1_000;
  };
}

/** The date a clock in `timezone` shows at an instant, as YYYY-MM-DD. */
export function dayIn(timezone: string): (at: number) => string {
  const offsetAt = zoneOffset(timezone);
  return (at) => new Date(at + offsetAt(at)).toISOString().slice(0, 10);
}

/** A calendar day of a zone: its name, and when it begins and ends in ms since the epoch. */
export interface ZonedDay {
  day: string;
  from: number;
  to: number;
}

/** The calendar day that a clock in `timezone` is in at an instant. It may have 23 or 25 hours. */
export function dayAround(timezone: string): (at: number) => ZonedDay {
  const dayOf = dayIn(timezone);
  const instantOf = zoneClock(timezone);
  const midnight = (year: number, month: number, day: number) =>
    instantOf({ year, month, day, hour: 0, minute: 0, second: 0 });
  return (at) => {
    const day = dayOf(at);
    const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
    return { day, from: midnight(year, month, date), to: midnight(year, month, date + 1) };
  };
}
