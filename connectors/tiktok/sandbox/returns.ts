import { http, type RequestHandler } from "msw";
import { z } from "zod";
import type { MarketReturn } from "../../sandbox/market.ts";
import { skuId } from "./account.ts";
import { invalid, success } from "./answers.ts";
import { guarded } from "./guard.ts";
import { inWindow, seconds, windowSchema } from "./orders.ts";
import { pageOf } from "./page.ts";
import type { TikTokMoment, TikTokState } from "./state.ts";

const SEARCH = "https://open-api.tiktokglobalshop.com/return_refund/202309/returns/search";

const querySchema = windowSchema.extend({ return_ids: z.array(z.string()).optional() });

export function returnHandlers(moment: () => TikTokMoment): RequestHandler[] {
  return [
    http.post(SEARCH, ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "read" }, (url, body) => search(now, url, body));
    }),
  ];
}

export const RETURN_STATUS = {
  announced: "AWAITING_BUYER_SHIP",
  arrived: "RETURN_OR_REFUND_REQUEST_COMPLETE",
  closed: "RETURN_OR_REFUND_REQUEST_CANCEL",
} as const;

export const returnId = (back: MarketReturn) => `4035${back.id.padStart(15, "0")}`;

function search({ state }: TikTokMoment, url: URL, body: unknown): Response {
  const query = querySchema.safeParse(body);
  if (!query.success) return invalid("Invalid window.");
  const { return_ids: ids, ...window } = query.data;
  const found = inWindow(Object.values(state.market.returns), window).filter(
    (back) => !ids || ids.includes(returnId(back)),
  );
  const page = pageOf(found, url, 50);
  if (!page) return invalid("page_size must be between 1 and 50.");
  return success({
    total_count: page.total,
    ...(page.next ? { next_page_token: page.next } : {}),
    return_orders: page.rows.map((back) => returnJson(state, back)),
  });
}

function returnJson(state: TikTokState, back: MarketReturn) {
  return {
    return_id: returnId(back),
    order_id: back.order,
    return_type: "RETURN_AND_REFUND",
    return_status: RETURN_STATUS[back.stage],
    role: "BUYER",
    create_time: seconds(back.createdAt),
    update_time: seconds(back.updatedAt),
    return_line_items: back.lines.flatMap((line) =>
      Array.from({ length: line.quantity }, (_, n) => ({
        return_line_item_id: `${returnId(back)}${n}`,
        order_line_item_id: `${line.id}${String(n).padStart(3, "0")}`,
        sku_id: skuOf(state, line.sku),
        seller_sku: line.sku,
      })),
    ),
  };
}

function skuOf(state: TikTokState, sku: string): string {
  const listing = state.market.listings[sku];
  return listing ? skuId(listing) : "";
}
