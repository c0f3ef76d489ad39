import { minorDigits } from "../../jobs/order-files/cells.ts";
import type { Imported } from "../../jobs/order-files/import-orders.ts";
import { dayIn } from "../../jobs/order-files/local-time.ts";
import { serviceName } from "../../jobs/order-files/not-stock.ts";
import { grouped } from "../progress.ts";

/** What an import did, as the last line of its output has it. Revenue is in units of currency. */
export function importJson(result: Imported) {
  const { summary } = result;
  const day = dayIn(result.timezone);
  const some = summary.lineCount > 0;
  return {
    format: result.format,
    rows: summary.rows,
    kept: summary.kept,
    bad: summary.bad,
    notStock: summary.notStockRows,
    itemsNew: result.itemsNew,
    linesAdded: result.linesAdded,
    linesPresent: result.linesPresent,
    linesChanged: result.linesChanged,
    firstDay: some ? day(summary.first) : null,
    lastDay: some ? day(summary.last) : null,
    lines: summary.lines,
    units: summary.units,
    revenue: Object.fromEntries(
      [...summary.revenue].map(([currency, minor]) => [currency, majorUnits(minor, currency)]),
    ),
  };
}

/** The same for a person, in lines. */
export function importLines(result: Imported): string[] {
  const { summary } = result;
  const told = importJson(result);
  const money = Object.entries(told.revenue).map(([code, sum]) => `${grouped(sum)} ${code}`);
  const codes = [...summary.notStock].sort(([, a], [, b]) => b - a);
  const listed = codes.slice(0, 12).map(([code, rows]) => `${code} (${serviceName(code)}) ${rows}`);
  if (codes.length > 12) listed.push(`${codes.length - 12} more`);
  const kinds = Object.entries(told.lines).map(
    ([kind, lines]) => `${grouped(lines)} ${kind} lines of ${grouped(unitsOf(told, kind))} units`,
  );
  return [
    `${result.format}: ${grouped(summary.rows)} rows, ${told.firstDay} to ${told.lastDay}`,
    `  kept       ${grouped(summary.kept)}: ${kinds.join(", ")}`,
    `  not stock  ${grouped(told.notStock)}${listed.length > 0 ? `: ${listed.join(", ")}` : ""}`,
    `  bad        ${grouped(summary.bad)}`,
    `  items      ${grouped(result.itemsNew)} new`,
    `  history    ${grouped(result.linesAdded)} lines added`,
    `             ${grouped(result.linesPresent)} were there before`,
    `             ${grouped(result.linesChanged)} were there with other content: left as they were`,
    `  revenue    ${money.join(", ") || "none"}`,
  ];
}

function unitsOf(told: ReturnType<typeof importJson>, kind: string): number {
  return told.units[kind as keyof typeof told.units];
}

function majorUnits(minor: number, currency: string): number {
  const digits = minorDigits(currency);
  return Number((minor / 10 ** digits).toFixed(digits));
}
