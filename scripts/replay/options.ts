import { parseArgs } from "node:util";
import type { ReadOptions } from "../../jobs/order-files/row.ts";

export interface ReplayOptions extends ReadOptions {
  file: string;
  /** YYYY-MM-DD, as the shop's clock has it. */
  day: string;
  /** Seconds of the day per second of the replay. */
  speed: number;
  /** Percent of the day's sales that are in stock when it begins; below 100 it oversells. */
  stock: number;
}

export const REPLAY_USAGE = `npm run replay -- FILE --day YYYY-MM-DD [options]

Sends the orders and cancellations of one day of FILE (see import:orders) through the sandbox
marketplaces, at their times of day, and checks every balance against a sum of the file.

  --speed N        seconds of the day per second (600)
  --stock PERCENT  of the day's sales that are in stock when it begins (100)
  --timezone ZONE, --currency CODE, --day-first, --not-stock CODES   as for import:orders`;

/** Reads the command line. Throws with every problem at once and the usage. */
export function replayOptions(args: string[]): ReplayOptions {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      day: text,
      speed: text,
      stock: text,
      timezone: text,
      currency: text,
      "day-first": { type: "boolean" },
      "not-stock": text,
    },
  });
  const problems: string[] = [];
  const [file = "", ...others] = positionals;
  if (file === "" || others.length > 0) problems.push("name one file");
  const { day = "", timezone, currency, "day-first": dayFirst } = values;
  if (!isDay(day)) problems.push(`--day is a date like 2011-09-22, not "${day}"`);
  const number = (name: "speed" | "stock", standard: number, least: number): number => {
    const value = values[name] === undefined ? standard : Number(values[name]);
    if (Number.isFinite(value) && value >= least) return value;
    problems.push(`--${name} is a number of at least ${least}, not "${values[name]}"`);
    return standard;
  };
  const speed = number("speed", 600, 0.001);
  const stock = number("stock", 100, 0);
  if (
    timezone !== undefined &&
    !exists(() => new Intl.DateTimeFormat("en", { timeZone: timezone }))
  )
    problems.push(`--timezone is a name like Europe/London, not "${timezone}"`);
  if (problems.length > 0) throw new Error(`${problems.join("\n")}\n\n${REPLAY_USAGE}`);
  const notStock = values["not-stock"]?.split(",").map((code) => code.trim());
  return { file, day, speed, stock, timezone, currency, dayFirst, notStock };
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(at).toISOString().startsWith(text);
}

function exists(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}
