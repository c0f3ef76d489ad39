import type { Ledger, Unavailable } from "../../ledger/contract.ts";
import type { CheckedRow, ReadyRow, RefusedRow, RowProblem } from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import type { Database, Queryable } from "../../prisma/client.ts";
import type { JobPayload } from "../catalogue.ts";

/** What a person says about a file; kept with its batch. */
export interface FileOptions {
  header: string[];
  delimiter: string;
  sample: string[][];
  notUtf8: number;
  /** Index of each of our columns in the file. */
  mapping: Record<string, number>;
}

/** What a row's cells are read with. */
export interface Reading {
  /** Spreadsheets that write semicolons write decimal commas. */
  decimalComma: boolean;
  /** The one location of a shop that has one. */
  location: string | undefined;
  /** What the history says of a change that says nothing of itself. */
  reason: string;
}

/** The trimmed text of one of our columns; "" when the file does not have it. */
export type Cell = (key: string) => string;

/** A row that can be read: what it is about, and what is to become of it. */
export interface ReadRow<C> {
  line: number;
  key: string;
  change: C;
}

export interface ApplyDeps {
  db: Database;
  ledger: Pick<Ledger, "apply" | "stock">;
}

export type Applied =
  | {
      outcome: "applied";
      refused: RefusedRow[];
      /** Listings to be planned anew. */
      replan: Omit<JobPayload<"listings.replan">, "shop">[];
      /** Inbox messages that can be read now. */
      revived?: string[];
    }
  | Unavailable;

/** What the rows of a batch are: how they are read, checked, applied and taken back. */
export interface Kind<C = unknown> {
  /** A row's cells as a change, or all that is wrong with them. Pure. */
  read(cell: Cell, by: Reading): Pick<ReadRow<C>, "key" | "change"> | { problems: RowProblem[] };
  /** Looks up what rows name. One answer per row. */
  check(db: Queryable, shop: string, rows: readonly ReadRow<C>[]): Promise<CheckedRow[]>;
  /** Does what rows say. A row that was applied before, and is again, changes nothing. */
  apply(deps: ApplyDeps, batch: BatchRow, rows: readonly ReadyRow<C>[]): Promise<Applied>;
  /** All rows are applied at once, or none: so many there may be. */
  atOnce?: number;
}

export function bad(row: Pick<ReadRow<unknown>, "line">, problems: RowProblem[]): CheckedRow {
  return { line: row.line, state: "bad", key: null, problems };
}

export function refusal(line: number, column: string, why: string, fix: string): RefusedRow {
  return { line, problems: [{ column, why, fix }] };
}
