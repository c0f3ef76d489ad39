import { HttpResponse, http, type RequestHandler } from "msw";
import type { ShelfListing } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { invalid, notFound } from "./errors.ts";
import { guarded } from "./guard.ts";
import type { WalmartMoment, WalmartState } from "./state.ts";

/** A cursor that is not used for so long is gone. */
const CURSOR_LIFE_MS = 2 * 60_000;

/** The catalogue: one cursor for all pages, which moves on by being used. */
export function itemHandlers(moment: () => WalmartMoment): RequestHandler[] {
  return [
    http.get("https://marketplace.walmartapis.com/v3/items", ({ request }) => {
      const now = moment();
      return guarded(now, "items", request, () => list(now, new URL(request.url)));
    }),
  ];
}

function list({ state, now }: WalmartMoment, url: URL): Response {
  const limit = Number(url.searchParams.get("limit") ?? 20);
  if (!(limit >= 1 && limit <= 50)) return invalid("limit", "The limit must be at most 50.");
  const asked = url.searchParams.get("nextCursor");
  const cursor = asked === null || asked === "*" ? uuid(state.market) : asked;
  if (cursor !== asked) state.scrolls[cursor] = { at: 0, usedAt: now };
  const scroll = state.scrolls[cursor];
  if (!scroll || now - scroll.usedAt > CURSOR_LIFE_MS) {
    delete state.scrolls[cursor];
    return invalid("nextCursor", "The cursor has expired.");
  }
  const all = Object.values(state.market.listings).sort((a, b) => a.id - b.id);
  if (all.length === 0) return notFound("No items.");
  const page = all.slice(scroll.at, scroll.at + limit);
  Object.assign(scroll, { at: scroll.at + page.length, usedAt: now });
  return HttpResponse.json({
    ItemResponse: page.map((listing) => item(state, listing)),
    totalItems: all.length,
    nextCursor: cursor,
  });
}

function item(state: WalmartState, listing: ShelfListing) {
  const lifecycleStatus = state.lifecycles[listing.sku] ?? "ACTIVE";
  return {
    mart: "WALMART_US",
    sku: listing.sku,
    wpid: `5${listing.id.toString(36).toUpperCase().padStart(11, "0")}`,
    ...(listing.barcode ? { gtin: listing.barcode.padStart(14, "0") } : {}),
    productName: listing.title,
    productType: "Sandbox goods",
    price: { currency: "USD", amount: 10 },
    publishedStatus: lifecycleStatus === "ACTIVE" ? "PUBLISHED" : "UNPUBLISHED",
    lifecycleStatus,
  };
}
