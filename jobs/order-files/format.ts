import { columnKey, type OrderFormat } from "./row.ts";
import { shopifyFormat } from "./shopify-export.ts";
import { UnreadableFile } from "./source.ts";
import { uciFormat } from "./uci.ts";

const FORMATS: readonly OrderFormat[] = [uciFormat, shopifyFormat];
const DELIMITERS = [",", ";", "\t"] as const;

/** Where a file has the columns of its format. */
export interface Layout {
  format: OrderFormat;
  /** Index of each column, by its `columnKey`. */
  columns: ReadonlyMap<string, number>;
}

/** The delimiter under which the header has the most columns that a format knows. */
export function delimiterOf(header: string): string {
  const known = (delimiter: string) =>
    Math.max(...FORMATS.map((format) => columnsOf(header.split(delimiter), format).size));
  return DELIMITERS.reduce((best, next) => (known(next) > known(best) ? next : best));
}

/**
 * The format whose required columns a header has, in any order and spelling of case and spaces.
 * @throws UnreadableFile that names what the closest format still needs.
 */
export function layoutOf(header: readonly string[], path: string): Layout {
  const candidates = FORMATS.map((format) => {
    const columns = columnsOf(header, format);
    const missing = format.required.filter((column) => !columns.has(columnKey(column)));
    return { format, columns, missing };
  });
  candidates.sort((a, b) => foundShare(b) - foundShare(a));
  const [closest] = candidates;
  if (closest && closest.missing.length === 0) return closest;
  const names = FORMATS.map((format) => format.name).join(" nor ");
  const columns = closest?.missing.join(", ");
  throw new UnreadableFile(
    `${path} is neither ${names}: its first line needs the columns of one of them. ` +
      `The closest is ${closest?.format.name}, which also needs: ${columns}.`,
  );
}

function foundShare({ format, missing }: { format: OrderFormat; missing: string[] }): number {
  return 1 - missing.length / format.required.length;
}

/** A column that a header names twice is the first of them. */
function columnsOf(header: readonly string[], format: OrderFormat): Map<string, number> {
  const wanted = new Set([...format.required, ...format.optional].map(columnKey));
  const columns = new Map<string, number>();
  for (const [index, name] of header.entries()) {
    const alias = format.aliases[columnKey(name)];
    const key = columnKey(alias ?? name);
    if (wanted.has(key) && !columns.has(key)) columns.set(key, index);
  }
  return columns;
}
