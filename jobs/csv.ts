/** What a cell may hold. Nothing is an empty cell. */
export type CsvCell = string | number | boolean | Date | null | undefined;

/** Excel takes a file for UTF-8 only when it begins with this. */
export const CSV_START = "\uFEFF";

/** A line of RFC 4180, with its end. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

/**
 * A spreadsheet runs text that begins like a formula, and a title comes from outside. An apostrophe
 * makes it text; text that has one there already gets another, so that `withoutGuard` is exact.
 */
const FORMULA = /^'*[=+\-@\t\r\n]/;
const GUARDED = /^'+[=+\-@\t\r\n]/;

/** The text of a cell as it was before `csvLine` made it harmless. */
export function withoutGuard(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text;
}

function cellText(cell: CsvCell): string {
  if (cell === null || cell === undefined) return "";
  // A number is no formula, also below zero.
  if (typeof cell === "number" || typeof cell === "boolean") return String(cell);
  if (cell instanceof Date) return cell.toISOString();
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
