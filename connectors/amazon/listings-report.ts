import type { Account, ListingRecord, Page, World } from "../connector.ts";
import type { AmazonClient } from "./client.ts";
import { createCounter, SUMMARIES_MAX } from "./fba.ts";
import { asBarcode, isKeptByAmazon } from "./listings.ts";
import { placeCursor } from "./place.ts";
import { LOOK_AGAIN_MS, lookAt, orderReport, type Row, readTable } from "./reports.ts";

const ALL_LISTINGS = "GET_MERCHANT_LISTINGS_ALL_DATA";

/** So many that those which Amazon keeps can be counted in one call. */
const ROWS_PER_PAGE = SUMMARIES_MAX;

export interface ReportReader {
  /** Orders the report, and answers where it will be found. */
  order(): Promise<Page<ListingRecord>>;
  page(id: string, from: number): Promise<Page<ListingRecord>>;
}

/** Reads a catalogue from a report. A session fetches it once; a later one fetches it again. */
export function createReportReader(
  client: AmazonClient,
  account: Account,
  world: World,
): ReportReader {
  const count = createCounter(client, account);
  let fetched: { id: string; records: ListingRecord[] } | null = null;

  const preparing = (id: string): Page<ListingRecord> => ({
    outcome: "preparing",
    cursor: placeCursor({ by: "report", id, from: 0 }),
    againAt: client.now() + LOOK_AGAIN_MS,
  });

  async function order(): Promise<Page<ListingRecord>> {
    const ordered = await orderReport(client, account, ALL_LISTINGS);
    return ordered.outcome === "ordered" ? preparing(ordered.reportId) : ordered;
  }

  async function page(id: string, from: number): Promise<Page<ListingRecord>> {
    if (fetched?.id !== id) {
      const looked = await lookAt(client, id);
      if (looked.outcome !== "report") return looked;
      // Reports are kept for some months; a cursor that is older starts again.
      if (!looked.report) return order();
      const { processingStatus: status, reportDocumentId } = looked.report;
      if (status === "IN_QUEUE" || status === "IN_PROGRESS") return preparing(id);
      if (status !== "DONE" || !reportDocumentId) return slices(client.now());
      const table = await readTable(client, world, reportDocumentId);
      if (table.outcome !== "table") return table;
      fetched = { id, records: recordsOf(table.rows) };
    }
    const { records } = fetched;
    const counted = await count(records.slice(from, from + ROWS_PER_PAGE));
    if (counted.outcome !== "counted") return counted;
    const read = from + ROWS_PER_PAGE;
    const next = read < records.length ? placeCursor({ by: "report", id, from: read }) : null;
    return { outcome: "page", rows: counted.rows, next, total: records.length };
  }

  return { order, page };
}

/** Where there will be no report, the search goes on as far as it goes, slice by slice. */
function slices(now: number): Page<ListingRecord> {
  const cursor = placeCursor({ by: "slices", after: null, token: null });
  return { outcome: "preparing", cursor, againAt: now };
}

/** Each SKU once: a report over several shops of a region tells it for each of them. */
function recordsOf(rows: readonly Row[]): ListingRecord[] {
  const bySku = new Map<string, ListingRecord>();
  for (const row of rows) {
    const sku = row["seller-sku"] ?? "";
    if (sku && !bySku.has(sku)) bySku.set(sku, recordOf(sku, row));
  }
  return [...bySku.values()];
}

/** Amazon's numbers for kinds of barcodes, in the column `product-id-type`: ISBN, UPC, EAN. */
const BARCODES = new Set(["2", "3", "4"]);

function recordOf(sku: string, row: Row): ListingRecord {
  const quantity = /^\d+$/.test(row.quantity ?? "") ? Number(row.quantity) : null;
  const merchantFulfilled = !isKeptByAmazon(row["fulfillment-channel"] ?? "");
  return {
    externalId: sku,
    sku,
    title: row["item-name"] || sku,
    quantity: merchantFulfilled ? quantity : null,
    barcode: BARCODES.has(row["product-id-type"] ?? "") ? asBarcode(row["product-id"]) : null,
    merchantFulfilled,
    unpushable: null,
    group: null,
    stockId: null,
    // The report names no product type; for a quantity alone the general one does.
    handle: { sku, productType: "PRODUCT" },
  };
}
