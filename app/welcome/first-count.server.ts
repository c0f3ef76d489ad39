import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { FirstCountOptions } from "../../jobs/batches/first-counts.ts";
import type { FileOptions } from "../../jobs/batches/kind.ts";
import { withoutGuard } from "../../jobs/csv.ts";
import { addChunk, type RawRow } from "../../prisma/batch-chunks.ts";
import { openBatch } from "../../prisma/batches.ts";
import { latestFirstCount } from "../../prisma/first-counts.ts";
import { actorOf, type Merchant } from "../access/person.ts";
import type {} from "../context.ts";
import { readBatch, runBatch } from "../files/batches.server.ts";
import type { Services } from "../services.ts";
import { COUNT_REFUSALS, countTitle } from "./welcome-texts.ts";

/** What became of counts that a person gave: they are a batch, which is checked first. */
export type CountResult =
  | { outcome: "counting"; batch: string }
  | { outcome: "refused"; why: string };

const MAX_BYTES = 1_000_000;
const MAX_ROWS = 5_000;

/** The counts that a connection's listings show. */
export async function countShown(
  services: Services,
  merchant: Merchant,
  location: string,
  { id, title }: { id: string; title: string },
): Promise<CountResult> {
  const options: FirstCountOptions = { firstCount: { location, connection: id } };
  return begin(services, merchant, countTitle(title), options, []);
}

/** The table of the page: a number beside each SKU; an empty one says nothing. */
export async function countTyped(
  services: Services,
  merchant: Merchant,
  location: string,
  form: FormData,
): Promise<CountResult> {
  const units = form.getAll("units").map((text) => String(text).trim());
  const rows = form
    .getAll("sku")
    .map((sku, at): RawRow => [at + 1, [String(sku), units[at] ?? ""]])
    .filter(([, cells]) => cells?.[1] !== "");
  if (rows.length === 0) return refuse("none");
  return begin(services, merchant, countTitle(null), fileOptions(location, rows), rows);
}

/** A file of two columns, SKU and units, with or without a line of headings. */
export async function countFile(
  services: Services,
  merchant: Merchant,
  location: string,
  file: FormDataEntryValue | null,
): Promise<CountResult> {
  if (!(file instanceof File) || file.size === 0) return refuse("noFile");
  if (file.size > MAX_BYTES) return refuse("tooLarge");
  const rows = readRows(await file.text());
  if (rows === null || rows.length === 0) return refuse("noCsv");
  if (rows.length > MAX_ROWS) return refuse("tooLong");
  const title = countTitle(file.name.slice(0, 200));
  return begin(services, merchant, title, fileOptions(location, rows), rows);
}

function refuse(why: keyof typeof COUNT_REFUSALS): CountResult {
  return { outcome: "refused", why: COUNT_REFUSALS[why] };
}

/** As if it had been uploaded and its columns chosen. */
function fileOptions(
  location: string,
  rows: readonly RawRow[],
): FirstCountOptions & FileOptions & { rows: number } {
  return {
    ...{ header: ["SKU", "Units"], delimiter: ",", notUtf8: 0, rows: rows.length },
    sample: rows.slice(0, 3).flatMap(([, cells]) => (cells ? [cells] : [])),
    mapping: { sku: 0, quantity: 1 },
    firstCount: { location, connection: null },
  };
}

async function begin(
  services: Services,
  { id: shop, person }: Merchant,
  title: string,
  options: FirstCountOptions,
  rows: readonly RawRow[],
): Promise<CountResult> {
  const actor = actorOf({ person });
  const batch = await services.db.$transaction(async (tx) => {
    const counts = { kind: "quantities", title, actor, state: "checking", options } as const;
    const total = rows.length > 0 ? { total: rows.length } : {};
    const id = await openBatch(tx, shop, { ...counts, ...total });
    if (rows.length > 0) await addChunk(tx, shop, id, 0, rows);
    return id;
  });
  await runBatch(services, batch);
  return { outcome: "counting", batch };
}

const lines = z.array(
  z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }),
);

function readRows(text: string): RawRow[] | null {
  try {
    const parsed: unknown = parse(text, {
      ...{ bom: true, relax_column_count: true, skip_empty_lines: true, trim: true },
      ...{ delimiter: [",", ";", "\t"], info: true },
    });
    const rows = lines.parse(parsed).map(({ record: [sku = "", units = ""], info }): RawRow => {
      return [info.lines, [withoutGuard(sku), units]];
    });
    const headed = rows[0]?.[1] && !/\d/.test(rows[0][1][1] ?? "");
    return headed ? rows.slice(1) : rows;
  } catch {
    return null;
  }
}

/** The newest first count, wherever it stands; null while there was none. */
export async function readFirstCount(services: Services, merchant: Merchant) {
  const id = await latestFirstCount(services.db, merchant.id);
  return id === null ? null : readBatch({ services }, merchant, id, -1);
}
