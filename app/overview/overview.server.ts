import type { AppLoadContext } from "@remix-run/node";
import {
  latencyByChannel,
  type ShopSummary,
  saleLatencies,
  shopSummary,
} from "../../prisma/shop-summary.ts";
import { channelColumns } from "../access/merchant.server.ts";
import { EVERY_ITEM, type ItemSearch } from "../items/item-search.ts";
import { readItemPage } from "../items/items.server.ts";
import { Remembered } from "../remembered.ts";
import { readTrends } from "./trends.server.ts";
import type { Span, Trends } from "./trends.ts";

/** Items that need attention, the most oversold first; the rest of them is on the Items page. */
const ATTENTION: ItemSearch = { ...EVERY_ITEM, show: "attention", sort: "available", size: 25 };

/** What moves at the moment, so that a sale can be watched on its way. */
const MOVED: ItemSearch = { ...EVERY_ITEM, sort: "moved", descending: true, size: 12 };

/**
 * However many pages of a shop are open, its summary is counted once a second. Live pages read
 * again after things have calmed down, and then see the last word.
 */
const summaries = new Remembered<ShopSummary>({ limit: 1_000, forMs: 1_000, now: Date.now });

/** A chart's last bar grows by the second, and nobody sees a difference of two. */
const trendsOf = new Remembered<Trends>({ limit: 1_000, forMs: 2_000, now: Date.now });

/** Everything the overview shows, read side by side. */
export async function readOverview(context: AppLoadContext, shop: string, span: Span) {
  const { db, now } = context.services;
  const [page, latest, summary, columns, sales, trends] = await Promise.all([
    readItemPage(context, shop, ATTENTION),
    readItemPage(context, shop, MOVED),
    summaries.get(shop, () => shopSummary(db, shop, new Date(now()))),
    channelColumns(context, shop),
    saleLatencies(db, shop),
    trendsOf.get(`${span} ${shop}`, () => readTrends(db, shop, span, now())),
  ]);
  if (!summary || !trends) throw new Error("every shop has a summary");
  const shown = new Set(page.rows.map((row) => row.item));
  const moved = latest.rows.filter((row) => !shown.has(row.item));
  return { ...page, moved, summary, columns, sales, latencies: latencyByChannel(sales), trends };
}
