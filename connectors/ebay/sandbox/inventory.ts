import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { rowFault } from "../../sandbox/faults.ts";
import type { ShelfListing } from "../../sandbox/market.ts";
import { apiError, errorOf } from "./errors.ts";
import { guarded } from "./guard.ts";
import { countRevision, REVISED_TOO_OFTEN, show } from "./revisions.ts";
import {
  isLegacy,
  itemIdOf,
  listingOf,
  listingsOf,
  offerIdOf,
  shown,
  variationsOf,
} from "./shelf.ts";
import type { EbayMoment, EbayState } from "./state.ts";

const BASE = "https://api.ebay.com/sell/inventory/v1";
const DOMAIN = "API_INVENTORY";

/** The Inventory API: it knows only the listings that were made with it. */
export function inventoryHandlers(moment: () => EbayMoment): RequestHandler[] {
  return [
    http.get(`${BASE}/inventory_item`, ({ request }) => {
      const now = moment();
      return guarded(now, "inventory", request, () => items(now, new URL(request.url)));
    }),
    http.get(`${BASE}/offer`, ({ request }) => {
      const now = moment();
      return guarded(now, "inventory", request, () => offers(now, new URL(request.url)));
    }),
    http.post(`${BASE}/bulk_update_price_quantity`, ({ request }) => {
      const now = moment();
      return guarded(now, "inventory", request, async () =>
        update(now, await request.json().catch(() => null)),
      );
    }),
  ];
}

const ownListings = (state: EbayState) => listingsOf(state).filter((one) => !isLegacy(one));

/** `offset` is a page's number, unlike everywhere else. */
function items({ state }: EbayMoment, { searchParams: query }: URL): Response {
  const limit = Number(query.get("limit") ?? 25);
  const page = Number(query.get("offset") ?? 0);
  if (!(limit >= 1 && limit <= 200) || !(page >= 0)) {
    return apiError(400, 25706, DOMAIN, "Invalid value for limit or offset.");
  }
  const all = ownListings(state);
  const found = all.slice(page * limit, (page + 1) * limit);
  const href = (n: number) => `/sell/inventory/v1/inventory_item?limit=${limit}&offset=${n}`;
  return HttpResponse.json({
    href: href(page),
    total: all.length,
    size: found.length,
    limit,
    ...((page + 1) * limit < all.length ? { next: href(page + 1) } : {}),
    inventoryItems: found.map((listing) => itemOf(state, listing)),
  });
}

function itemOf(state: EbayState, listing: ShelfListing) {
  const { sku, title, barcode } = listing;
  const quantity = state.itemQuantities[sku] ?? Math.max(0, listing.recorded);
  const code = barcode === null ? {} : { [barcode.length === 12 ? "upc" : "ean"]: [barcode] };
  const grouped = variationsOf(state.market, listing).length > 1;
  return {
    sku,
    locale: "en_US",
    condition: "NEW",
    product: { title, ...code },
    availability: { shipToLocationAvailability: { quantity } },
    ...(grouped ? { inventoryItemGroupKeys: [listing.product] } : {}),
  };
}

function offers({ state }: EbayMoment, { searchParams: query }: URL): Response {
  const listing = listingOf(state, query.get("sku") ?? "");
  if (!listing || isLegacy(listing))
    return apiError(404, 25713, DOMAIN, "This Offer is not available.");
  const offer = {
    offerId: offerIdOf(listing),
    sku: listing.sku,
    marketplaceId: "EBAY_US",
    format: "FIXED_PRICE",
    availableQuantity: shown(listing),
    status: "PUBLISHED",
    listing: {
      listingId: itemIdOf(listing),
      listingStatus: shown(listing) > 0 ? "ACTIVE" : "OUT_OF_STOCK",
      soldQuantity: 0,
    },
  };
  return HttpResponse.json({ total: 1, size: 1, limit: 100, href: "", offers: [offer] });
}

const updateSchema = z.object({
  requests: z
    .array(
      z.object({
        sku: z.string().max(50).optional(),
        shipToLocationAvailability: z.object({ quantity: z.number().int() }).optional(),
        offers: z
          .array(z.object({ offerId: z.string(), availableQuantity: z.number().int() }))
          .max(25)
          .default([]),
      }),
    )
    .min(1)
    .max(25),
});

type Row = z.infer<typeof updateSchema>["requests"][number];

/** 200 when every row went well, 207 when one did not. */
function update(moment: EbayMoment, body: unknown): Response {
  const wanted = updateSchema.safeParse(body);
  if (!wanted.success) return apiError(400, 25002, DOMAIN, "Any User error. Invalid request.");
  const responses = wanted.data.requests.map((row) => updateRow(moment, row));
  const status = responses.every(({ statusCode }) => statusCode === 200) ? 200 : 207;
  return HttpResponse.json({ responses }, { status });
}

function updateRow(moment: EbayMoment, row: Row) {
  const { state } = moment;
  const [offer] = row.offers;
  const quantities = [row.shipToLocationAvailability?.quantity, offer?.availableQuantity];
  const listing =
    row.sku === undefined
      ? (ownListings(state).find((one) => offerIdOf(one) === offer?.offerId) ?? null)
      : listingOf(state, row.sku);
  if (!listing || isLegacy(listing) || (offer && offer.offerId !== offerIdOf(listing))) {
    return refused(row, 25002, "Any User error. No such SKU, or an offer of another one.");
  }
  if (quantities.some((one) => one !== undefined && one < 0)) {
    return refused(row, 25709, "Invalid value for quantity.");
  }
  const fault = rowFault(state.market.faults, listing.sku);
  if (fault === "refuse") return refused(row, 25002, "Any User error. The listing is on hold.");
  if (!countRevision(moment, listing)) return refused(row, 25002, REVISED_TOO_OFTEN);
  const [shipTo, available] = quantities;
  if (shipTo !== undefined && fault === null) state.itemQuantities[listing.sku] = shipTo;
  // The offer's own number is what buyers see; the item's alone changes nothing for them.
  if (available !== undefined) show(moment, listing, available);
  return { ...namesOf(row), statusCode: 200, errors: [], warnings: [] };
}

const namesOf = ({ sku, offers }: Row) => ({
  ...(sku === undefined ? {} : { sku }),
  ...(offers[0] ? { offerId: offers[0].offerId } : {}),
});

const refused = (row: Row, errorId: number, message: string) => ({
  ...namesOf(row),
  statusCode: 400,
  errors: [errorOf(errorId, DOMAIN, message)],
  warnings: [],
});
