import { parse } from "csv-parse/sync";
import { z } from "zod";
import { withoutGuard } from "../../jobs/csv.ts";
import { firstCount } from "../../jobs/first-count.ts";
import { findItemsBySku } from "../../prisma/items.ts";
import { MAX_UNITS } from "../api/schemas.ts";
import type { Services } from "../services.ts";
import { recordMovement } from "./record-movement.ts";

/** What became of counts that a person gave: the good rows are kept, the others are named. */
export interface CountedRows {
  outcome: "counted";
  items: number;
  units: number;
  problems: CountProblem[];
}

export interface CountProblem {
  /** Line of the file, or of the form. */
  line: number;
  sku: string;
  why: string;
}

interface Count {
  shop: string;
  location: string;
  actor: string;
}

interface Row {
  line: number;
  sku: string;
  units: string;
}

const MAX_BYTES = 1_000_000;
const MAX_ROWS = 5_000;
/** Rows recorded at once. */
const CHUNK = 100;

/** The table of the page: a number beside each SKU; an empty one says nothing. */
export async function countTyped(
  services: Services,
  count: Count,
  form: FormData,
): Promise<CountedRows> {
  const units = form.getAll("units").map((text) => String(text).trim());
  const rows = form
    .getAll("sku")
    .map((sku, at) => ({ line: at + 1, sku: String(sku), units: units[at] ?? "" }));
  return countRows(
    services,
    count,
    rows.filter((row) => row.units !== ""),
    "counted on the first day",
  );
}

/** A file of two columns, SKU and units, with or without a line of headings. */
export async function countFile(
  services: Services,
  count: Count,
  file: FormDataEntryValue | null,
): Promise<CountedRows> {
  const none: CountedRows = { outcome: "counted", items: 0, units: 0, problems: [] };
  const refuse = (why: string) => ({ ...none, problems: [{ line: 0, sku: "", why }] });
  if (!(file instanceof File) || file.size === 0) return refuse("Choose a file first.");
  if (file.size > MAX_BYTES) return refuse("The file is larger than 1 MB: split it.");
  const rows = readRows(await file.text());
  if (rows === null) return refuse("This is no CSV file: two columns, SKU and units.");
  if (rows.length > MAX_ROWS) return refuse("The file has more than 5,000 lines: split it.");
  return countRows(services, count, rows, `counted in ${file.name}`.slice(0, 200));
}

const lines = z.array(
  z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }),
);

function readRows(text: string): Row[] | null {
  try {
    const parsed: unknown = parse(text, {
      ...{ bom: true, relax_column_count: true, skip_empty_lines: true, trim: true },
      ...{ delimiter: [",", ";", "\t"], info: true },
    });
    const rows = lines.parse(parsed).map(({ record: [sku = "", units = ""], info }) => {
      return { line: info.lines, sku: withoutGuard(sku), units };
    });
    const headed = rows[0] !== undefined && !/\d/.test(rows[0].units);
    return headed ? rows.slice(1) : rows;
  } catch {
    return null;
  }
}

async function countRows(
  services: Services,
  count: Count,
  rows: readonly Row[],
  reason: string,
): Promise<CountedRows> {
  const items = await findItemsBySku(
    services.db,
    count.shop,
    rows.map((row) => row.sku),
  );
  const result: CountedRows = { outcome: "counted", items: 0, units: 0, problems: [] };
  for (let first = 0; first < rows.length; first += CHUNK) {
    await Promise.all(
      rows.slice(first, first + CHUNK).map(async (row) => {
        const item = items.get(row.sku)?.id;
        const why = await countOne(services, { ...count, reason }, item, row);
        if (why === null) {
          result.items += 1;
          result.units += Number(row.units);
        } else result.problems.push({ line: row.line, sku: row.sku, why });
      }),
    );
  }
  result.problems.sort((a, b) => a.line - b.line);
  return result;
}

/** Null when the units came in, or why not. */
async function countOne(
  services: Services,
  count: Count & { reason: string },
  item: string | undefined,
  { units }: Row,
): Promise<string | null> {
  if (item === undefined) return "You have no item with this SKU.";
  if (!/^\d{1,10}$/.test(units) || Number(units) > MAX_UNITS) return "Units are a whole number.";
  if (Number(units) === 0) return "Nothing to receive: it counts as 0 already.";
  const answer = await recordMovement(
    services,
    firstCount({ ...count, item, units: Number(units) }),
  );
  switch (answer.outcome) {
    case "applied":
      return answer.repeated ? COUNTED : null;
    case "reused-activity":
      return COUNTED;
    case "not-recorded":
      return "Taken, but not in the record yet. Sending it again is safe.";
    default:
      return "The ledger is being checked. Nothing moved; try again.";
  }
}

const COUNTED = "It was counted before: adjust it on its own page.";
