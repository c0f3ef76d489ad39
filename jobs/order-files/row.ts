import type { Trouble } from "./cells.ts";
import type { SalesLine } from "./sales-line.ts";

/** One record of a file. */
export interface FileRow {
  /** Line of the file on which it begins, from 1. */
  line: number;
  /** The trimmed text of a column, by its `columnKey`; "" when the file does not have it. */
  cell(key: string): string;
  /** Its neighbours belong to other orders. */
  alone: boolean;
}

/** What is wrong with one cell of a row. */
export interface Problem extends Trouble {
  column: string;
}

export type RowOutcome =
  /** More than one line when the row tells of a sale and of its cancellation. */
  | { outcome: "kept"; lines: SalesLine[] }
  /** Postage, fees, vouchers: no item. `code` groups them in the report. */
  | { outcome: "not-stock"; code: string }
  | { outcome: "bad"; problems: Problem[] };

/** Turns a format's rows into lines. It counts within orders: rows go in as they come. */
export type RowReader = (row: FileRow) => RowOutcome;

/** What a person may say about a file. Every format has its own defaults. */
export interface ReadOptions {
  /** IANA name of the zone of dates that carry none. */
  timezone?: string;
  /** ISO 4217, for a format without a currency column. */
  currency?: string;
  /** 1/12/2010 is the first of December. */
  dayFirst?: boolean;
  /** More codes that are not stock, in any case. */
  notStock?: readonly string[];
}

/** How a system writes its orders. Columns are named as its own export names them. */
export interface OrderFormat {
  name: string;
  required: readonly string[];
  optional: readonly string[];
  /** Other spellings of a column, seen in other releases of the same export. */
  aliases: Readonly<Record<string, string>>;
  /** The column that says which order a row belongs to. */
  order: string;
  /** IANA name of the zone of its dates, where they carry none and nobody says otherwise. */
  timezone: string;
  reader(options: ReadOptions & { timezone: string; decimalComma: boolean }): RowReader;
}

/** A column's name without case, spaces and punctuation: "Customer ID" and "CustomerID" are one. */
export function columnKey(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Collects every problem of one row, so that a person repairs it once. */
export class RowCheck {
  readonly problems: Problem[] = [];

  /** The value of a cell; of a troubled one, `instead`, so that the other cells are checked too. */
  take<T extends string | number>(column: string, value: T | Trouble, instead: T): T {
    if (typeof value !== "object") return value;
    this.problems.push({ column, ...value });
    return instead;
  }

  refuse(column: string, why: string, fix: string): void {
    this.problems.push({ column, why, fix });
  }
}
