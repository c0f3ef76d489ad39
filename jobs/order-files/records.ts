import { pipeline, Readable } from "node:stream";
import { type CsvError, parse } from "csv-parse";

/** One record of a CSV, and the lines of the file it stands on. */
export interface CsvRecord {
  line: number;
  cells: string[];
  /** Set when the record could not be read: what is wrong. `cells` is empty then. */
  broken?: string;
}

/** A record longer than this is a quote that was never closed; nothing longer is kept in memory. */
const LONGEST_RECORD = 1024 * 1024;

/**
 * Splits CSV text into records. Quotes, line ends within them, a byte-order mark and CRLF are as
 * RFC 4180 and spreadsheets have them; a quote in the middle of a plain cell (5" plate) is text.
 */
export async function* csvRecords(
  text: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<CsvRecord> {
  // What the parser gave up on since the last record. It says so again with every megabyte of a
  // quote that is never closed; the first time says it all.
  let skipped: CsvError | undefined;
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    skip_records_with_error: true,
    on_skip: (error) => {
      skipped ??= error;
      return undefined;
    },
  });
  // An error of the text reaches the reader through the parser, and who stops reading closes both.
  const records: AsyncIterable<Parsed> = pipeline(Readable.from(text), parser, () => {});
  let next = 1;
  for await (const { record, info } of records) {
    if (skipped) yield { line: next, cells: [], broken: brokenBy(skipped) };
    skipped = undefined;
    yield { line: info.lines - linesWithin(record), cells: record };
    next = info.lines + 1;
  }
  if (skipped) yield { line: next, cells: [], broken: brokenBy(skipped) };
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

/** The parser knows the line on which a record ends. */
function linesWithin(record: readonly string[]): number {
  return record.reduce((lines, cell) => lines + cell.split("\n").length - 1, 0);
}

function brokenBy(error: CsvError): string {
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return "a quote opens here and is not closed, so the rows behind it cannot be told apart";
    default:
      return `the row cannot be split into columns (${error.code})`;
  }
}
