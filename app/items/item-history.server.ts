import { itemStockSteps, shownSteps } from "../../prisma/item-history.ts";
import type { ItemListing } from "../../prisma/item-page.ts";
import type { Services } from "../services.ts";
import {
  HISTORY_SPANS,
  type HistoryPoint,
  type HistorySpan,
  historyPoints,
  historyStart,
} from "./item-history.ts";

/** More lines than this nobody could tell apart. */
const LISTINGS = 8;

export interface ItemHistory {
  span: HistorySpan;
  points: HistoryPoint[];
  /** Those whose numbers are drawn. */
  listings: Pick<ItemListing, "id" | "channel" | "sku">[];
  /** How many more there are. */
  others: number;
}

/** An item's numbers over time, from the record: its movements, and what marketplaces took. */
export async function readItemHistory(
  { db, now }: Pick<Services, "db" | "now">,
  { shop, item }: { shop: string; item: string },
  every: readonly ItemListing[],
  span: HistorySpan,
): Promise<ItemHistory> {
  const pushed = every.filter((listing) => listing.pushed);
  const listings = pushed.slice(0, LISTINGS).map(({ id, channel, sku }) => ({ id, channel, sku }));
  const ids = listings.map(({ id }) => id);
  const asked = now();
  const since = new Date(historyStart(span, asked));
  const seconds = HISTORY_SPANS[span].stepMs / 1_000;
  const [stock, shown] = await Promise.all([
    itemStockSteps(db, { shop, item }, since, seconds),
    shownSteps(db, shop, ids, since, seconds),
  ]);
  const points = historyPoints({ ...stock, shown, listings: ids }, span, asked);
  return { span, points, listings, others: pushed.length - listings.length };
}
