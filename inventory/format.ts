import type { Regional } from "./regional.ts";

/** Numbers, money and times as one shop writes them, and the counts that sentences are made of. */
export interface Format {
  /** 1234 as "1,234". */
  number(value: number): string;
  /** "1 unit", "2 units". */
  units(count: number): string;
  counted(count: number, one: string, many?: string): string;
  /** A signed change: "+12", "−3". */
  change(value: number): string;
  /** Milliseconds as a person reads them: "240 ms", "1.4 s", "3 min". */
  duration(ms: number): string;
  /** Minor units, such as cents, of the shop's currency or of another. */
  money(minor: number, currency?: string): string;
  /** A moment to the second: "25 Nov 2026, 09:48:09". */
  time(at: Date | number | string): string;
  /** "25 Nov 2026". */
  day(at: Date | number | string): string;
  /** The time of day: "09:48:09". */
  clock(at: Date | number | string): string;
  /** The hour and minute of the day: "09:48". */
  minute(at: Date | number | string): string;
}

/**
 * How a shop writes. Nothing depends on the machine it runs on, so that server and browser write
 * the same.
 */
export function formatFor({ locale, timeZone, currency }: Regional): Format {
  const plain = new Intl.NumberFormat(locale);
  const number = (value: number) => plain.format(value);
  const counted = (count: number, one: string, many = `${one}s`) =>
    `${number(count)} ${count === 1 ? one : many}`;
  const moments = (options: Intl.DateTimeFormatOptions) => {
    // Making one costs more than most pages need: only those that are used are made.
    let format: Intl.DateTimeFormat | undefined;
    return (at: Date | number | string) => {
      format ??= new Intl.DateTimeFormat(locale, { ...options, timeZone });
      return format.format(new Date(at));
    };
  };
  return {
    number,
    counted,
    units: (count) => counted(count, "unit"),
    change: (value) => (value > 0 ? `+${number(value)}` : value < 0 ? `−${number(-value)}` : "0"),
    duration: (ms) => duration(ms, locale),
    money: (minor, code = currency) => money(minor, code, locale),
    time: moments({ dateStyle: "medium", timeStyle: "medium" }),
    day: moments({ dateStyle: "medium" }),
    clock: moments({ timeStyle: "medium" }),
    minute: moments({ timeStyle: "short" }),
  };
}

function duration(ms: number, locale: string): string {
  const one = (value: number) =>
    value.toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${one(ms / 1_000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${one(ms / 3_600_000)} h`;
}

/** Currencies differ in how many minor units make one: 100 cents, 1 yen, 1,000 fils. */
function money(minor: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}
