import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import {
  OVERVIEW_FILTERS,
  type OverviewFilter,
  overviewCount,
  overviewPage,
} from "../prisma/overview.ts";
import { latencyByChannel, saleLatencies, shopSummary } from "../prisma/shop-summary.ts";
import { channelColumns } from "./merchant.server.ts";

const PAGE_SIZE = 25;

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
    shopSummary(db, shop, at),
    channelColumns(context, shop),
    saleLatencies(db, shop),
  ]);
  const searched: OverviewSearch = { q, show };
  const latencies = latencyByChannel(sales);
  return { ...page, found, summary, columns, sales, latencies, searched };
}
