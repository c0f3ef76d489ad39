import { http, type RequestHandler } from "msw";
import { z } from "zod";
import type { Market, ShelfListing } from "../../sandbox/market.ts";
import {
  FBT_WAREHOUSE,
  OWN_WAREHOUSE,
  productId,
  RETURN_WAREHOUSE,
  skuId,
  warehousesOf,
} from "./account.ts";
import { failure, invalid, success } from "./answers.ts";
import { guarded } from "./guard.ts";
import { pageOf } from "./page.ts";
import type { TikTokMoment } from "./state.ts";

const API = "https://open-api.tiktokglobalshop.com";

export function productHandlers(moment: () => TikTokMoment): RequestHandler[] {
  return [
    http.post(`${API}/product/202502/products/search`, ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "read" }, (url) => search(now, url));
    }),
    http.post(`${API}/product/202309/inventory/search`, ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "read" }, (_url, body) => inventory(now, body));
    }),
    http.get(`${API}/logistics/202309/warehouses`, ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "read" }, () => {
        const opened = (now.state.market.places ?? []).map(({ id, name }) => {
          return { ...warehouse(id, "SALES_WAREHOUSE", false), name };
        });
        const own = WAREHOUSES.filter(
          ({ id }) => id !== FBT_WAREHOUSE || usesFbt(now.state.market),
        );
        return success({ warehouses: [...own, ...opened] });
      });
    }),
    http.get(`${API}/fbt/202408/warehouses`, ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "read" }, () => fbtWarehouses(now));
    }),
  ];
}

const warehouse = (id: string, type: string, isDefault: boolean) => ({
  id,
  name: `Warehouse ${id.slice(-2)}`,
  type,
  is_default: isDefault,
  effect_status: "ENABLED",
});

const WAREHOUSES = [
  warehouse(RETURN_WAREHOUSE, "RETURN_WAREHOUSE", false),
  warehouse(FBT_WAREHOUSE, "SALES_WAREHOUSE", false),
  warehouse(OWN_WAREHOUSE, "SALES_WAREHOUSE", true),
];

const FBT = [{ fbt_warehouse_id: "71", name: "FBT", type: "FBT", warehouse_ids: [FBT_WAREHOUSE] }];

const usesFbt = ({ listings }: Market) =>
  Object.values(listings).some((one) => !one.merchantFulfilled);

/** Closed to the apps of a seller who keeps nothing with TikTok. */
function fbtWarehouses({ state }: TikTokMoment): Response {
  return usesFbt(state.market)
    ? success({ warehouses: FBT })
    : failure(105_005, "apply auth pkg for this api");
}

/** Products with their SKUs, in the order in which they were made. */
export function products(market: Market): { first: ShelfListing; skus: ShelfListing[] }[] {
  const all = Object.values(market.listings).sort((a, b) => a.id - b.id);
  const grouped = new Map<string, ShelfListing[]>();
  for (const listing of all) {
    grouped.set(listing.product, [...(grouped.get(listing.product) ?? []), listing]);
  }
  return [...grouped.values()].flatMap((skus) => (skus[0] ? [{ first: skus[0], skus }] : []));
}

function search({ state }: TikTokMoment, url: URL): Response {
  const page = pageOf(products(state.market), url);
  if (!page) return invalid("page_size must be between 1 and 100.");
  return success({
    total_count: page.total,
    ...(page.next ? { next_page_token: page.next } : {}),
    products: page.rows.map(({ first, skus }) => ({
      id: productId(first),
      title: first.title,
      status: "ACTIVATE",
      skus: skus.map((listing) => ({
        id: skuId(listing),
        seller_sku: listing.sku,
        inventory: warehousesOf(listing).map(({ id: warehouse_id, units: quantity }) => {
          return { warehouse_id, quantity };
        }),
      })),
    })),
  });
}

/** A forced order may drive the shelf below zero; no page shows that. */
const shown = (listing: ShelfListing) => Math.max(0, listing.displayed);

const inventoryQuery = z.object({
  product_ids: z.array(z.string()).max(100).optional(),
  sku_ids: z.array(z.string()).max(600).optional(),
});

function inventory({ state }: TikTokMoment, body: unknown): Response {
  const query = inventoryQuery.safeParse(body);
  if (!query.success) return invalid("at most 100 product_ids or 600 sku_ids.");
  const { product_ids = [], sku_ids } = query.data;
  const found = products(state.market).flatMap(({ first, skus }) => {
    // SKU ids win over product ids.
    const asked = skus.filter((listing) =>
      sku_ids ? sku_ids.includes(skuId(listing)) : product_ids.includes(productId(first)),
    );
    return asked.length > 0
      ? [{ product_id: productId(first), skus: asked.map((one) => stock(state.market, one)) }]
      : [];
  });
  return success({ inventory: found });
}

function stock(market: Market, listing: ShelfListing) {
  const available = shown(listing);
  const committed = committedOf(market, listing.sku);
  return {
    id: skuId(listing),
    seller_sku: listing.sku,
    total_available_quantity: available,
    total_committed_quantity: committed,
    warehouse_inventory: warehousesOf(listing).map(({ id, units }, at) => ({
      warehouse_id: id,
      available_quantity: units,
      committed_quantity: at === 0 ? committed : 0,
    })),
    total_available_inventory_distribution: {
      campaign_inventory: [],
      creator_inventory: [],
      in_shop_inventory: { quantity: available },
    },
  };
}

/** Sold, not cancelled, not yet with the carrier. */
export function committedOf(market: Market, sku: string): number {
  return Object.values(market.orders)
    .flatMap((order) => order.lines)
    .filter((line) => line.sku === sku)
    .reduce((units, line) => units + line.quantity - line.cancelled - line.shipped, 0);
}
