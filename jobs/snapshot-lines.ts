import { Readable } from "node:stream";
import { z } from "zod";
import type { CountLine } from "../inventory/count.ts";
import { csvRecords } from "./order-files/records.ts";

/** A file without these says nothing about anything. */
const COLUMNS = ["sku", "location", "quantity"] as const;
const DELIMITERS = [",", ";", "\t", "|"];

const entries = z.array(z.object({ sku: z.string(), location: z.string(), quantity: z.number() }));

export interface ReadCounts {
  lines: CountLine[];
  broken: { line: number; error: string }[];
}

/** The counts in what a warehouse sent: entries of JSON, or lines of CSV with a header. */
export async function readCounts(body: string, csv: boolean): Promise<ReadCounts> {
  if (csv) return readCsv(body);
  const counts = entries.parse(JSON.parse(body));
  return { lines: counts.map((one, at) => ({ line: at + 1, ...one })), broken: [] };
}

/** What a file's first line lacks to say anything; undefined when it lacks nothing. */
export function missingIn(body: string): string | undefined {
  const known = delimiterOf(headerOf(body)) !== undefined;
  return known ? undefined : `the first line must name ${COLUMNS.join(", ")}`;
}

function headerOf(body: string): string {
  return (body.replace(/^\ufeff/, "").split(/\r?\n/, 1)[0] ?? "").toLowerCase();
}

function delimiterOf(header: string): string | undefined {
  return DELIMITERS.find((one) => COLUMNS.every((name) => cells(header, one).includes(name)));
}

async function readCsv(body: string): Promise<ReadCounts> {
  const header = headerOf(body);
  const delimiter = delimiterOf(header) ?? ",";
  const names = cells(header, delimiter);
  const [sku, location, quantity] = COLUMNS.map((name) => names.indexOf(name));
  const lines: CountLine[] = [];
  const broken: { line: number; error: string }[] = [];
  for await (const record of csvRecords(Readable.from([body]), delimiter)) {
    if (record.line === 1) continue;
    if (record.broken !== undefined) {
      broken.push({ line: record.line, error: record.broken });
      continue;
    }
    const cell = (at: number | undefined) => (record.cells[at ?? -1] ?? "").trim();
    const text = cell(quantity);
    const units = /^\d{1,10}$/.test(text) ? Number(text) : null;
    lines.push({ line: record.line, sku: cell(sku), location: cell(location), quantity: units });
  }
  return { lines, broken };
}

function cells(header: string, delimiter: string): string[] {
  return header.split(delimiter).map((name) => name.trim().replaceAll('"', ""));
}
