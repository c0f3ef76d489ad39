import type { Market, MarketReturn, ShelfListing } from "../../sandbox/market.ts";

/** GET_MERCHANT_LISTINGS_ALL_DATA. */
const LISTING_COLUMNS =
  "item-name item-description listing-id seller-sku price quantity open-date image-url item-is-marketplace product-id-type zshop-shipping-fee item-note item-condition zshop-category1 zshop-browse-path zshop-storefront-feature asin1 asin2 asin3 will-ship-internationally expedited-shipping zshop-boldface product-id bid-for-featured-placement add-delete pending-quantity fulfillment-channel merchant-shipping-group status".split(
    " ",
  );

export function asinOf(listing: ShelfListing): string {
  return `B0${listing.id.toString(36).toUpperCase().padStart(8, "0")}`;
}

export function listingsTable(market: Market): string | null {
  const listings = Object.values(market.listings).sort((a, b) => a.id - b.id);
  return tableOf(LISTING_COLUMNS, listings.map(listingRow));
}

function listingRow(listing: ShelfListing): Record<string, string> {
  const own = listing.merchantFulfilled;
  const asin = asinOf(listing);
  return {
    "item-name": listing.title,
    "listing-id": String(listing.id).padStart(11, "0"),
    "seller-sku": listing.sku,
    price: "20.00",
    quantity: own ? String(Math.max(0, listing.displayed)) : "",
    "open-date": "01/01/2025 00:00:00 PST",
    "item-is-marketplace": "y",
    // 1 is an ASIN, 3 a UPC, 4 an EAN.
    "product-id-type": listing.barcode === null ? "1" : listing.barcode.length === 12 ? "3" : "4",
    "item-condition": "11",
    asin1: asin,
    "product-id": listing.barcode ?? asin,
    "pending-quantity": own ? "0" : "",
    "fulfillment-channel": own ? "DEFAULT" : "AMAZON_NA",
    "merchant-shipping-group": "Migrated Template",
    status: listing.displayed > 0 ? "Active" : "Inactive",
  };
}

/** GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE, with what the product must not keep. */
const RETURN_COLUMNS = [
  "Order ID",
  "Order date",
  "Return request date",
  "Return request status",
  "Amazon RMA ID",
  "Merchant RMA ID",
  "Label type",
  "Label cost",
  "Currency code",
  "Return carrier",
  "Tracking ID",
  "Label to be paid by",
  "A-to-Z Claim",
  "Is prime",
  "ASIN",
  "Merchant SKU",
  "Item Name",
  "Return quantity",
  "Return Reason",
  "In policy",
  "Return type",
  "Resolution",
  "Invoice number",
  "Return delivery date",
  "Order Amount",
  "Order quantity",
];

export function returnsTable(market: Market, start: number, end: number): string | null {
  const rows = Object.values(market.returns)
    .filter((back) => back.createdAt >= start && back.createdAt <= end)
    .flatMap((back) => back.lines.map((line) => returnRow(market, back, line)));
  return rows.length > 0 ? tableOf(RETURN_COLUMNS, rows) : null;
}

function returnRow(
  market: Market,
  back: MarketReturn,
  line: MarketReturn["lines"][number],
): Record<string, string> {
  const order = market.orders[back.order];
  const listing = market.listings[line.sku];
  return {
    "Order ID": back.order,
    "Order date": dayOf(order?.createdAt ?? back.createdAt),
    "Return request date": dayOf(back.createdAt),
    "Return request status": back.stage === "closed" ? "Closed" : "Approved",
    "Amazon RMA ID": `D${back.id.padStart(8, "0")}RRMA`,
    "Label type": "AmazonUnPaidLabel",
    "Tracking ID": "1Z555Sample",
    ASIN: listing ? asinOf(listing) : "",
    "Merchant SKU": line.sku,
    "Item Name": listing?.title ?? "",
    "Return quantity": String(line.quantity),
    "Return Reason": "CR-UNWANTED_ITEM",
    "In policy": "Y",
    "Return type": "C-Returns",
    Resolution: "StandardRefund",
    "Return delivery date": back.stage === "arrived" ? dayOf(back.updatedAt) : "",
  };
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function dayOf(at: number): string {
  const date = new Date(at);
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${day}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()}`;
}

function tableOf(columns: readonly string[], rows: readonly Record<string, string>[]): string {
  const lines = rows.map((row) => columns.map((name) => row[name] ?? "").join("\t"));
  return [columns.join("\t"), ...lines, ""].join("\r\n");
}
