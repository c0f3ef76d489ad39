import type { RowOutcome } from "./row.ts";
import { SALES_KINDS, type SalesKind, type SalesLine } from "./sales-line.ts";

/** What a file says, counted row by row. Units and money are of the rows that are kept. */
export class FileSummary {
  rows = 0;
  kept = 0;
  bad = 0;
  /** Rows that are not stock, by their code. */
  readonly notStock = new Map<string, number>();
  readonly lines = zeroes();
  readonly units = zeroes();
  /** Minor units by currency: sales less cancellations and returns. */
  readonly revenue = new Map<string, number>();
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;

  add(outcome: RowOutcome): void {
    this.rows += 1;
    if (outcome.outcome === "bad") this.bad += 1;
    if (outcome.outcome === "not-stock") increase(this.notStock, outcome.code, 1);
    if (outcome.outcome !== "kept") return;
    this.kept += 1;
    for (const line of outcome.lines) this.#addLine(line);
  }

  get notStockRows(): number {
    return [...this.notStock.values()].reduce((sum, rows) => sum + rows, 0);
  }

  get lineCount(): number {
    return SALES_KINDS.reduce((sum, kind) => sum + this.lines[kind], 0);
  }

  #addLine({ kind, quantity, unitPrice, currency, at }: SalesLine): void {
    this.lines[kind] += 1;
    this.units[kind] += quantity;
    increase(this.revenue, currency, quantity * unitPrice);
    this.first = Math.min(this.first, at);
    this.last = Math.max(this.last, at);
  }
}

function zeroes(): Record<SalesKind, number> {
  return { sale: 0, cancellation: 0, return: 0, correction: 0 };
}

function increase(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
