import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** One thing that is wrong in a file and what a person does about it. */
export interface BadCell {
  /** Line of the file, or the order when only that is known. */
  where: string;
  column: string;
  why: string;
  fix: string;
}

/** How many are shown on screen: the file has them all. */
const SHOWN = 10;

/**
 * Everything that is wrong with an order file: all of it in a CSV, the first few for the screen.
 * The CSV is made with the first entry and written as they come, so memory stays the same.
 */
export class BadRows {
  readonly file: string;
  readonly sample: BadCell[] = [];
  count = 0;
  #handle: number | undefined;

  constructor(file: string) {
    this.file = file;
  }

  add(cell: BadCell): void {
    this.count += 1;
    if (this.sample.length < SHOWN) this.sample.push(cell);
    this.#write([cell.where, cell.column, cell.why, cell.fix]);
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  /** The sample as lines for the screen, and where the rest is. */
  lines(): string[] {
    if (this.count === 0) return [];
    const shown = this.sample.map(
      ({ where, column, why, fix }) => `  ${where}, ${column}: ${why}; ${fix}`,
    );
    const more = this.count - shown.length;
    if (more > 0) shown.push(`  ... and ${more} more`);
    return [...shown, `  All of them: ${this.file}`];
  }

  #write(cells: readonly string[]): void {
    if (this.#handle === undefined) {
      mkdirSync(dirname(this.file), { recursive: true });
      this.#handle = openSync(this.file, "w", 0o600);
      this.#write(["where", "column", "problem", "what to do"]);
    }
    writeSync(this.#handle, `${cells.map(csvCell).join(",")}\r\n`);
  }
}

/** A leading = + - @ would run as a formula where a person opens the report. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
