import type { Readable } from "node:stream";
import { addChunk, type RawRow } from "../../prisma/batch-chunks.ts";
import type { Database } from "../../prisma/client.ts";
import { headerLine, rejoin } from "../order-files/header-line.ts";
import { type CsvRecord, csvRecords } from "../order-files/records.ts";
import { streamSource, UnreadableFile } from "../order-files/source.ts";

/** What is known of a file when all of it is stored. */
export interface UploadedFile {
  header: string[];
  delimiter: string;
  rows: number;
  /** Its first rows, for whoever says which column is which. */
  sample: string[][];
  /** Lines that were not UTF-8 and were read as Windows-1252. */
  notUtf8: number;
}

export type Uploaded =
  | ({ outcome: "stored" } & UploadedFile)
  /** The file as a whole cannot be read. */
  | { outcome: "unreadable"; why: string };

/** Records in one row of the record: a unit of reading, and of going on after a restart. */
export const CHUNK = 1_000;
const SAMPLE = 3;
/** More columns than any spreadsheet a person maps by hand. */
const COLUMNS_MAX = 500;

/**
 * Stores a file's records as they come, in constant memory: whoever checks and applies them, in
 * another process and perhaps tomorrow, needs no file.
 */
export async function storeUpload(
  db: Database,
  shop: string,
  batch: string,
  bytes: Readable,
  name: string,
): Promise<Uploaded> {
  try {
    const source = await streamSource(bytes, name);
    const text = source.text[Symbol.asyncIterator]();
    const { start, header: line } = await headerLine(text, name);
    const delimiter = delimiterOf(line);
    const records = csvRecords(rejoin(start, text), delimiter);
    const first = await records.next();
    const header = first.done ? [] : first.value.cells.map((cell) => cell.trim());
    if (header.length > COLUMNS_MAX) {
      throw new UnreadableFile(`${name} has more than ${COLUMNS_MAX} columns`);
    }
    const { rows, sample } = await storeRecords(db, shop, batch, records, header.length);
    if (rows === 0) throw new UnreadableFile(`${name} has a header and no rows below it`);
    return { outcome: "stored", header, delimiter, rows, sample, notUtf8: source.notUtf8() };
  } catch (error) {
    if (error instanceof UnreadableFile) return { outcome: "unreadable", why: error.message };
    throw error;
  }
}

async function storeRecords(
  db: Database,
  shop: string,
  batch: string,
  records: AsyncIterable<CsvRecord>,
  width: number,
): Promise<{ rows: number; sample: string[][] }> {
  const sample: string[][] = [];
  let [rows, chunk] = [0, 0];
  let gathered: RawRow[] = [];
  const flush = async () => {
    if (gathered.length === 0) return;
    await addChunk(db, shop, batch, chunk, gathered);
    chunk += 1;
    gathered = [];
  };
  for await (const record of records) {
    const row = rawRow(record, width);
    const [, cells] = row;
    // A spreadsheet's empty lines are ";;;".
    if (cells?.every((cell) => cell.trim() === "")) continue;
    rows += 1;
    if (cells && sample.length < SAMPLE) sample.push(cells);
    gathered.push(row);
    if (gathered.length === CHUNK) await flush();
  }
  await flush();
  return { rows, sample };
}

function rawRow({ line, cells, broken }: CsvRecord, width: number): RawRow {
  if (broken !== undefined) return [line, null, broken];
  if (cells.length === width) return [line, cells];
  return [line, null, `has ${cells.length} columns where the header has ${width}`];
}

const DELIMITERS = [",", ";", "\t", "|"] as const;

/** The delimiter that divides the header most; what is in quotes does not count. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  const parts = (delimiter: string) => bare.split(delimiter).length;
  return DELIMITERS.reduce((best, next) => (parts(next) > parts(best) ? next : best));
}
