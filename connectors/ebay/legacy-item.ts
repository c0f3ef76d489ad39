import { z } from "zod";
import type { ListingRecord } from "../connector.ts";
import { AUCTION, barcodeOf } from "./inventory-listings.ts";
import { type Aspect, listingId } from "./listing-id.ts";
import { many } from "./trading.ts";

const count = z.coerce.number().int();

const codesSchema = z
  .object({ UPC: z.string().optional(), EAN: z.string().optional(), ISBN: z.string().optional() })
  .optional();

const variationSchema = z.object({
  SKU: z.string().optional(),
  Quantity: count,
  SellingStatus: z.object({ QuantitySold: count.optional() }).optional(),
  VariationProductListingDetails: codesSchema,
  VariationSpecifics: z
    .object({ NameValueList: many(z.object({ Name: z.string(), Value: z.string() })) })
    .optional(),
});

/** A listing as Trading calls tell of it; all values are texts. */
export const legacyItemSchema = z.object({
  ItemID: z.string(),
  Title: z.string().optional(),
  SKU: z.string().optional(),
  Quantity: count,
  ListingType: z.string().optional(),
  SellingStatus: z.object({ QuantitySold: count.optional(), ListingStatus: z.string().optional() }),
  ProductListingDetails: codesSchema,
  Variations: z.object({ Variation: many(variationSchema) }).optional(),
});

export type LegacyItem = z.infer<typeof legacyItemSchema>;

/** What can be bought of one listing, or of one variation of it. */
export interface LegacyOffer {
  externalId: string;
  item: string;
  sku: string;
  available: number;
  barcode: string | null;
  /** What tells a variation from its sisters; empty for a listing without variations. */
  aspects: Aspect[];
}

/** eBay's Quantity is what was ever put on sale: what was sold is still in it. */
function availableOf(one: {
  Quantity: number;
  SellingStatus?: { QuantitySold?: number | undefined } | undefined;
}) {
  return Math.max(0, one.Quantity - (one.SellingStatus?.QuantitySold ?? 0));
}

export function legacyOffers(item: LegacyItem): LegacyOffer[] {
  const variations = item.Variations?.Variation ?? [];
  if (variations.length === 0) {
    const sku = item.SKU ?? "";
    const barcode = barcodeOf(Object.values(item.ProductListingDetails ?? {}));
    const externalId = listingId({ item: item.ItemID, sku });
    const available = availableOf(item);
    return [{ externalId, item: item.ItemID, sku, available, barcode, aspects: [] }];
  }
  return variations.map((one) => {
    const sku = one.SKU ?? "";
    const listed = one.VariationSpecifics?.NameValueList ?? [];
    const aspects = listed.map(({ Name, Value }) => ({ name: Name, value: Value }));
    return {
      externalId: listingId({ item: item.ItemID, sku, aspects }),
      item: item.ItemID,
      sku,
      available: availableOf(one),
      barcode: barcodeOf(Object.values(one.VariationProductListingDetails ?? {})),
      aspects,
    };
  });
}

/** Formats whose number a merchant may change while they run. */
const FIXED_PRICE = new Set(["FixedPriceItem", "StoresFixedPrice"]);

export function legacyRecords(item: LegacyItem, staysAtZero: boolean): ListingRecord[] {
  return legacyOffers(item).map((offer) => ({
    externalId: offer.externalId,
    sku: offer.sku,
    title: titleOf(item, offer),
    quantity: offer.available,
    barcode: offer.barcode,
    merchantFulfilled: true,
    unpushable: unpushableBecause(item, offer, staysAtZero),
    group: item.ItemID,
    stockId: null,
    handle: { world: "legacy", itemId: item.ItemID, sku: offer.sku },
  }));
}

function titleOf(item: LegacyItem, { aspects }: LegacyOffer): string {
  const title = item.Title ?? item.ItemID;
  return aspects.length === 0 ? title : `${title}: ${aspects.map((one) => one.value).join(", ")}`;
}

function unpushableBecause(item: LegacyItem, offer: LegacyOffer, staysAtZero: boolean) {
  if (!FIXED_PRICE.has(item.ListingType ?? "FixedPriceItem")) return AUCTION;
  if (offer.aspects.length > 0 && offer.sku === "") {
    return "a variation without a SKU cannot be named to eBay: give it one there";
  }
  if (!staysAtZero) {
    return "eBay would end this listing at 0: turn on out-of-stock control in eBay's preferences";
  }
  return null;
}
