import { delimiterOf, type Layout, layoutOf } from "./format.ts";
import { headerLine, rejoin } from "./header-line.ts";
import { type CsvRecord, csvRecords } from "./records.ts";
import { columnKey, type OrderFormat, type ReadOptions, type RowOutcome } from "./row.ts";
import { openSource, type Source } from "./source.ts";

/** A retailer's order file, recognised and being read. */
export interface OrderFile {
  format: OrderFormat;
  /** The zone in which its dates were read, where they carry none. */
  timezone: string;
  /** Every row below the header, in the order of the file. Can be read once. */
  rows: AsyncIterable<ReadRow>;
  size: Source["size"];
  bytesRead: Source["bytesRead"];
  notUtf8: Source["notUtf8"];
}

export interface ReadRow {
  line: number;
  outcome: RowOutcome;
}

/**
 * Opens a CSV or CSV.gz of order lines, finds out from its header which system wrote it, and reads
 * it as a stream. A bad row is an outcome and never stops the rows behind it.
 * @throws UnreadableFile when the file as a whole cannot be read: here, or while reading its rows.
 */
export async function openOrderFile(path: string, options: ReadOptions = {}): Promise<OrderFile> {
  const source = await openSource(path);
  const text = source.text[Symbol.asyncIterator]();
  try {
    const { start, header } = await headerLine(text, path);
    const delimiter = delimiterOf(header);
    const records = csvRecords(rejoin(start, text), delimiter);
    const first = await records.next();
    const names = first.done ? [] : first.value.cells;
    const layout = layoutOf(names, path);
    const { format } = layout;
    const timezone = options.timezone ?? format.timezone;
    const reader = format.reader({ ...options, timezone, decimalComma: delimiter === ";" });
    const rows = readRows(records, names.length, layout, reader);
    return { ...source, format, timezone, rows };
  } catch (error) {
    await text.return?.();
    throw error;
  }
}

/** Looks one record ahead, because what a row means can depend on whether its order has others. */
async function* readRows(
  records: AsyncGenerator<CsvRecord>,
  width: number,
  { format, columns }: Layout,
  reader: ReturnType<OrderFormat["reader"]>,
): AsyncGenerator<ReadRow> {
  const at = columns.get(columnKey(format.order)) ?? 0;
  const orderOf = (record: CsvRecord | undefined) => record?.cells[at]?.trim();
  const read = (record: CsvRecord, alone: boolean): RowOutcome => {
    const trouble = record.broken ?? wrongWidth(record, width);
    if (trouble) return broken(trouble);
    const cell = (key: string) => record.cells[columns.get(key) ?? -1]?.trim() ?? "";
    return reader({ line: record.line, cell, alone });
  };
  let before: CsvRecord | undefined;
  let current: CsvRecord | undefined;
  for await (const next of records) {
    if (current) yield { line: current.line, outcome: read(current, alone(before, current, next)) };
    before = current;
    current = next;
  }
  if (current) yield { line: current.line, outcome: read(current, alone(before, current)) };

  function alone(...[one, two, three]: (CsvRecord | undefined)[]): boolean {
    return orderOf(one) !== orderOf(two) && orderOf(two) !== orderOf(three);
  }
}

function wrongWidth({ cells }: CsvRecord, width: number): string | undefined {
  if (cells.length === width) return undefined;
  return `has ${cells.length} columns where the header has ${width}`;
}

function broken(why: string): RowOutcome {
  const fix = "put quotes around cells that contain a delimiter, a quote or a line end";
  return { outcome: "bad", problems: [{ column: "(row)", why, fix }] };
}
