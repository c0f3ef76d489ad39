import { z } from "zod";
import { exposure } from "../../inventory/exposure.ts";
import { stockView } from "../../inventory/stock-view.ts";
import { type ItemListing, itemListings } from "../../prisma/item-page.ts";
import { findItemBySku } from "../../prisma/items.ts";
import type { Services } from "../services.ts";
import { reasonText } from "../texts.ts";
import { API_FORMAT } from "./format.ts";
import { Problem } from "./problem.ts";
import { unavailable } from "./refusals.ts";
import { type Example, type Route, route } from "./route.ts";
import { itemStockSchema, sku } from "./schemas.ts";

/** GET /stock/{sku}: what there is, what may be promised, and what every listing says, and why. */
export function stockRoutes({ db, ledger, connectorOf }: Services): Route[] {
  const getStock = route({
    ...{ id: "getStock", method: "get", path: "/stock/{sku}", tag: "Stock", scope: "stock:read" },
    summary: "Read an item's stock",
    description: "Live from the ledger: holds that are over are not counted any more.",
    params: z.object({ sku }),
    answer: {
      status: 200,
      description: "What there is, and what every listing shows.",
      schema: itemStockSchema,
    },
    problems: ["unknown-sku", "unavailable"],
    examples: [EXAMPLE],
    async handle({ caller: { shop }, params: { sku } }) {
      const item = await findItemBySku(db, shop, sku);
      if (!item) throw new Problem("unknown-sku", `No item has the SKU ${sku}.`, { sku });
      const stock = await ledger.stock(shop, item.id);
      if ("outcome" in stock) throw unavailable(stock);
      const listings = await itemListings(db, shop, item.id);
      const body = {
        sku,
        title: item.title,
        ...stockView(stock),
        exposure: exposure(stock, listings),
        listings: listings.map((listing) =>
          listingView(listing, connectorOf(listing.channel)?.title ?? listing.channel),
        ),
      };
      return body;
    },
  });
  return [getStock];
}

function listingView(listing: ItemListing, title: string) {
  const { channel, connection, externalId, unitsPerSale } = listing;
  const { shown, accepted, planned, trouble, kit, merchantFulfilled } = listing;
  return {
    ...{ channel, connection, externalId, unitsPerSale, kit, merchantFulfilled },
    ...{ shown, accepted, planned },
    reasons: listing.reasons.map((reason) => ({
      ...reason,
      text: reasonText(reason, title, API_FORMAT),
    })),
    trouble,
  };
}

const EXAMPLE: Example = {
  summary: "One item",
  params: { sku: "TEE-BLK-M" },
  answer: {
    sku: "TEE-BLK-M",
    title: "T-shirt, black, M",
    version: 42,
    onHand: 36,
    ats: 34,
    balances: [
      { bucket: "sellable", location: "MAIN", quantity: 36 },
      { bucket: "committed", quantity: 2 },
      { bucket: "held", quantity: 0 },
    ],
    exposure: 0,
    listings: [
      {
        ...{ channel: "shopify", connection: "Main store", externalId: "gid-1", unitsPerSale: 1 },
        ...{ kit: false, merchantFulfilled: true, planned: 34, accepted: 34, shown: 34 },
        reasons: [
          { code: "on-hand", change: 36, remaining: 36, text: "36 units on hand at all locations" },
          {
            code: "committed",
            change: -2,
            remaining: 34,
            text: "2 units sold and not shipped yet",
          },
        ],
        trouble: null,
      },
    ],
  },
};
