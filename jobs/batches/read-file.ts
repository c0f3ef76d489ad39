import { nextChunk, type RawRow } from "../../prisma/batch-chunks.ts";
import type { CheckedRow } from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import type { Queryable } from "../../prisma/client.ts";
import { listLocations } from "../../prisma/locations.ts";
import { withoutGuard } from "../csv.ts";
import { isFirstCount, onlyUncounted } from "./first-counts.ts";
import type { Cell, FileOptions, Kind, Reading, ReadRow } from "./kind.ts";
import { kindOf } from "./kinds.ts";

/** The next rows of a batch, and where to go on after them. */
export interface NextRows {
  rows: CheckedRow[];
  cursor: string;
  /** How many were looked at for them; as many as there are when it is not said. */
  looked?: number;
  /** How many there will be in all, where that was not known before. */
  total?: number;
}

/** Reads and checks the next records of a batch's file; null when it has no more. */
export async function nextFileRows(tx: Queryable, batch: BatchRow): Promise<NextRows | null> {
  const { shop, id, cursor } = batch;
  const chunk = await nextChunk(tx, shop, id, Number(cursor ?? -1));
  if (!chunk) return null;
  const kind = kindOf(batch.kind);
  const options = batch.options as FileOptions;
  const first = isFirstCount(options) ? options.firstCount : null;
  const reading: Reading = {
    decimalComma: options.delimiter === ";",
    location: first?.location ?? (await onlyLocation(tx, shop)),
    reason: first ? "first count" : `import of ${batch.title}`,
  };
  const read: ReadRow<unknown>[] = [];
  const broken: CheckedRow[] = [];
  for (const row of chunk.rows) {
    const result = readRow(kind, row, options.mapping, reading);
    if ("state" in result) broken.push(result);
    else read.push(result);
  }
  const checked = await kind.check(tx, shop, read);
  const kept = first ? await onlyUncounted(tx, shop, checked) : checked;
  return { rows: [...kept, ...broken], cursor: String(chunk.chunk) };
}

/** What a file need not say. */
async function onlyLocation(tx: Queryable, shop: string): Promise<string | undefined> {
  const [only, another] = await listLocations(tx, shop);
  return another ? undefined : only?.code;
}

function readRow(
  kind: Kind,
  [line, cells, broken]: RawRow,
  mapping: FileOptions["mapping"],
  reading: Reading,
): CheckedRow | ReadRow<unknown> {
  if (!cells) {
    const fix = "put quotes around cells that contain a delimiter, a quote or a line end";
    const problems = [{ column: "(row)", why: broken ?? "cannot be read", fix }];
    return { line, state: "bad", key: null, problems };
  }
  const cell: Cell = (key) => withoutGuard((cells[mapping[key] ?? -1] ?? "").trim());
  const read = kind.read(cell, reading);
  if ("problems" in read) return { line, state: "bad", key: null, problems: read.problems };
  return { line, ...read };
}
