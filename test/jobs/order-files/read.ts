import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openOrderFile } from "../../../jobs/order-files/read-orders.ts";
import type { ReadOptions } from "../../../jobs/order-files/row.ts";
import type { SalesLine } from "../../../jobs/order-files/sales-line.ts";

export const UCI_HEADER =
  "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

/** Runs `work` with a file of this content, in a folder that is gone afterwards. */
export async function withFile<T>(
  content: string | Buffer,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "ballast-orders-"));
  try {
    const path = join(folder, "orders.csv");
    writeFileSync(path, content);
    return await work(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a file comes to: its kept lines, and each other row as "line: what". */
export interface Reading {
  format: string;
  lines: SalesLine[];
  bad: string[];
  notStock: string[];
  notUtf8: number;
}

export function readAll(content: string | Buffer, options: ReadOptions = {}): Promise<Reading> {
  return withFile(content, async (path) => {
    const file = await openOrderFile(path, options);
    const reading = { format: file.format.name, lines: [], bad: [], notStock: [], notUtf8: 0 };
    const found: Reading = reading;
    for await (const { line, outcome } of file.rows) {
      if (outcome.outcome === "kept") found.lines.push(...outcome.lines);
      if (outcome.outcome === "not-stock") found.notStock.push(`${line}: ${outcome.code}`);
      if (outcome.outcome === "bad") {
        found.bad.push(...outcome.problems.map(({ column, why }) => `${line}: ${column} ${why}`));
      }
    }
    found.notUtf8 = file.notUtf8();
    return found;
  });
}
