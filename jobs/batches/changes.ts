import { RuleBook } from "../../inventory/rule-book.ts";
import { itemChanges } from "../../prisma/batch-measure.ts";
import { itemsOfRows, readyRows, rowsOfItems } from "../../prisma/batch-rows.ts";
import type { BatchChange, BatchRow } from "../../prisma/batches.ts";
import { listRules, rulesAfter } from "../../prisma/buffers.ts";
import type { Queryable } from "../../prisma/client.ts";
import { namedListings } from "../../prisma/listing-matches.ts";
import { placesOf } from "../../prisma/locations.ts";
import { type ListingScope, partsOfSkus } from "../../prisma/rule-scope.ts";
import { plannedQuantity, setupChanges, stockOfListings } from "../rule-preview.ts";
import type { BufferChange } from "./buffers.ts";
import { categoryAfter, type ItemChange } from "./items.ts";
import type { MatchChange } from "./listings.ts";

/** What a batch does to one number that shoppers see, or of a batch of quantities to one item. */
export type NumberOfBatch = BatchChange & {
  /** Of an item: units that are sold, held or set aside. */
  claimed?: number;
};

type Changes = AsyncGenerator<NumberOfBatch[]>;

const PAGE = 1_000;

/**
 * What the rows of a batch would change, from what the record says now: items of a batch of
 * quantities, else listings. Always in the same order; those that stay as they are among them.
 */
export async function* batchChanges(db: Queryable, batch: BatchRow): Changes {
  switch (batch.kind) {
    case "quantities":
      return yield* itemChanges(db, batch.shop, batch.id);
    case "buffers":
      return yield* ruleChanges(db, batch);
    case "listings":
      return yield* matchChanges(db, batch);
    case "items":
      return yield* categoryChanges(db, batch);
    case "locations":
      return;
  }
}

async function* readyPages<C>(db: Queryable, { shop, id }: BatchRow): AsyncGenerator<C[]> {
  for (let after = -1; ; ) {
    const rows = await readyRows<C>(db, shop, id, { after, limit: PAGE });
    yield rows.map(({ change }) => change);
    after = rows.at(-1)?.line ?? after;
    if (rows.length < PAGE) return;
  }
}

/** Rules play together: what their listings show follows from all of them. */
async function* ruleChanges(db: Queryable, batch: BatchRow): Changes {
  const { shop } = batch;
  const edits: BufferChange[] = [];
  for await (const page of readyPages<BufferChange>(db, batch)) edits.push(...page);
  const [rules, places] = await Promise.all([listRules(db, shop), placesOf(db, shop)]);
  const setup = { before: { rules, places }, after: { rules: rulesAfter(rules, edits), places } };
  const items = edits.flatMap(({ scope }) => scope.item ?? []);
  yield* setupChanges(db, shop, setup, items.length === edits.length ? scopeOf(items) : {});
}

/** To find the listings of more items than this takes longer than to look at all listings. */
const NAMED = 5_000;

function scopeOf(items: readonly string[]): ListingScope {
  return items.length > NAMED ? {} : { items };
}

/** Where rules are for categories, an item of another category shows other numbers. */
async function* categoryChanges(db: Queryable, batch: BatchRow): Changes {
  const { shop, id } = batch;
  const [rules, places] = await Promise.all([listRules(db, shop), placesOf(db, shop)]);
  if (rules.every(({ category }) => category === undefined)) return;
  const categoriesOf = async (items: readonly string[]) => {
    const rows = await rowsOfItems<ItemChange>(db, shop, id, items);
    return new Map(
      rows.flatMap(({ item, change }): [string, string | null][] => {
        const category = categoryAfter(change);
        return category === undefined ? [] : [[item, category]];
      }),
    );
  };
  const before = { rules, places };
  const setup = { before, after: { ...before, categoriesOf } };
  yield* setupChanges(db, shop, setup, scopeOf(await itemsOfRows(db, shop, id, NAMED + 1)));
}

/** What listings show now, against what the items they are to sell allow. */
async function* matchChanges(db: Queryable, batch: BatchRow): Changes {
  const { shop } = batch;
  const rules = new RuleBook(await listRules(db, shop));
  const places = await placesOf(db, shop);
  for await (const changes of readyPages<MatchChange>(db, batch)) {
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
    yield wanted.map((listing) => {
      const known = now.get(listing.id);
      const after = plannedQuantity(listing, stock, { rules, places });
      const before = known?.planned ?? 0;
      return { id: listing.id, label: known?.sku ?? "", channel: listing.channel, before, after };
    });
  }
}
