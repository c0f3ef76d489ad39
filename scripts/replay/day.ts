import { dayIn } from "../../jobs/order-files/local-time.ts";
import { openOrderFile } from "../../jobs/order-files/read-orders.ts";
import type { ReadOptions } from "../../jobs/order-files/row.ts";
import type { SalesLine } from "../../jobs/order-files/sales-line.ts";
import { TitleCount } from "../../jobs/order-files/title-count.ts";

/** One day of an order file. */
export interface Day {
  timezone: string;
  /** Its lines, by time, and as the file has them within a second. */
  lines: SalesLine[];
  /** What the whole file calls the items of the day. */
  titles: { sku: string; title: string }[];
  /** Every day of the file on which something was sold. */
  daysWithSales: string[];
  badRows: number;
}

/** Reads the lines of one day. Keeps that day in memory and nothing of the others. */
export async function readDay(
  path: string,
  day: string,
  options: ReadOptions,
  progress: (rows: number) => void = () => {},
): Promise<Day> {
  const file = await openOrderFile(path, options);
  const dayOf = dayIn(file.timezone);
  const titles = new TitleCount();
  const lines: SalesLine[] = [];
  const days = new Set<string>();
  let [rows, badRows, last] = [0, 0, { at: Number.NaN, day: "" }];
  for await (const { outcome } of file.rows) {
    rows += 1;
    if (outcome.outcome === "bad") badRows += 1;
    for (const line of outcome.outcome === "kept" ? outcome.lines : []) {
      if (line.at !== last.at) last = { at: line.at, day: dayOf(line.at) };
      if (line.kind === "sale") days.add(last.day);
      titles.add(line);
      if (last.day === day) lines.push(line);
    }
    progress(rows);
  }
  lines.sort((a, b) => a.at - b.at);
  const skus = new Set(lines.map((line) => line.sku));
  return {
    timezone: file.timezone,
    lines,
    titles: titles.items().filter(({ sku }) => skus.has(sku)),
    daysWithSales: [...days].sort(),
    badRows,
  };
}
