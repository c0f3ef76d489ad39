import { PHYSICAL_BUCKETS, type PhysicalBucket } from "../../inventory/bucket.ts";
import type { CheckedRow, RowProblem } from "../../prisma/batch-rows.ts";
import { findItemsBySku } from "../../prisma/items.ts";
import { listLocations } from "../../prisma/locations.ts";
import { wholeOf } from "../order-files/cells.ts";
import { RowCheck } from "../order-files/row.ts";
import { applyQuantities } from "./apply-quantities.ts";
import { bad, type Cell, type Kind, type Reading, type ReadRow } from "./kind.ts";

/** What becomes of units of one item: exactly one of the four. */
export interface QuantityChange {
  sku: string;
  location: string;
  bucket: PhysicalBucket | "";
  /** There are so many. */
  to?: number;
  /** They were counted then: what came and went since is added. Of a warehouse's counts only. */
  since?: string;
  /** So many more, or fewer. */
  by?: number;
  /** Set aside for a channel, or given back. Made only by what takes a batch back. */
  allocate?: { channel: string; units: number };
  /** Moved from `location`. Made only by what takes a batch back. */
  transfer?: { to: string; units: number };
  reason: string;
}

/** Units by location: counts, or changes of them. */
export const quantities: Kind<QuantityChange> = {
  read: readQuantity,
  check: checkQuantities,
  apply: applyQuantities,
};

const LONGEST_REASON = 500;

function readQuantity(cell: Cell, { decimalComma, location, reason }: Reading) {
  const check = new RowCheck();
  const sku = cell("sku");
  if (sku === "") check.refuse("SKU", "is empty", "write the item's SKU");
  const place = cell("location") || (location ?? "");
  if (place === "") check.refuse("Location", "is empty", "write the location's code");
  const bucket = (cell("bucket").toLowerCase() || "sellable") as PhysicalBucket;
  if (!PHYSICAL_BUCKETS.includes(bucket)) {
    const fix = `write one of ${PHYSICAL_BUCKETS.join(", ")}`;
    check.refuse("Bucket", `"${bucket}" is no bucket`, fix);
  }
  const units = readUnits(cell, check, decimalComma);
  if (check.problems.length > 0) return { problems: check.problems };
  const text = (cell("reason") || reason).slice(0, LONGEST_REASON);
  const change = { sku, location: place, bucket, ...units, reason: text };
  return { key: JSON.stringify([sku, place, bucket]), change };
}

function readUnits(cell: Cell, check: RowCheck, decimalComma: boolean) {
  const [counted, changed] = [cell("quantity"), cell("change")];
  if (counted === "" && changed === "") {
    check.refuse("Quantity", "is empty", "write how many there are, or a change");
    return {};
  }
  if (counted !== "" && changed !== "") {
    check.refuse("Change", "stands beside a quantity", "keep one of the two");
  }
  if (counted === "") return { by: check.take("Change", wholeOf(changed, decimalComma), 0) };
  const to = check.take("Quantity", wholeOf(counted, decimalComma), 0);
  if (to < 0) check.refuse("Quantity", "is below 0", "a count is 0 or more: correct it");
  return { to };
}

async function checkQuantities(
  db: Parameters<Kind["check"]>[0],
  shop: string,
  rows: readonly ReadRow<QuantityChange>[],
): Promise<CheckedRow[]> {
  const [items, locations] = await Promise.all([
    findItemsBySku(
      db,
      shop,
      rows.map(({ change }) => change.sku),
    ),
    listLocations(db, shop),
  ]);
  const codes = locations.map(({ code }) => code);
  return rows.map((row) => {
    const { line, key, change } = row;
    const item = items.get(change.sku);
    const problems: RowProblem[] = [];
    if (!item) {
      const fix = "correct it, or import your items first";
      problems.push({ column: "SKU", why: `no item has the SKU ${change.sku}`, fix });
    }
    if (!codes.includes(change.location)) {
      const why = `no location has the code ${change.location}`;
      const fix = `write one of ${codes.slice(0, 10).join(", ")}`;
      problems.push({ column: "Location", why, fix });
    }
    if (problems.length > 0 || !item) return bad(row, problems);
    return { line, state: change.by === 0 ? "same" : "ready", key, item: item.id, change };
  });
}
