import { BlastGauge, type BlastRadius } from "../../inventory/blast-radius.ts";
import type { BatchChange, BatchRow } from "../../prisma/batches.ts";
import type { Queryable } from "../../prisma/client.ts";
import { itemCatalogue, listingCatalogue, readBlastLimits } from "../../prisma/guard.ts";
import { batchChanges } from "./changes.ts";

/** How far a batch reaches, if it changes numbers that shoppers see. */
export interface Measured {
  radius: BlastRadius<BatchChange> | null;
  /** Items of which less would be there than is sold, held or set aside. */
  oversold: number;
}

/**
 * Measures what the rows of a batch would change, from what the record says now (row H4).
 * @param looked hears of each page that was looked at, and how large it was.
 */
export async function measureBatch(
  db: Queryable,
  batch: BatchRow,
  looked: (count: number) => Promise<void> = async () => {},
): Promise<Measured> {
  const { shop, kind } = batch;
  if (kind === "locations") return { radius: null, oversold: 0 };
  const gauge = new BlastGauge<BatchChange>(subjectOf(batch), await readBlastLimits(db, shop));
  let oversold = 0;
  for await (const changes of batchChanges(db, batch)) {
    for (const { claimed = 0, ...change } of changes) {
      gauge.add(change);
      if (change.after < claimed && change.after < change.before) oversold += 1;
    }
    await looked(changes.length);
  }
  const catalogue = kind === "quantities" ? itemCatalogue : listingCatalogue;
  return { radius: gauge.measure(await catalogue(db, shop)), oversold };
}

/** Names what is confirmed: this batch, as it was read. */
function subjectOf({ id, options }: BatchRow): string {
  return JSON.stringify([id, options]);
}
