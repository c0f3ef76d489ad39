import { HttpResponse, http, type RequestHandler } from "msw";
import { API, MARKETPLACE } from "./account.ts";
import { invalid } from "./errors.ts";
import { guarded } from "./guard.ts";
import type { AmazonMoment } from "./state.ts";
import { asinOf } from "./tables.ts";

/** What there is to know of the seller: where he sells, and what Amazon keeps for him. */
export function sellerHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.get(`${API}/sellers/v1/marketplaceParticipations`, ({ request }) => {
      const now = moment();
      return guarded(now, "getMarketplaceParticipations", request, participations);
    }),
    http.get(`${API}/fba/inventory/v1/summaries`, ({ request }) => {
      const now = moment();
      return guarded(now, "getInventorySummaries", request, () =>
        summaries(now, new URL(request.url).searchParams),
      );
    }),
  ];
}

/** One shop of Amazon's, one that he left, and one that is no shop but a tool of Amazon's. */
function participations(): Response {
  const rows = [
    { id: MARKETPLACE, countryCode: "US", name: "Amazon.com", isParticipating: true },
    { id: "A2EUQ1WTGCTBG2", countryCode: "CA", name: "Amazon.ca", isParticipating: false },
    { id: "A6W85IYQ5WB1C", countryCode: "US", name: "IBA", isParticipating: true },
  ];
  const payload = rows.map(({ isParticipating, ...marketplace }) => ({
    marketplace: {
      ...marketplace,
      defaultCurrencyCode: "USD",
      defaultLanguageCode: "en_US",
      domainName: "www.amazon.com",
    },
    participation: { isParticipating, hasSuspendedListings: false },
    storeName: "Sandbox Store",
  }));
  return HttpResponse.json({ payload });
}

const SKUS_MAX = 50;

function summaries({ state }: AmazonMoment, query: URLSearchParams): Response {
  const marketplace = query.get("granularityId");
  if (query.get("granularityType") !== "Marketplace" || marketplace !== MARKETPLACE) {
    return invalid("'granularityType' and 'granularityId' are required.");
  }
  const alone = query.get("sellerSku");
  const skus = alone === null ? query.get("sellerSkus")?.split(",") : [alone];
  if (skus && skus.length > SKUS_MAX) return invalid("'sellerSkus' takes 50 at most.");
  const kept = Object.values(state.market.listings).filter(
    (listing) => !listing.merchantFulfilled && (!skus || skus.includes(listing.sku)),
  );
  const inventorySummaries = kept.map((listing) => {
    const fulfillableQuantity = Math.max(0, listing.displayed);
    const asin = asinOf(listing);
    return {
      asin,
      fnSku: asin.replace("B0", "X0"),
      sellerSku: listing.sku,
      condition: "NewItem",
      productName: listing.title,
      // Some more are on their way, still on the seller's own shelf.
      totalQuantity: fulfillableQuantity + 3,
      ...(query.get("details") === "true"
        ? { inventoryDetails: { fulfillableQuantity, inboundWorkingQuantity: 3 } }
        : {}),
    };
  });
  const granularity = { granularityType: "Marketplace", granularityId: marketplace };
  return HttpResponse.json({ payload: { granularity, inventorySummaries } });
}
