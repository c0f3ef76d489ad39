import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import {
  OVERVIEW_FILTERS,
  type OverviewFilter,
  overviewCount,
  overviewPage,
} from "../prisma/overview.ts";
import {
  latencyByChannel,
  type ShopSummary,
  saleLatencies,
  shopSummary,
} from "../prisma/shop-summary.ts";
import { channelColumns } from "./merchant.server.ts";
import { Remembered } from "./remembered.ts";

const PAGE_SIZE = 25;

/**
 * The summary reads the whole catalogue, so however many pages of a shop are open, it is counted
 * once a second. Live pages read again after things have calmed down, and then see the last word.
 */
const summaries = new Remembered<ShopSummary>({ limit: 1_000, forMs: 1_000, now: Date.now });

/** An address that was typed wrongly shows the first page instead of an error. */
const search = z.object({
  q: z.string().max(200).default("").catch(""),
  show: z.enum(OVERVIEW_FILTERS).default("all").catch("all"),
  after: z.string().max(200).optional().catch(undefined),
  before: z.string().max(200).optional().catch(undefined),
});

export interface OverviewSearch {
  q: string;
  show: OverviewFilter;
}

/** Everything the overview shows, read side by side. */
export async function readOverview(context: AppLoadContext, shop: string, address: URL) {
  const { q, show, after, before } = search.parse(Object.fromEntries(address.searchParams));
  const { db, now } = context.services;
  const at = new Date(now());
  const query = { shop, search: q.trim(), filter: show, limit: PAGE_SIZE };
  const [page, found, summary, columns, sales] = await Promise.all([
    overviewPage(db, { ...query, after, before }, at),
    overviewCount(db, query, at),
    summaries.get(shop, () => shopSummary(db, shop, at)),
    channelColumns(context, shop),
    saleLatencies(db, shop),
  ]);
  if (!summary) throw new Error("every shop has a summary");
  const searched: OverviewSearch = { q, show };
  const latencies = latencyByChannel(sales);
  return { ...page, found, summary, columns, sales, latencies, searched };
}
