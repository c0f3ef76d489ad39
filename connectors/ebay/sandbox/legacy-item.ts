import type { ShelfListing } from "../../sandbox/market.ts";
import { aspectsOf, hasVariations, itemIdOf, shown, skuOf } from "./shelf.ts";
import type { EbayState } from "./state.ts";
import { element } from "./xml.ts";

/** A listing as Trading calls show it: its Quantity has everything in it that was sold. */
export function legacyItem(state: EbayState, listings: readonly ShelfListing[]): string {
  const [first] = listings;
  if (!first) throw new Error("an item has a listing");
  const quantity = sum(listings.map((one) => quantityOf(state, one)));
  const varied = hasVariations(state.market, first);
  return element("Item", [
    element("ItemID", itemIdOf(first)),
    element("Title", varied ? first.product.replace(/^~/, "") : first.title),
    ...(varied || skuOf(first) === "" ? [] : [element("SKU", skuOf(first))]),
    element("ListingType", "FixedPriceItem"),
    element("ListingDuration", "GTC"),
    element("Quantity", quantity),
    ...(varied || first.barcode === null ? [] : [codes("ProductListingDetails", first.barcode)]),
    element("SellingStatus", [
      element("QuantitySold", sum(listings.map((one) => soldOf(state, one)))),
      element("ListingStatus", state.ended.includes(first.sku) ? "Ended" : "Active"),
    ]),
    ...(varied
      ? [
          element(
            "Variations",
            listings.map((one) => variation(state, one)),
          ),
        ]
      : []),
  ]);
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

function codes(name: string, barcode: string): string {
  return element(name, [element(barcode.length === 12 ? "UPC" : "EAN", barcode)]);
}

function variation(state: EbayState, listing: ShelfListing): string {
  const { barcode } = listing;
  return element("Variation", [
    ...(skuOf(listing) === "" ? [] : [element("SKU", skuOf(listing))]),
    element("Quantity", quantityOf(state, listing)),
    element("SellingStatus", [element("QuantitySold", soldOf(state, listing))]),
    ...(barcode === null ? [] : [codes("VariationProductListingDetails", barcode)]),
    element(
      "VariationSpecifics",
      aspectsOf(listing).map(({ name, value }) =>
        element("NameValueList", [element("Name", name), element("Value", value)]),
      ),
    ),
  ]);
}

const quantityOf = (state: EbayState, listing: ShelfListing) =>
  shown(listing) + soldOf(state, listing);

function soldOf({ market }: EbayState, { sku }: ShelfListing): number {
  const lines = Object.values(market.orders).flatMap((order) => order.lines);
  return sum(lines.filter((line) => line.sku === sku).map((line) => line.quantity));
}
