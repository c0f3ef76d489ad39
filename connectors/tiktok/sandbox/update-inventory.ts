import { http, type RequestHandler } from "msw";
import { z } from "zod";
import { isOpened, setRecorded } from "../../sandbox/elsewhere.ts";
import { rowFault } from "../../sandbox/faults.ts";
import { land, type Market, type ShelfListing } from "../../sandbox/market.ts";
import { placeOf, productId, skuId } from "./account.ts";
import { failure, invalid, success } from "./answers.ts";
import { guarded } from "./guard.ts";
import { products } from "./products.ts";
import type { TikTokMoment } from "./state.ts";
import { inventoryChanged } from "./webhook.ts";

const UPDATE =
  "https://open-api.tiktokglobalshop.com/product/202309/products/:product/inventory/update";

const updateSchema = z.object({
  skus: z
    .array(
      z.object({
        id: z.string(),
        inventory: z
          .array(z.object({ warehouse_id: z.string().optional(), quantity: z.number().int() }))
          .min(1),
      }),
    )
    .min(1)
    .max(100),
});

type Row = z.infer<typeof updateSchema>["skus"][number];

/** Codes of single rows are published nowhere; these are of the product's family. */
const NO_SUCH_PRODUCT = 12_052_000;
const NO_SUCH_SKU = 12_052_048;
const NO_SUCH_WAREHOUSE = 12_052_097;
const NEGATIVE = 12_052_900;
const FROZEN = 12_052_251;

/** Sets SKUs of one product. Rows that are refused are named in an answer of code 0. */
export function updateHandlers(moment: () => TikTokMoment): RequestHandler[] {
  return [
    http.post(UPDATE, ({ request, params }) => {
      const now = moment();
      return guarded(now, request, { kind: "write" }, (_url, body) =>
        update(now, String(params.product), body),
      );
    }),
  ];
}

function update(moment: TikTokMoment, id: string, body: unknown): Response {
  const request = updateSchema.safeParse(body);
  if (!request.success) return invalid("Invalid request body.");
  const product = products(moment.state.market).find(({ first }) => productId(first) === id);
  if (!product) return failure(NO_SUCH_PRODUCT, "Product not found.");
  const errors = request.data.skus.flatMap((row) => {
    const listing = product.skus.find((one) => skuId(one) === row.id);
    const fault = listing ? rowFault(moment.state.market.faults, listing.sku) : null;
    if (fault === "refuse") return [rowError(row, FROZEN, "The SKU cannot be changed now.")];
    const trouble = troubleOf(moment.state.market, row, listing);
    if (trouble || !listing) return trouble ? [trouble] : [];
    if (fault === null) take(moment, product.first, listing, row);
    return [];
  });
  return success(errors.length > 0 ? { errors } : {});
}

/** The last writer wins: what was sold since the number was computed is given back. */
function take(moment: TikTokMoment, first: ShelfListing, listing: ShelfListing, row: Row): void {
  const { market } = moment.state;
  const before = listing.recorded;
  for (const { warehouse_id, quantity } of row.inventory) {
    setRecorded(listing, placeOf(warehouse_id), quantity);
  }
  const quantity = listing.recorded;
  const change = { sku: listing.sku, kind: "set" as const, quantity };
  land(market, change, quantity, moment.lag, moment.now);
  moment.emit(inventoryChanged(moment.state, first, listing, before, moment.now));
}

function troubleOf(market: Market, row: Row, listing: ShelfListing | undefined) {
  if (!listing) return rowError(row, NO_SUCH_SKU, "The SKU does not exist.");
  const elsewhere = row.inventory.find(({ warehouse_id }) => {
    const place = placeOf(warehouse_id);
    return place !== null && !isOpened(market, place);
  });
  if (elsewhere || !listing.merchantFulfilled) {
    return rowError(row, NO_SUCH_WAREHOUSE, "The warehouse is not the seller's.");
  }
  const negative = row.inventory.some((one) => one.quantity < 0);
  return negative ? rowError(row, NEGATIVE, "The quantity is below zero.") : null;
}

const rowError = (row: Row, code: number, message: string) => ({
  code,
  message,
  detail: {
    sku_id: row.id,
    extra_errors: row.inventory.map(({ warehouse_id }) => ({ warehouse_id, code, message })),
  },
});
