import type { Router } from "express";
import { exposure } from "../../inventory/exposure.ts";
import { type ItemListing, itemListings } from "../../prisma/item-page.ts";
import { findItemBySku } from "../../prisma/items.ts";
import type { Services } from "../services.ts";
import { reasonText } from "../texts.ts";
import { callerOf } from "./authorize.ts";
import { handler } from "./http.ts";
import { Problem } from "./problem.ts";
import { unavailable } from "./refusals.ts";
import { stockView } from "./stock-view.ts";

/** GET /stock/:sku: what there is, what may be promised, and what every listing says, and why. */
export function stockRoutes(router: Router, { db, ledger, connectorOf }: Services): void {
  router.get(
    "/stock/:sku",
    handler(async (request, response) => {
      const { shop } = callerOf(response);
      const sku = String(request.params.sku);
      const item = await findItemBySku(db, shop, sku);
      if (!item) throw new Problem("unknown-sku", `No item has the SKU ${sku}.`, { sku });
      const stock = await ledger.stock(shop, item.id);
      if ("outcome" in stock) throw unavailable(stock);
      const listings = await itemListings(db, shop, item.id);
      response.json({
        sku,
        title: item.title,
        ...stockView(stock),
        exposure: exposure(stock, listings),
        listings: listings.map((listing) =>
          listingView(listing, connectorOf(listing.channel)?.title ?? listing.channel),
        ),
      });
    }),
  );
}

function listingView(listing: ItemListing, title: string) {
  const { channel, connection, externalId, unitsPerSale } = listing;
  const { shown, accepted, planned, trouble, kit, merchantFulfilled } = listing;
  return {
    channel,
    connection,
    externalId,
    unitsPerSale,
    kit,
    merchantFulfilled,
    shown,
    accepted,
    planned,
    reasons: listing.reasons.map((reason) => ({ ...reason, text: reasonText(reason, title) })),
    trouble,
  };
}
