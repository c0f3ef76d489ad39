import { BlastGauge, type BlastLimits, type BlastRadius } from "../../inventory/blast-radius.ts";
import { RuleBook } from "../../inventory/rule-book.ts";
import { itemChanges } from "../../prisma/batch-measure.ts";
import { readyRows } from "../../prisma/batch-rows.ts";
import type { BatchChange, BatchRow } from "../../prisma/batches.ts";
import { listRules, rulesAfter } from "../../prisma/buffers.ts";
import type { Queryable } from "../../prisma/client.ts";
import { itemCatalogue, listingCatalogue, readBlastLimits } from "../../prisma/guard.ts";
import { namedListings } from "../../prisma/listing-matches.ts";
import { placesOf } from "../../prisma/locations.ts";
import { partsOfSkus } from "../../prisma/rule-scope.ts";
import { plannedQuantity, previewRules, stockOfListings } from "../rule-preview.ts";
import { type BufferChange, MOST_RULES } from "./buffers.ts";
import type { MatchChange } from "./listings.ts";

/** How far a batch reaches, if it changes numbers that shoppers see. */
export interface Measured {
  radius: BlastRadius<BatchChange> | null;
  /** Items of which less would be there than is sold, held or set aside. */
  oversold: number;
}

/** Measures what the rows of a batch would change, from what the record says now. */
export async function measureBatch(db: Queryable, batch: BatchRow): Promise<Measured> {
  const limits = await readBlastLimits(db, batch.shop);
  switch (batch.kind) {
    case "quantities":
      return measureQuantities(db, batch, limits);
    case "buffers":
      return { radius: await measureRules(db, batch, limits), oversold: 0 };
    case "listings":
      return { radius: await measureMatches(db, batch, limits), oversold: 0 };
    case "items":
    case "locations":
      return { radius: null, oversold: 0 };
  }
}

/** Names what is confirmed: this batch, as it was read. */
function subjectOf({ id, options }: BatchRow): string {
  return JSON.stringify([id, options]);
}

async function measureQuantities(
  db: Queryable,
  batch: BatchRow,
  limits: BlastLimits,
): Promise<Measured> {
  const gauge = new BlastGauge<BatchChange>(subjectOf(batch), limits);
  let oversold = 0;
  for await (const changes of itemChanges(db, batch.shop, batch.id)) {
    for (const { claimed, ...change } of changes) {
      gauge.add(change);
      if (change.after < claimed && change.after < change.before) oversold += 1;
    }
  }
  return { radius: gauge.measure(await itemCatalogue(db, batch.shop)), oversold };
}

async function measureRules(db: Queryable, batch: BatchRow, limits: BlastLimits) {
  const { shop, id } = batch;
  const rows = await readyRows<BufferChange>(db, shop, id, { after: -1, limit: MOST_RULES });
  const now = await listRules(db, shop);
  const edits = rows.map(({ change }) => change);
  const places = await placesOf(db, shop);
  const setup = {
    before: { rules: now, places },
    after: { rules: rulesAfter(now, edits), places },
  };
  const preview = await previewRules(db, shop, setup, {}, { subject: subjectOf(batch), limits });
  return preview.radius;
}

const PAGE = 1_000;

/** What listings show now, against what the items they are to sell allow. */
async function measureMatches(db: Queryable, batch: BatchRow, limits: BlastLimits) {
  const { shop, id } = batch;
  const gauge = new BlastGauge<BatchChange>(subjectOf(batch), limits);
  const rules = new RuleBook(await listRules(db, shop));
  const places = await placesOf(db, shop);
  for (let after = -1; ; ) {
    const rows = await readyRows<MatchChange>(db, shop, id, { after, limit: PAGE });
    const changes = rows.map(({ change }) => change);
    const parts = await partsOfSkus(
      db,
      shop,
      changes.flatMap((change) => change.parts.map((part) => part.sku)),
    );
    const wanted = changes.map((change) => ({
      ...{ id: change.listing ?? "", channel: change.channel, kit: change.parts.length > 1 },
      parts: change.parts.flatMap(({ sku, units }) => {
        const item = parts.get(sku);
        return item ? [{ ...item, units }] : [];
      }),
    }));
    const stock = await stockOfListings(db, shop, wanted, places !== null);
    const listed = await namedListings(db, shop, changes);
    const now = new Map(listed.map((listing) => [listing.id, listing]));
    for (const listing of wanted) {
      const known = now.get(listing.id);
      const numbers = {
        before: known?.planned ?? 0,
        after: plannedQuantity(listing, stock, { rules, places }),
      };
      gauge.add({ id: listing.id, label: known?.sku ?? "", channel: listing.channel, ...numbers });
    }
    after = rows.at(-1)?.line ?? after;
    if (rows.length < PAGE) return gauge.measure(await listingCatalogue(db, shop));
  }
}
