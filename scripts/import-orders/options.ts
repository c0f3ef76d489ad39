import { parseArgs } from "node:util";
import type { ReadOptions } from "../../jobs/order-files/row.ts";

export const IMPORT_USAGE = `npm run import:orders -- FILE [options]

FILE is a CSV or CSV.gz with the columns of UCI Online Retail or of Shopify's order export; its
header says which. What was imported before is not added again.

  --timezone ZONE    of dates that carry none (UCI: Europe/London, Shopify: UTC)
  --currency CODE    of a file without a currency column (UCI: GBP)
  --day-first        1/12/2010 is the first of December
  --not-stock CODES  further codes that are no items, separated by commas
  --report FILE      where every bad row is written
`;

export interface ImportCommand extends ReadOptions {
  file: string;
  report?: string;
}

/** Reads the command line. A `problem` is a sentence for whoever typed it. */
export function importCommand(args: string[]): ImportCommand | { problem: string } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        timezone: { type: "string" },
        currency: { type: "string" },
        "day-first": { type: "boolean" },
        "not-stock": { type: "string" },
        report: { type: "string" },
      },
    });
    const { timezone, currency, report, "day-first": dayFirst, "not-stock": notStock } = values;
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) return { problem: "name one file" };
    // Both throw a RangeError for a name that does not exist.
    if (timezone) new Intl.DateTimeFormat("en", { timeZone: timezone });
    if (currency) new Intl.NumberFormat("en", { style: "currency", currency });
    const codes = notStock?.split(",").map((code) => code.trim());
    return { file, report, timezone, currency, dayFirst, notStock: codes };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
