import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { rowFault } from "../../sandbox/faults.ts";
import { land, type ShelfListing } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { AMAZON_SANDBOX, API, MARKETPLACE } from "./account.ts";
import { expectEchoes } from "./echoes.ts";
import { apiError, invalid } from "./errors.ts";
import { guarded } from "./guard.ts";
import type { AmazonMoment } from "./state.ts";
import { asinOf } from "./tables.ts";

const ITEMS = `${API}/listings/2021-08-01/items/:sellerId`;

/** Only the first thousand results of a query can be paged through. */
const RESULTS_MAX = 1_000;

export function listingHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.patch(`${ITEMS}/:sku`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "patchListingsItem", request, async () => {
        const trouble = queryTrouble(request, params.sellerId);
        if (trouble) return trouble;
        return patch(now, skuOf(params.sku), await request.json().catch(() => null));
      });
    }),
    http.get(`${ITEMS}/:sku`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "getListingsItem", request, () => {
        const listing = now.state.market.listings[skuOf(params.sku)];
        const trouble = queryTrouble(request, params.sellerId);
        if (trouble) return trouble;
        if (!listing) return apiError(404, "NOT_FOUND", `SKU '${params.sku}' not found.`);
        return HttpResponse.json(item(listing, included(request)));
      });
    }),
    http.get(ITEMS, ({ request, params }) => {
      const now = moment();
      return guarded(
        now,
        "searchListingsItems",
        request,
        () => queryTrouble(request, params.sellerId) ?? search(now, new URL(request.url)),
      );
    }),
  ];
}

const skuOf = (param: unknown) => decodeURIComponent(String(param));

function queryTrouble(request: Request, sellerId: unknown): Response | null {
  if (sellerId !== AMAZON_SANDBOX.account) {
    return apiError(403, "Unauthorized", "Access to requested resource is denied.");
  }
  const asked = new URL(request.url).searchParams.get("marketplaceIds");
  return asked?.split(",").includes(MARKETPLACE) ? null : invalid("'marketplaceIds' is invalid.");
}

const patchSchema = z.object({
  productType: z.string(),
  patches: z
    .array(
      z.object({
        op: z.enum(["add", "replace", "merge", "delete"]),
        path: z.string(),
        value: z.array(z.record(z.string(), z.unknown())).optional(),
      }),
    )
    .min(1),
});

const availabilitySchema = z.object({
  op: z.enum(["replace", "merge"]),
  path: z.literal("/attributes/fulfillment_availability"),
  value: z.tuple([
    z.object({
      fulfillment_channel_code: z.literal("DEFAULT"),
      quantity: z.number().int().min(0),
    }),
  ]),
});

/** The quantity that a patch, of whatever way in, sets; null = it is not one that can. */
export function quantityOf(patches: readonly unknown[]): number | null {
  const availability = availabilitySchema.safeParse(patches[0]);
  return availability.success ? availability.data.value[0].quantity : null;
}

/** 200 whatever the verdict; "ACCEPTED" means that it will land some time, not that it has. */
function patch(moment: AmazonMoment, sku: string, body: unknown): Response {
  const request = patchSchema.safeParse(body);
  if (!request.success) return invalid("Request input is invalid.");
  const { market } = moment.state;
  const submissionId = uuid(market).replaceAll("-", "");
  const quantity = quantityOf(request.data.patches);
  const listing = market.listings[sku];
  const fault = rowFault(market.faults, sku);
  if (!listing || quantity === null || fault === "refuse") {
    return HttpResponse.json({ sku, status: "INVALID", submissionId, issues: [refusedIssue(sku)] });
  }
  const accepted = { sku, status: "ACCEPTED", submissionId, issues: [] };
  if (fault === "ignore") return HttpResponse.json(accepted);
  // Sending DEFAULT to an Amazon-fulfilled offer silently makes it a merchant's: a trap to fall in.
  listing.merchantFulfilled = true;
  listing.recorded = quantity;
  land(market, { sku, kind: "set", quantity }, quantity, moment.lag, moment.now);
  expectEchoes(moment.state, 1);
  return HttpResponse.json(accepted);
}

const refusedIssue = (sku: string) => ({
  code: "90000900",
  message: `The attributes sent for '${sku}' are invalid.`,
  severity: "ERROR",
  attributeNames: ["fulfillment_availability"],
  categories: ["INVALID_ATTRIBUTE"],
});

function search(moment: AmazonMoment, url: URL): Response {
  const query = url.searchParams;
  const pageSize = Number(query.get("pageSize") ?? 10);
  if (!(pageSize >= 1 && pageSize <= 20)) return invalid("'pageSize' must be between 1 and 20.");
  const named = query.get("identifiers")?.split(",");
  if (named && (named.length > 20 || query.get("identifiersType") !== "SKU")) {
    return invalid("'identifiers' is invalid.");
  }
  const after = Date.parse(query.get("createdAfter") ?? "1970-01-01T00:00:00Z");
  const found = Object.values(moment.state.market.listings)
    .filter((listing) => !named || named.includes(listing.sku))
    .filter((listing) => Date.parse(createdDate(listing)) >= after)
    // sortBy=createdDate; an object's keys that look like numbers would come first by themselves.
    .sort((a, b) => a.id - b.id);
  const pageable = found.slice(0, RESULTS_MAX);
  const from = Number(query.get("pageToken") ?? 0);
  const next = from + pageSize < pageable.length ? String(from + pageSize) : null;
  return HttpResponse.json({
    numberOfResults: found.length,
    ...(next ? { pagination: { nextToken: next } } : {}),
    items: pageable.slice(from, from + pageSize).map((one) => item(one, included(url))),
  });
}

function included(from: Request | URL): Set<string> {
  const url = from instanceof URL ? from : new URL(from.url);
  return new Set((url.searchParams.get("includedData") ?? "summaries").split(","));
}

/** Listings were created a second apart, in the order of their ids. */
const createdDate = (listing: ShelfListing) =>
  new Date(Date.UTC(2025, 0, 1) + listing.id * 1_000).toISOString();

/** The live number of a merchant's listing; Amazon-fulfilled ones come without one. */
function item(listing: ShelfListing, wanted: Set<string>) {
  const created = createdDate(listing);
  const summary = {
    marketplaceId: MARKETPLACE,
    asin: asinOf(listing),
    productType: "PRODUCT",
    conditionType: "new_new",
    status: ["BUYABLE", "DISCOVERABLE"],
    itemName: listing.title,
    createdDate: created,
    lastUpdatedDate: created,
  };
  const availability = listing.merchantFulfilled
    ? { fulfillmentChannelCode: "DEFAULT", quantity: Math.max(0, listing.displayed) }
    : { fulfillmentChannelCode: "AMAZON_NA" };
  return {
    sku: listing.sku,
    ...(wanted.has("summaries") ? { summaries: [summary] } : {}),
    ...(wanted.has("attributes") ? { attributes: attributes(listing) } : {}),
    ...(wanted.has("fulfillmentAvailability") ? { fulfillmentAvailability: [availability] } : {}),
  };
}

function attributes({ title, barcode }: ShelfListing) {
  const here = { marketplace_id: MARKETPLACE };
  return {
    item_name: [{ value: title, language_tag: "en_US", ...here }],
    ...(barcode === null
      ? {}
      : {
          externally_assigned_product_identifier: [
            { type: barcode.length === 12 ? "upc" : "ean", value: barcode, ...here },
          ],
        }),
  };
}
