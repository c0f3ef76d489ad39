import { HttpResponse, http, type RequestHandler } from "msw";
import type { MarketReturn } from "../../sandbox/market.ts";
import { apiError } from "./errors.ts";
import { guarded } from "./guard.ts";
import { itemIdOf } from "./shelf.ts";
import type { EbayMoment, EbayState } from "./state.ts";

const NINETY_DAYS_MS = 90 * 24 * 60 * 60_000;

const STATES = {
  announced: "ITEM_READY_TO_SHIP",
  arrived: "ITEM_DELIVERED",
  closed: "CLOSED",
} as const;

/** The Post-Order API's search: by the day a return was opened, one return per order line. */
export function returnHandlers(moment: () => EbayMoment): RequestHandler[] {
  return [
    http.get("https://api.ebay.com/post-order/v2/return/search", ({ request }) => {
      const now = moment();
      return guarded(now, "postOrder", request, () => {
        if (!request.headers.get("authorization")?.startsWith("IAF ")) {
          return apiError(401, 1001, "OAuth", "Invalid access token");
        }
        return search(now, new URL(request.url));
      });
    }),
  ];
}

function search({ state, now }: EbayMoment, { searchParams: query }: URL): Response {
  const limit = Number(query.get("limit") ?? 25);
  const from = Date.parse(query.get("creation_date_range_from") ?? "1970-01-01");
  const to = Date.parse(query.get("creation_date_range_to") ?? new Date(now).toISOString());
  if (!(limit >= 1 && limit <= 200) || !(to >= from && to - from <= NINETY_DAYS_MS)) {
    return apiError(400, 1616, "returnErrorDomain", "Invalid Input");
  }
  const found = Object.values(state.market.returns)
    .filter(({ createdAt }) => createdAt >= from && createdAt <= to)
    .flatMap((back) => membersOf(state, back));
  const members = found.slice(0, limit);
  const totalPages = Math.ceil(found.length / limit);
  const paginationOutput = { offset: 1, limit, totalPages, totalEntries: found.length };
  return HttpResponse.json({ members, total: found.length, paginationOutput });
}

function membersOf({ market }: EbayState, back: MarketReturn) {
  return back.lines.map((line, at) => {
    const listing = market.listings[line.sku];
    return {
      returnId: String(5_000_000_000 + Number(back.id) * 100 + at),
      orderId: back.order,
      buyerLoginName: "ada.buyer",
      state: STATES[back.stage],
      status: STATES[back.stage],
      creationInfo: {
        item: {
          itemId: listing ? itemIdOf(listing) : "0",
          transactionId: line.id,
          returnQuantity: line.quantity,
        },
        reason: "NO_LONGER_NEED_ITEM",
        creationDate: { value: new Date(back.createdAt).toISOString() },
      },
    };
  });
}
